"""A notebook's shell without a notebook: the magics as a person types them, on simulated time that runs as it can."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import kubectls
import pytest
from IPython.core.interactiveshell import InteractiveShell
from notebook_shells import the_shell


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    with the_shell() as shell:
        yield shell


@pytest.fixture(params=kubectls.VERSIONS)
def real_kubectl(request: pytest.FixtureRequest) -> Path:
    """The program, once of each version."""
    return kubectls.program(request.param)
