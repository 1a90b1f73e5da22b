"""A real simulated rollout of many Pods drawn in the grid: what it costs the browser, the wire and the kernel.

    python benchmarks/rollout_in_browser.py [PODS [NODES]]       (default 10000 500)

A process of its own plays the kernel: a live cluster with its hub, whose frames go to Chromium through a WebSocket as
Jupyter's do. Printed every few seconds, first for the cluster at rest and then for the rolling update:

    simul.           simulated seconds that passed
    fps, 99 %, …     pictures drawn a second, and how long the slowest hundredth and the slowest one took
    CPU/frame        of all of Chromium's processes, for each picture drawn
    messages, bytes  a second; the largest message
    kernel           the CPU of the kernel's process
    locked out       the longest time for which the kernel's main thread could not run, since another held Python's lock
    kubectl          the longest time for which somebody waited for `kubectl rollout status --watch=false`
"""

from __future__ import annotations

import asyncio
import multiprocessing
import shutil
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "browser"))

from jupyter_lab import CHROMIUM, FLAGS
from plain_page import PlainPage
from playwright.sync_api import Browser, Page, sync_playwright
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketHandler

from k8s_magic.cluster import Cluster
from k8s_magic.sim.time import SECOND
from k8s_magic.widgets.hub import Hub

REST = 5.0  # seconds
LONGEST = 300.0  # seconds
BEAT = 0.005  # seconds between two looks at whether the kernel's main thread may run
ASK = 1.0  # seconds between two questions to kubectl

# The page comes from no machine, and would have to ask a person before it opens a socket to this one.
SOCKETS = "--disable-features=LocalNetworkAccessChecks"

CONNECT = """async (port) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
    socket.binaryType = "arraybuffer";
    const decoder = new TextDecoder();
    socket.onmessage = (event) => store.accept(JSON.parse(decoder.decode(event.data)));
    window.gaps = [];
    let last = performance.now();
    const beat = (now) => { window.gaps.push(now - last); last = now; requestAnimationFrame(beat); };
    requestAnimationFrame(beat);
    socket.onerror = () => console.error("the socket failed");
    while (!store.frames) await new Promise((done) => setTimeout(done, 20));
}"""
TAKE = "() => window.gaps.splice(0)"


class Kernel:
    """Runs in its own process. Answers on the pipe: "figures" since the last time, "start" of the update, "stop"."""

    def __init__(self, pipe: Connection, pods: int, nodes: int) -> None:
        self.pipe = pipe
        began = time.process_time()
        self.cluster = Cluster(nodes=nodes, live=True)
        self.cluster.kubectl(f"create deployment web --image=nginx --replicas={pods}")
        for _ in range(60):
            self.cluster.run(5)
            if f"{pods}/{pods}" in self.cluster.kubectl("get deployment web").stdout:
                break
        self.hub = Hub(self.cluster)
        self.built = time.process_time() - began
        self.sockets: list[WebSocketHandler] = []
        self.done = threading.Event()
        self.reset()

    def reset(self) -> None:
        self.began, self.cpu, self.simulated = time.monotonic(), time.process_time(), self.now
        self.messages = self.size = self.largest = 0
        self.lag = 0.0
        self.asked: list[float] = []

    @property
    def now(self) -> float:
        """Simulated seconds, without waiting for the cluster's lock."""
        return self.cluster.context.kernel.now / SECOND

    def figures(self) -> dict[str, Any]:
        wall = time.monotonic() - self.began
        found = {
            "wall": wall,
            "simulated": self.now - self.simulated,
            "messages": self.messages / wall,
            "bytes": self.size / wall,
            "largest": self.largest,
            "cpu": (time.process_time() - self.cpu) / wall,
            "lag": self.lag,
            "asked": max(self.asked, default=0.0),
        }
        self.reset()
        return found

    async def run(self) -> None:
        loop, kernel = asyncio.get_running_loop(), self

        class Handler(WebSocketHandler):
            def check_origin(self, origin: str) -> bool:
                return True

            def open(self, *words: str) -> None:
                kernel.sockets.append(self)
                kernel.hub._on_message(None, {"type": "hello"}, [])

        def write(frame: bytes) -> None:
            for socket in self.sockets:
                socket.write_message(frame, binary=True)

        def send(content: Any, buffers: Any = None) -> None:
            if buffers:
                self.messages += 1
                self.size += len(buffers[0])
                self.largest = max(self.largest, len(buffers[0]))
                loop.call_soon_threadsafe(write, buffers[0])

        self.hub.send = send
        server = HTTPServer(Application([("/", Handler)]))
        server.add_sockets(bind_sockets(0, "127.0.0.1"))
        port = next(iter(server._sockets.values())).getsockname()[1]
        self.pipe.send({"port": port, "built": self.built})
        threading.Thread(target=self.ask, daemon=True).start()
        while not self.done.is_set():
            before = time.monotonic()
            await asyncio.sleep(BEAT)
            self.lag = max(self.lag, time.monotonic() - before - BEAT)
            if self.pipe.poll():
                self.obey(self.pipe.recv())
        self.hub.close()

    def obey(self, word: str) -> None:
        if word == "stop":
            self.done.set()
        elif word == "start":
            threading.Thread(target=self.cluster.kubectl, args=["set image deployment/web nginx=nginx:1.26"]).start()
        else:
            self.pipe.send(self.figures())

    def ask(self) -> None:
        """As a person who looks how far the rollout is."""
        while not self.done.wait(ASK):
            before = time.monotonic()
            self.said = self.cluster.kubectl("rollout status deployment/web --watch=false").stdout
            self.asked.append(time.monotonic() - before)
            if (
                "successfully" in self.said
                and self.cluster.kubectl("rollout history deployment/web").stdout.count("\n") > 4
            ):
                self.pipe.send("done")
                return


