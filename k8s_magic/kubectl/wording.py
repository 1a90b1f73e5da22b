"""How Go and kubectl spell values in messages."""

from __future__ import annotations

from collections.abc import Iterable

SUGGEST_API_RESOURCES = 'Use "kubectl api-resources" for a complete list of supported resources.'


def listed(words: Iterable[str]) -> str:
    """fmt's %v of a []string: `[a b]`."""
    return f"[{' '.join(words)}]"


def terminal_safe(text: str) -> str:
    """The text with escape sequences made harmless. Source: cli-runtime/pkg/printers/terminal.go."""
    return text.replace("\x1b", "^[") if "\x1b" in text else text
