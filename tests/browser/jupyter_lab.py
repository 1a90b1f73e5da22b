"""One JupyterLab (or Notebook 7) with a folder, settings and runtime of its own, and a notebook open in it."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Page

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
# A start under load takes long; nothing waits for this unless something is broken.
START = 90
SCREENSHOTS = Path(__file__).parent / "screenshots"
WATCH = Path(__file__).parent / "watch.js"
# So many messages a second are no storm; servers cut a client off at 1,000.
MOST_MESSAGES = 15
# Notebook 7 says this on many a start, of a notebook without a view too: its settings race. Our own
# code reads nothing called `schema`.
# Source: github.com/jupyter/notebook/issues/7862
NOTEBOOK_S_OWN = "Cannot read properties of undefined (reading 'schema')"


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


class Lab:
    """A running JupyterLab, or Notebook 7 if `app` is "notebook".

    `folder` is what it serves, `data` its Jupyter data folder, in which it looks for more kernels.
    """

    def __init__(self, folder: Path, app: str = "lab") -> None:
        self.app = app
        self.data = folder / "data"
        self.folder = folder / "work"
        self.folder.mkdir()
        self.port = free_port()
        self.token = secrets.token_hex(16)
        overrides = folder / "app" / "settings"
        overrides.mkdir(parents=True)
        news = {"fetchNews": "false", "checkForUpdates": False}
        settings = {
            "@jupyterlab/apputils-extension:notification": news,
            "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
        }
        (overrides / "overrides.json").write_text(json.dumps(settings))
        env = {**os.environ, "JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTER_RUNTIME_DIR": str(folder / "run")}
        env |= {"JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"), "IPYTHONDIR": str(folder / "ipython")}
        env["JUPYTER_DATA_DIR"] = str(self.data)
        name = {"lab": "LabApp", "notebook": "JupyterNotebookApp"}[app]
        self._log = (folder / "lab.log").open("w")
        self._process = subprocess.Popen(
            [
                sys.executable, "-m", "jupyter", app, "--no-browser", "--allow-root", f"--port={self.port}",
                f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={self.folder}",
                f"--{name}.expose_app_in_browser=True", f"--{name}.app_settings_dir={overrides}",
                f"--{name}.user_settings_dir={folder / 'settings'}", "--ServerApp.ip=127.0.0.1",
            ],
            env=env, stdout=self._log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        deadline = time.monotonic() + START
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api?token={self.token}", timeout=2).read()
                return
            except OSError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise RuntimeError((folder / "lab.log").read_text()) from None
                time.sleep(0.3)

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._log.close()

    def write(self, cells: list[str], kernel: str = "python3") -> str:
        """A new notebook with code cells; its name."""
        name = f"test-{secrets.token_hex(4)}.ipynb"
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
        notebook.metadata["kernelspec"] = {"name": kernel, "display_name": kernel, "language": "python"}
        nbformat.write(notebook, self.folder / name)
        return name

    def url(self, notebook: str) -> str:
        page = "notebooks" if self.app == "notebook" else "lab/tree"
        return f"http://127.0.0.1:{self.port}/{page}/{notebook}?token={self.token}&reset"


# What the page answers about the notebook that is open in it; cells are asked themselves, since those out of sight are
# not in the document.
CELLS = "window.jupyterapp.shell.currentWidget.content.widgets"
FIRST_PODS = """() => [...(globalThis[Symbol.for('k8s-magic.stores')]?.stores.values() ?? [])]
    .map((store) => [...store.pods.keys()][0])"""
RUN = """([index, source]) => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    const at = index < 0 ? notebook.widgets.length + index : index;
    notebook.activeCellIndex = at;
    // As after Shift-Enter: single letters and arrows are Jupyter's shortcuts.
    notebook.mode = 'command';
    notebook.deselectAll();
    const { model } = notebook.widgets[at];
    if (source !== null) model.sharedModel.setSource(source);
    model.executionCount = null;
    window.jupyterapp.commands.execute('notebook:run-cell');
}"""
IS_DONE = f"""index => /\\[\\d+\\]/.test({CELLS}.at(index).node.querySelector('.jp-InputPrompt').textContent)"""
SAID = f"""index => {CELLS}.at(index).model.outputs.toJSON().map((output) =>
    [output.text ?? output.data?.['text/plain'] ?? output.traceback ?? ''].flat().join('')).join('')"""


class Notebook:
    """One notebook open in a page."""

    def __init__(self, lab: Lab, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.server = lab
        self.errors: list[str] = []
        page.add_init_script(path=WATCH)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self._hear(message))
        page.goto(lab.url(name), timeout=START * 1000)
        page.wait_for_function("window.jupyterapp && window.jupyterapp.restored", timeout=START * 1000)
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=START * 1000)
        page.wait_for_function(
            """async () => {
                const widget = window.jupyterapp.shell.currentWidget;
                const session = widget?.context?.sessionContext;
                if (!session) return false;
                await session.ready;
                const kernel = session.session?.kernel;
                return kernel ? (await kernel.info, true) : false;
            }""",
            timeout=START * 1000,
        )

    def _hear(self, message: Any) -> None:
        # The server's own answers about files that are not there are no errors of ours.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def command(self, name: str, **arguments: Any) -> None:
        # The promise of a command that runs cells stays open as long as they run: it is not waited for.
        self.page.evaluate("([name, args]) => { window.jupyterapp.commands.execute(name, args); }", [name, arguments])

    def run(self, index: int = -1, source: str | None = None) -> None:
        """Run a cell, with other words if they are given, and do not wait."""
        self.page.evaluate(RUN, [index, source])

    def type(self, source: str) -> None:
        """Run this in the last cell, and do not wait."""
        self.run(-1, source)

    def do(self, source: str, seconds: float = 60) -> str:
        """Run this in the last cell; what it printed."""
        self.type(source)
        self.wait_done(seconds=seconds)
        said = self.said()
        assert "Error" not in said, said
        return said

    def start(self, count: int) -> None:
        """Run the first cells, one after the other."""
        for index in range(count):
            self.run(index)
            self.wait_done(index, 90)
            assert "Error" not in self.said(index), self.said(index)

    def is_done(self, index: int = -1) -> bool:
        return bool(self.page.evaluate(IS_DONE, index))

    def wait_done(self, index: int = -1, seconds: float = 60) -> None:
        self.page.wait_for_function(IS_DONE, arg=index, timeout=seconds * 1000)

    def said(self, index: int = -1) -> str:
        """The text below a cell."""
        return str(self.page.evaluate(SAID, index))

    def wait(self, condition: str, argument: Any = None, seconds: float = 60) -> None:
        """Until a function of the page is true."""
        self.page.wait_for_function(condition, arg=argument, timeout=seconds * 1000)

    def interrupt(self) -> None:
        self.command("notebook:interrupt-kernel")

    def theme(self, is_dark: bool) -> None:
        """The page's theme, once every view has it."""
        self.command("apputils:change-theme", theme=f"JupyterLab {'Dark' if is_dark else 'Light'}")
        self.wait(
            """isDark => {
                const views = [...document.querySelectorAll('.k8sm')];
                return document.body.dataset.jpThemeLight === String(!isDark)
                    && views.every((view) => view.classList.contains('k8sm-dark') === isDark)
                    && !document.querySelector('#jupyterlab-splash');
            }""",
            is_dark,
            20,
        )

    def fresh(self, then: str = "") -> None:
        """Another cluster than the one before, once the views on show have it."""
        before = self.page.evaluate(FIRST_PODS)
        # With another seed its Pods are others, by their uids too.
        self.do(f"%cluster new --seed {secrets.randbelow(10**6)}\n{then}")
        self.wait(f"before => ({FIRST_PODS})().every((uid, place) => uid && uid !== before[place])", before)

    def open(self) -> dict[str, int]:
        """What the views have begun and not ended, by name."""
        return dict(self.page.evaluate("() => window.watched.open()"))

    def steady(self) -> dict[str, int]:
        """The same without what comes and goes by itself: frames of the screen and timers that go off once."""
        return {what: count for what, count in self.open().items() if what not in ("timeout", "frame")}

    def wait_steady(self, wanted: dict[str, int]) -> None:
        """Until that, and no more, is open."""
        self.wait(
            """wanted => {
                const { timeout, frame, ...open } = window.watched.open();
                return Object.keys({ ...open, ...wanted }).every((what) => open[what] === wanted[what]);
            }""",
            wanted,
            10,
        )

    def now(self) -> float:
        """Milliseconds, as messages are dated."""
        return float(self.page.evaluate("() => Date.now()"))

    def shoot(self, selector: str, name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.mouse.move(2, 2)
        self.page.locator(selector).first.screenshot(path=SCREENSHOTS / f"{name}.png")

    def check(self, since: float = 0, *, with_updates: bool = True) -> None:
        """No error was said, and no second since an instant had more messages than it may.

        What opens a view, or tells it another language, is sent once, for each view: it may be left out.
        """
        known = {NOTEBOOK_S_OWN} if self.server.app == "notebook" else set()
        assert [error for error in self.errors if error not in known] == []
        busiest = self.page.evaluate("([since, all]) => window.watched.busiest(since, all)", [since, with_updates])
        assert len(busiest) < MOST_MESSAGES, busiest
