"""What the node and Pod grid costs a browser: CPU a frame, steadiness, bytes and messages a second.

    python benchmarks/browser.py [PODS …]       (default 4 100 1000 10000)

One frame in 125 ms, each with one Pod in a hundred changed (at least one), as in a busy rollout. CPU is that of all
of Chromium's processes, drawing included; on a machine without a graphics card drawing is most of it.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "browser"))

from jupyter_lab import CHROMIUM, FLAGS
from plain_page import PlainPage
from playwright.sync_api import Browser, sync_playwright

from k8s_magic.widgets import frames
from k8s_magic.widgets.hub import RATE, SNAPSHOT_EVERY
from k8s_magic.widgets.pod_state import State
from k8s_magic.widgets.records import Changes, NodeBox, PodCell

FRAMES = 48
LIFE: tuple[State, ...] = ("creating", "running", "ready", "ready", "ready", "terminating")


def picture(pods: int) -> Changes:
    """A cluster at rest, as a scene hands it out."""
    nodes = max(3, min(100, pods // 30))
    boxes = {
        name: NodeBox(name, "", True, False, (), (1500, 4000), (2 << 30, 8 << 30), (pods // nodes, 200))
        for name in (f"node-{number}" for number in range(1, nodes + 1))
    }
    cells = {}
    for number in range(pods):
        uid = f"00000000-0000-4000-8000-{number:012d}"
        node = f"node-{number % nodes + 1}"
        name = f"web-6d4cf56db6-{number:05x}"
        cells[uid] = PodCell(
            uid, "default", name, node, number // nodes, "ready", "Running", f"Deployment/web-{number % 7}",
            "6d4cf56db6", number % 9 == 0, 0, 1, 1, 0,
        )  # fmt: skip
    labels = {0: {"app": "web", "pod-template-hash": "6d4cf56db6"}}
    return Changes(nodes=boxes, pods=cells, labels=labels, services={"default/web": {"app": "web"}})


def stream(pods: int) -> list[str]:
    """A key frame and the frames that follow it."""
    whole = picture(pods)
    sent = [frames.encode(whole, seq=1, key=True, now=0, speed=1.0, paused=False)]
    uids = list(whole.pods)
    for number in range(1, FRAMES + 1):
        changed = {}
        for index in range(max(1, pods // 100)):
            uid = uids[(number * 7919 + index * 104729) % pods]
            changed[uid] = replace(whole.pods[uid], state=LIFE[(number + index) % len(LIFE)])
        sent.append(
            frames.encode(
                Changes(pods=changed), seq=number + 1, key=False, now=number * 125_000, speed=1.0, paused=False
            )
        )
    return [frame.decode() for frame in sent]


RUN = """async (frames) => {
    const [first, ...rest] = frames;
    const began = performance.now();
    store.accept(JSON.parse(first));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const start = performance.now() - began;
    const gaps = [];
    let last = performance.now(), running = true;
    const beat = (now) => { gaps.push(now - last); last = now; if (running) requestAnimationFrame(beat); };
    requestAnimationFrame(beat);
    window.begin();
    for (const text of rest) {
        const until = performance.now() + 125;
        store.accept(JSON.parse(text));
        await new Promise((done) => setTimeout(done, Math.max(0, until - performance.now())));
    }
    running = false;
    gaps.sort((a, b) => a - b);
    return { start, fps: 1000 / (gaps.reduce((a, b) => a + b, 0) / gaps.length), worst: gaps.at(-1),
             mode: document.querySelector('.k8sm-grid').dataset.mode };
}"""


def measure(browser: Browser, pods: int) -> str:
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    page = PlainPage(context.new_page())
    page.mount()
    devtools = browser.new_browser_cdp_session()

    def cpu() -> float:
        return sum(process["cpuTime"] for process in devtools.send("SystemInfo.getProcessInfo")["processInfo"])

    marks: list[float] = []
    page.page.expose_function("begin", lambda: marks.append(cpu()))
    texts = stream(pods)
    result = page.page.evaluate(RUN, texts)
    spent = (cpu() - marks[0]) * 1000 / FRAMES
    size = sum(len(text) for text in texts[1:]) / FRAMES
    saved = len(frames.snapshot(picture(pods), now=0, more={}))
    context.close()
    assert page.errors == [], page.errors
    return (
        f"{pods:>6}  {result['mode']:8}  {result['start']:7.0f} ms  {spent:6.1f} ms  {result['fps']:5.1f}  "
        f"{result['worst']:5.0f} ms  {size * RATE / 1000:8.1f} kB/s  {RATE + 1 / SNAPSHOT_EVERY:5.2f}/s  "
        f"{len(texts[0]) / 1000:8.0f} kB  {saved / 1000:6.0f} kB"
    )


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or [4, 100, 1000, 10000]
    print("  Pods  drawn as   first pic.  CPU/frame    fps  longest  messages of      msgs.   key frame  saved")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium") or CHROMIUM, args=FLAGS)
        for pods in sizes:
            print(measure(browser, pods), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
