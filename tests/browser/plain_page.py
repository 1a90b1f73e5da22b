"""The views in a page without Jupyter, fed with frames of a real cluster: fast, and every instant is one picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

import k8s_magic
from k8s_magic.cluster import Cluster
from k8s_magic.widgets import frames
from k8s_magic.widgets.records import Changes
from k8s_magic.widgets.scene import Scene

STATIC = Path(k8s_magic.__file__).parent / "widgets" / "static"
ADDRESS = "http://views.test/"
# `window.opened` counts what a view leaves behind: listeners, timers and observers that were not ended.
HTML = """<!doctype html><html lang="en"><title>Views</title><link rel="stylesheet" href="views.css">
<style>body{margin:0;padding:16px}h1{position:absolute;left:-999px}</style>
<body><main><h1>Views</h1><div id="view"></div></main>
<script>
window.opened = { listeners: 0, timers: 0, observers: 0, frames: 0 };
for (const [start, stop] of [["setInterval", "clearInterval"], ["setTimeout", "clearTimeout"]]) {
  const open = new Set(); const [begin, end] = [window[start], window[stop]];
  window[start] = (f, ...rest) => {
    const id = begin((...args) => { if (start === "setTimeout") open.delete(id); f(...args); }, ...rest);
    open.add(id); return id;
  };
  window[stop] = (id) => { open.delete(id); end(id); };
  window.opened[start] = () => open.size;
}
const { addEventListener: add, removeEventListener: drop } = EventTarget.prototype;
const page = [window, document, document.body];
const global = (target) => page.includes(target) || target instanceof MediaQueryList;
EventTarget.prototype.addEventListener = function (type, f, options) {
  if (global(this)) window.opened.listeners += 1;
  return add.call(this, type, f, options);
};
EventTarget.prototype.removeEventListener = function (type, f, options) {
  if (global(this)) window.opened.listeners -= 1;
  return drop.call(this, type, f, options);
};
for (const name of ["MutationObserver", "ResizeObserver"]) {
  const Base = window[name];
  window[name] = class extends Base {
    observe(...args) { if (!this.on) window.opened.observers += 1; this.on = true; super.observe(...args); }
    disconnect() { if (this.on) window.opened.observers -= 1; this.on = false; super.disconnect(); }
  };
}
</script>
<script type="module">
import * as views from "./views.js";
window.views = views;
window.store = new views.Store();
window.sent = [];
window.store.send = (message) => window.sent.push(message);
window.ready = true;
</script></body></html>"""


class PlainPage:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.seq = 0
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.route(f"{ADDRESS}**", self._serve)
        page.goto(ADDRESS)
        page.wait_for_function("window.ready")

    def _serve(self, route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS).partition("?")[0]
        if not name:
            route.fulfill(body=HTML, content_type="text/html; charset=utf-8")
        elif name in ("views.js", "views.css"):
            kind = "text/javascript" if name.endswith("js") else "text/css"
            route.fulfill(body=(STATIC / name).read_text("utf-8"), content_type=f"{kind}; charset=utf-8")
        else:
            route.fulfill(status=204)

    def mount(self, **options: Any) -> None:
        self.page.evaluate(
            "o => { window.unmount = window.views.mountGrid(document.getElementById('view'), store, o); }", options
        )

    def feed(self, scene: Scene, *, key: bool = False, speed: float = 0.0, paused: bool = False) -> None:
        """What the hub would send now."""
        changes: Changes = scene.take()
        if key or not self.seq:
            changes, key = scene.whole(), True
        self.seq += 1
        frame = frames.encode(changes, seq=self.seq, key=key, now=scene.now, speed=speed, paused=paused)
        self.page.evaluate("f => store.accept(f)", json.loads(frame))

    def shoot(self, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        self.page.locator(".k8sm").first.screenshot(path=path)


def crowd(cluster: Cluster, pods: int, name: str = "web", more: str = "") -> None:
    """Let a Deployment of many Pods come to rest."""
    cluster.kubectl(f"create deployment {name} --image=nginx --replicas={pods} {more}")
    cluster.run(60)
