"""The views that one session has on show, all fed by one hub."""

from __future__ import annotations

from k8s_magic.cluster import Cluster
from k8s_magic.widgets.grid import Grid
from k8s_magic.widgets.hub import Hub


class Views:
    def __init__(self, cluster: Cluster) -> None:
        self.hub = Hub(cluster)

    def grid(self, namespace: str = "") -> Grid:
        return Grid(self.hub, namespace)

    def follow(self, cluster: Cluster) -> None:
        """Show another cluster from now on, in the same views."""
        self.hub.follow(cluster)

    def close(self) -> None:
        self.hub.close()
