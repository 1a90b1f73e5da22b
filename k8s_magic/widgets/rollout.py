"""Rollout progress: a live widget, and the same instant as a picture and as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import anywidget
import traitlets

from k8s_magic.widgets import rollout_svg, rollout_text
from k8s_magic.widgets.hub import STATIC, Hub
from k8s_magic.widgets.rollout_scene import Bar, RolloutScene


class Rollout(anywidget.AnyWidget):
    """Shape: `hub` is the hub_id of the model that carries the frames; `names` of Deployments, none for all;
    `namespace` "" for all namespaces; `language` "" is the browser's."""

    _esm = STATIC / "views.js"
    _css = STATIC / "views.css"
    view = traitlets.Unicode("rollout").tag(sync=True)
    hub = traitlets.Unicode().tag(sync=True)
    namespace = traitlets.Unicode("").tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    language = traitlets.Unicode("").tag(sync=True)

    def __init__(self, hub: Hub, names: Sequence[str] = (), namespace: str = "", *, language: str = "") -> None:
        super().__init__(hub=hub.hub_id, names=list(names), namespace=namespace, language=language)
        self._hub = hub
        self._scene()

    def _scene(self) -> RolloutScene:
        return cast(RolloutScene, self._hub.source("rollouts", lambda stage: RolloutScene(stage.context)))

    def _bars(self) -> list[Bar]:
        return self._scene().bars(self.namespace, tuple(self.names))

    def svg(self) -> str:
        with self._hub.stage.look():
            return rollout_svg.render(self._bars(), self._hub.stage.context.kernel.now, self.language)

    def text(self) -> str:
        with self._hub.stage.look():
            return rollout_text.render(self._bars(), self.language)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        with self._hub.stage.look():
            bars, now = self._bars(), self._hub.stage.context.kernel.now
            text = rollout_text.render(bars, self.language)
            more = {"text/plain": text, "text/html": rollout_svg.as_html(bars, now, self.language)}
        return {**(data or {}), **more}, metadata
