"""A shell as a notebook has one, of its own and without a history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


def new_shell() -> InteractiveShell:
    config = Config()
    config.HistoryManager.enabled = False
    return InteractiveShell(config=config)


@contextmanager
def the_shell() -> Iterator[InteractiveShell]:
    """The one shell that a notebook has, with the extension in it; afterwards there is none."""
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "k8s_magic")
    yield shell
    shell.run_line_magic("unload_ext", "k8s_magic")
    InteractiveShell.clear_instance()
