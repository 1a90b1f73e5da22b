"""Service traffic: a live widget, and the same instant as a picture, as text, and as a figure for print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from k8s_magic.widgets import traffic_svg, traffic_text
from k8s_magic.widgets.hub import STATIC, Hub
from k8s_magic.widgets.traffic_source import NAME, TrafficSource, trimmed

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Traffic(anywidget.AnyWidget):
    """Shape: `hub` is the hub_id of the model that carries the frames; "" shows all namespaces and Services;
    `language` "" is the browser's."""

    _esm = STATIC / "views.js"
    _css = STATIC / "views.css"
    view = traitlets.Unicode(NAME).tag(sync=True)
    hub = traitlets.Unicode().tag(sync=True)
    namespace = traitlets.Unicode("").tag(sync=True)
    service = traitlets.Unicode("").tag(sync=True)
    language = traitlets.Unicode("").tag(sync=True)

    def __init__(self, hub: Hub, namespace: str = "", service: str = "", *, language: str = "") -> None:
        super().__init__(hub=hub.hub_id, namespace=namespace, service=service, language=language)
        self._hub = hub
        self._source()
        self.on_msg(self._on_message)

    def _source(self) -> TrafficSource:
        source = self._hub.source(NAME, TrafficSource)
        assert isinstance(source, TrafficSource), "the name belongs to this view"
        return source

    def _on_message(self, _: Any, content: Any, buffers: Any) -> None:
        kind = content.get("type") if isinstance(content, dict) else None
        if kind == "shown":
            self._source().show(str(content.get("viewer", "")))
        elif kind == "hidden":
            self._source().hide(str(content.get("viewer", "")))

    def reports(self) -> list[dict[str, Any]]:
        """The figures that are on show, as plain data."""
        with self._hub.stage.look():
            return [trimmed(report) for report in self._source().reports(self.namespace, self.service)]

    def svg(self) -> str:
        return traffic_svg.render(self.reports(), self.language, self.service)

    def text(self) -> str:
        return traffic_text.render(self.reports(), self.language, self.service)

    def figure(self) -> Figure:
        """The histogram drawn by matplotlib, for print: `view.figure().savefig("traffic.pdf")`."""
        from k8s_magic.widgets import traffic_figure

        return traffic_figure.draw(self.reports(), self.language, self.service)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        what = self.reports(), self.language, self.service
        more = {"text/plain": traffic_text.render(*what), "text/html": traffic_svg.as_html(*what)}
        return {**(data or {}), **more}, metadata
