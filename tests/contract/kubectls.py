"""The real kubectls that the tests run: the one that is pinned for development, beside this Python, and others, each in
a folder of its own, where tests/contract/setup.py puts them."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

PINNED = "1.36.4"
OTHERS = ("1.37.1",)
VERSIONS = (PINNED, *OTHERS)


def folder(version: str) -> Path:
    return Path(sys.prefix) / f"kubectl-{version}"


def place(version: str) -> Path:
    return (Path(sys.executable).parent if version == PINNED else folder(version) / "bin") / "kubectl"


@cache
def program(version: str) -> Path:
    """The program, which is known to be that version. Skips the test where it is absent, and in CI fails."""
    path = place(version)
    if not path.exists():
        pytest.skip(f"there is no kubectl {version}: python tests/contract/setup.py installs it")
    told = subprocess.run(
        [path, "version", "--client", "--output=json"], capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(told.stdout)["clientVersion"]["gitVersion"] == f"v{version}"
    return path
