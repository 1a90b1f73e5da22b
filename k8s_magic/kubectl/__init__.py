"""kubectl: its commands, flags, output, errors and exit codes over any Transport.

Owns command lines, their printing and the kubeconfig. Refuses to know a cluster but through its Transport, and any
file but through its Streams. May import `client` and everything below.

    main(argv, transport, streams)       run one command line (without the leading `kubectl`); the exit code
    complete(argv, transport, streams)   candidates for its last word
"""

from k8s_magic.kubectl.completion import complete
from k8s_magic.kubectl.main import main
from k8s_magic.kubectl.streams import DiskFiles, Elsewhere, Files, Forward, MemoryFiles, Streams, new_config

__all__ = ["DiskFiles", "Elsewhere", "Files", "Forward", "MemoryFiles", "Streams", "complete", "main", "new_config"]
