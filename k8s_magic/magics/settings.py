"""%config K8sMagic: what a person sets for the whole notebook."""

from __future__ import annotations

from collections.abc import Callable

import traitlets
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Configurable

LANGUAGES = ("", "en", "ja")


class K8sMagic(Configurable):
    """The extension's settings, for %config."""

    language = traitlets.Enum(
        LANGUAGES, "", help="Language of the views: en or ja; '' follows the browser (English in text and pictures)."
    ).tag(config=True)


def attach(shell: InteractiveShell, on_language: Callable[[str], None]) -> None:
    """Let %config know the settings; a configuration file's values hold from the start."""
    settings = K8sMagic(parent=shell)
    settings.observe(lambda change: on_language(change["new"]), "language")
    # IPython types the list by its first entry.
    shell.configurables.append(settings)  # type: ignore[arg-type]
    if settings.language:
        on_language(settings.language)


def detach(shell: InteractiveShell) -> None:
    for settings in [found for found in shell.configurables if isinstance(found, K8sMagic)]:
        settings.unobserve_all()
        shell.configurables.remove(settings)
