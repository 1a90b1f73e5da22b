"""A simulated Kubernetes cluster inside a Jupyter notebook.

    %load_ext k8s_magic
    %kubectl get nodes

From Python: `k8s_magic.Cluster(nodes=3, seed=0).kubectl("get nodes").text`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from k8s_magic.cluster import Cluster as Cluster
    from k8s_magic.cluster import Result as Result

__version__ = "0.1.0"
__all__ = ["Cluster", "Result", "load_ipython_extension", "unload_ipython_extension"]


def __getattr__(name: str) -> Any:
    """Loads what is asked for: a plain `import k8s_magic` costs nothing."""
    if name in ("Cluster", "Result"):
        from k8s_magic import cluster

        return getattr(cluster, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_ipython_extension(shell: Any) -> None:
    """Called by `%load_ext k8s_magic`."""
    from k8s_magic import magics

    magics.load_ipython_extension(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Called by `%unload_ext k8s_magic`."""
    from k8s_magic import magics

    magics.unload_ipython_extension(shell)
