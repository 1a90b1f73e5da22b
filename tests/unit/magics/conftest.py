"""Shells as notebooks have them, and what cells print in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from IPython.core.interactiveshell import InteractiveShell
from notebook_shells import new_shell

from k8s_magic.cluster import Result

Cell = Callable[[str], str]


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    shell = new_shell()
    shell.run_line_magic("load_ext", "k8s_magic")
    shell.run_line_magic("cluster", "new --manual")
    yield shell
    if "kubectl" in shell.magics_manager.magics["line"]:
        shell.run_line_magic("unload_ext", "k8s_magic")


@pytest.fixture
def cell(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> Cell:
    """Run a cell as a person does; what it printed, errors after a mark. A traceback fails the test."""

    def run(text: str) -> str:
        answer = shell.run_cell(text)
        printed = capsys.readouterr()
        if not isinstance(answer.result, Result):
            answer.raise_error()
        assert "Traceback" not in printed.out + printed.err
        return printed.out + (f"stderr: {printed.err}" if printed.err else "")

    return run
