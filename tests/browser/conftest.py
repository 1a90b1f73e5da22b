"""One Chromium and one JupyterLab, with three kernels to choose from, for all browser tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from jupyter_lab import CHROMIUM, FLAGS, Lab, Notebook
from kernels import INSTALLED, VERSIONS, register
from playwright.sync_api import Browser, Page, sync_playwright


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab(tmp_path_factory.mktemp("lab"))
    yield lab
    lab.close()


@pytest.fixture(scope="session", params=VERSIONS)
def kernel(request: pytest.FixtureRequest, lab: Lab) -> str:
    """The name of a kernel in `lab`, for each version of ipykernel that people have."""
    return "python3" if request.param == INSTALLED else register(lab.data, request.param)


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


@pytest.fixture(scope="session")
def opened(browser: Browser):
    """`with opened(lab, [source, …], kernel) as notebook`: a new notebook with these cells in a page of its own."""

    @contextmanager
    def opened_(server: Lab, cells: list[str], kernel: str = "python3") -> Iterator[Notebook]:
        context = browser.new_context(viewport={"width": 1280, "height": 2400})  # all views in sight at once
        try:
            yield Notebook(server, context.new_page(), server.write(cells, kernel))
        finally:
            context.close()

    return opened_
