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

    def url(self, notebook: str) -> str:
        page = "notebooks" if self.app == "notebook" else "lab/tree"
        return f"http://127.0.0.1:{self.port}/{page}/{notebook}?token={self.token}&reset"


class Notebook:
    """One notebook open in a page."""

    def __init__(self, lab: Lab, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.errors: list[str] = []
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

    def command(self, name: str) -> None:
        # The promise of a command that runs cells stays open as long as they run: it is not waited for.
        self.page.evaluate("name => { window.jupyterapp.commands.execute(name); }", name)

    def run_all(self) -> None:
        self.command("notebook:run-all-cells")

    def wait_idle(self, seconds: float = 120) -> None:
        """Until no cell waits or runs."""
        self.page.wait_for_function(
            """() => {
                const cells = [...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')];
                return cells.length > 0 && cells.every((cell) => /\\[\\d+\\]/.test(cell.textContent));
            }""",
            timeout=seconds * 1000,
        )

    def output(self, index: int) -> str:
        """The text below the code cell of an index."""
        cells = self.page.locator(".jp-CodeCell")
        return cells.nth(index).locator(".jp-OutputArea").inner_text()

    def interrupt(self) -> None:
        self.command("notebook:interrupt-kernel")