def play(pipe: Connection, pods: int, nodes: int) -> None:
    asyncio.run(Kernel(pipe, pods, nodes).run())


class Meter:
    """The browser's and the kernel's figures since the last line."""

    def __init__(self, browser: Browser, page: Page, pipe: Connection) -> None:
        self.devtools = browser.new_browser_cdp_session()
        self.page, self.pipe = page, pipe
        self.spent = self.cpu()
        self.is_done = False

    def cpu(self) -> float:
        return sum(one["cpuTime"] for one in self.devtools.send("SystemInfo.getProcessInfo")["processInfo"])

    def figures(self) -> dict[str, Any]:
        self.pipe.send("figures")
        while not isinstance(found := self.pipe.recv(), dict):
            self.is_done = True
        now = self.cpu()
        gaps = sorted(self.page.evaluate(TAKE)) or [0.0]
        found |= {
            "drawn": len(gaps),
            "fps": 1000 * len(gaps) / max(1, sum(gaps)),
            "worst": gaps[-1],
            "late": gaps[int(0.99 * (len(gaps) - 1))],
            "frame": 1000 * (now - self.spent) / len(gaps),
            "browser": (now - self.spent) / found["wall"],
        }
        self.spent = now
        return found


HEAD = (
    "           wall   simul.     fps    99 %  longest  CPU/frame  browser  messages        bytes   largest   kernel"
    "  locked out  kubectl"
)


def line(name: str, found: dict[str, Any]) -> str:
    return (
        f"{name:8} {found['wall']:5.1f} s  {found['simulated']:5.1f} s  {found['fps']:6.1f}  {found['late']:3.0f} ms  "
        f"{found['worst']:4.0f} ms  {found['frame']:6.1f} ms  {found['browser']:6.0%}  {found['messages']:6.1f}/s  "
        f"{found['bytes'] / 1000:6.0f} kB/s  {found['largest'] / 1000:5.0f} kB  {found['cpu']:6.0%}  "
        f"{found['lag'] * 1000:7.0f} ms  {found['asked']:5.1f} s"
    )


def summed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """All rows as one: sums of times, means of rates, and the worst of what is worst."""
    wall, drawn = sum(row["wall"] for row in rows), sum(row["drawn"] for row in rows)
    found = {name: max(row[name] for row in rows) for name in ("worst", "late", "largest", "lag", "asked")}
    for name in ("messages", "bytes", "cpu", "browser", "fps"):
        found[name] = sum(row[name] * row["wall"] for row in rows) / wall
    frame = sum(row["frame"] * row["drawn"] for row in rows) / drawn
    return {**found, "wall": wall, "drawn": drawn, "frame": frame, "simulated": sum(row["simulated"] for row in rows)}


def main() -> None:
    pods, nodes = ([int(word) for word in sys.argv[1:]] + [10000, 500][len(sys.argv) - 1 :])[:2]
    pipe, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=play, args=(theirs, pods, nodes), daemon=True)
    process.start()
    theirs.close()
    ready = pipe.recv()
    print(f"{pods} Pods on {nodes} nodes, made in {ready['built']:.1f} s of CPU", flush=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or CHROMIUM, args=[*FLAGS, SOCKETS]
        )
        page = PlainPage(browser.new_context(viewport={"width": 1100, "height": 900}).new_page())
        page.mount()
        began = time.monotonic()
        page.page.evaluate(CONNECT, ready["port"])
        print(f"first picture after {time.monotonic() - began:.2f} s")
        meter = Meter(browser, page.page, pipe)
        print(HEAD)
        time.sleep(1)
        meter.figures()
        page.page.wait_for_timeout(REST * 1000)
        print(line("at rest", meter.figures()), flush=True)
        pipe.send("start")
        began = time.monotonic()
        rows = []
        while not meter.is_done and time.monotonic() - began < LONGEST:
            page.page.wait_for_timeout(REST * 1000)
            rows.append(meter.figures())
            print(line("rollout", rows[-1]), flush=True)
        print(line("in all", summed(rows)))
        pipe.send("stop")
        browser.close()
        assert page.errors == [], page.errors
    process.join(10)


if __name__ == "__main__":
    main()
