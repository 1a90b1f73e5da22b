"""kubectl: its commands, flags, output, errors and exit codes over any Transport.

Owns command lines, their printing and the kubeconfig. Refuses to know a cluster but through its Transport, and any
file but through its Streams. May import `client` and everything below.
"""

from k8s_magic.kubectl.main import main
from k8s_magic.kubectl.streams import DiskFiles, Files, Forward, MemoryFiles, Streams, new_config

__all__ = ["DiskFiles", "Files", "Forward", "MemoryFiles", "Streams", "main", "new_config"]
