"""The views that one session has on show, all fed by one hub."""

from __future__ import annotations

from collections.abc import Sequence

import anywidget

from k8s_magic.cluster import Cluster
from k8s_magic.widgets.grid import Grid
from k8s_magic.widgets.hub import Hub
from k8s_magic.widgets.rollout import Rollout
from k8s_magic.widgets.traffic import Traffic


class Views:
    def __init__(self, cluster: Cluster, language: str = "") -> None:
        self.hub = Hub(cluster)
        self._language = language
        self._shown: list[anywidget.AnyWidget] = []

    def grid(self, namespace: str = "", *, language: str = "", filter: str = "", select: str = "") -> Grid:
        view = Grid(self.hub, namespace, language=language or self._language, filter=filter, select=select)
        self._shown.append(view)
        return view

    def rollout(self, names: Sequence[str] = (), namespace: str = "", *, language: str = "") -> Rollout:
        view = Rollout(self.hub, names, namespace, language=language or self._language)
        self._shown.append(view)
        return view

    def traffic(self, namespace: str = "", service: str = "", *, language: str = "") -> Traffic:
        view = Traffic(self.hub, namespace, service, language=language or self._language)
        self._shown.append(view)
        return view

    def speak(self, language: str) -> None:
        """The language of all views, those on show included."""
        self._language = language
        for view in self._shown:
            view.set_trait("language", language)

    def follow(self, cluster: Cluster) -> None:
        """Show another cluster from now on, in the same views."""
        self.hub.follow(cluster)

    def close(self) -> None:
        self.hub.close()
