"""One Chromium and one JupyterLab for all browser tests."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_lab import CHROMIUM, FLAGS, Lab, Notebook
from playwright.sync_api import Browser, Page, sync_playwright


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab(tmp_path_factory.mktemp("lab"))
    yield lab
    lab.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium") or CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def open_notebook(lab: Lab, page: Page):
    """`open_notebook([source, …])` or `open_notebook(path)`: a new notebook with these cells, or a copy of one."""

    def open_(cells: list[str] | Path, kernel: str = "python3", server: Lab = lab) -> Notebook:
        name = f"test-{secrets.token_hex(4)}.ipynb"
        if isinstance(cells, Path):
            shutil.copy(cells, server.folder / name)
        else:
            notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
            notebook.metadata["kernelspec"] = {"name": kernel, "display_name": kernel, "language": "python"}
            nbformat.write(notebook, server.folder / name)
        return Notebook(server, page, name)

    return open_
