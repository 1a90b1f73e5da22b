"""A notebook's shell without a notebook: the magics as a person types them, on simulated time that runs as it can."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from IPython.core.interactiveshell import InteractiveShell


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "k8s_magic")
    yield shell
    shell.run_line_magic("unload_ext", "k8s_magic")
    InteractiveShell.clear_instance()
