"""The views that one session has on show, all fed by one hub."""

from __future__ import annotations

from collections.abc import Sequence

from k8s_magic.cluster import Cluster
from k8s_magic.widgets.grid import Grid
from k8s_magic.widgets.hub import Hub
from k8s_magic.widgets.rollout import Rollout
from k8s_magic.widgets.traffic import Traffic


class Views:
    def __init__(self, cluster: Cluster) -> None:
        self.hub = Hub(cluster)

    def grid(self, namespace: str = "") -> Grid:
        return Grid(self.hub, namespace)

    def rollout(self, names: Sequence[str] = (), namespace: str = "") -> Rollout:
        return Rollout(self.hub, names, namespace)

    def traffic(self, namespace: str = "", service: str = "") -> Traffic:
        return Traffic(self.hub, namespace, service)

    def follow(self, cluster: Cluster) -> None:
        """Show another cluster from now on, in the same views."""
        self.hub.follow(cluster)

    def close(self) -> None:
        self.hub.close()
