"""The node and Pod grid: a live widget, and the same instant as a picture and as text."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from k8s_magic.widgets import grid_svg, grid_text
from k8s_magic.widgets.hub import STATIC, Hub


class Grid(anywidget.AnyWidget):
    """Shape: `hub` is the hub_id of the model that carries the frames; `namespace` "" shows all namespaces;
    `language` "" is the browser's; `filter` and `select` are texts as the view's fields take them."""

    _esm = STATIC / "views.js"
    _css = STATIC / "views.css"
    view = traitlets.Unicode("grid").tag(sync=True)
    hub = traitlets.Unicode().tag(sync=True)
    namespace = traitlets.Unicode("").tag(sync=True)
    language = traitlets.Unicode("").tag(sync=True)
    filter = traitlets.Unicode("").tag(sync=True)
    select = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self, hub: Hub, namespace: str = "", *, language: str = "", filter: str = "", select: str = ""
    ) -> None:
        super().__init__(hub=hub.hub_id, namespace=namespace, language=language, filter=filter, select=select)
        self._hub = hub

    def svg(self) -> str:
        with self._hub.stage.look():
            self._hub.scene.update()
            return grid_svg.render(self._hub.scene, self.language)

    def text(self) -> str:
        with self._hub.stage.look():
            self._hub.scene.update()
            return grid_text.render(self._hub.scene, self.language)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        with self._hub.stage.look():
            scene = self._hub.scene
            scene.update()
            text, html = grid_text.render(scene, self.language), grid_svg.as_html(scene, self.language)
        return {**(data or {}), "text/plain": text, "text/html": html}, metadata
