"""What CI does not allow."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# No example fails for being slow on a busy machine. In CI the same ones are tried each time, elsewhere new ones.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files anew (refused in CI)")


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("CI") and config.getoption("--update-golden"):
        raise pytest.UsageError("golden files are never updated in CI")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> None:
    """In CI a skipped test is a failure: nothing is skipped silently."""
    if os.environ.get("CI") and call.excinfo is not None and call.excinfo.errisinstance(pytest.skip.Exception):
        failure = AssertionError(f"skipped in CI: {call.excinfo.value}").with_traceback(call.excinfo.tb)
        call.excinfo = pytest.ExceptionInfo.from_exception(failure)
