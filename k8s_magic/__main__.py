"""`python -m k8s_magic` opens a terminal's IPython with the extension loaded.

`… kubectl ARGUMENTS` runs one line, `… serve --kubeconfig FILE` answers on a port.
"""

from __future__ import annotations

import sys


def main() -> int:
    if sys.argv[1:2] == ["kubectl"]:
        from k8s_magic.cluster import Cluster
        from k8s_magic.magics.keyboard import NotebookKeyboard
        from k8s_magic.magics.session import show
        from k8s_magic.runtime.contract import readable

        def write(stream: str, text: str) -> None:
            show(stream, readable(text))

        return Cluster().kubectl(sys.argv[2:], keyboard=NotebookKeyboard(), on_output=write).exit_code
    if sys.argv[1:2] == ["serve"]:
        from k8s_magic import serve

        return serve.main(sys.argv[2:])
    from IPython import start_ipython
    from traitlets.config import Config

    config = Config()
    config.InteractiveShellApp.extensions = ["k8s_magic"]
    config.TerminalInteractiveShell.banner2 = "A simulated Kubernetes cluster is ready: try %kubectl get nodes\n"
    start_ipython(argv=sys.argv[1:], config=config)
    return 0


if __name__ == "__main__":
    sys.exit(main())
