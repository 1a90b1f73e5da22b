"""Go's text/template for `kubectl -o go-template`, over JSON-shaped data.

Owns the language: actions, pipelines, variables, control structures, Go's functions and kubectl's two own
(`exists`, `base64decode`). Refuses methods and channels, which JSON data does not have. Maps range in key order.
Source: Go's text/template; cli-runtime/pkg/printers/template.go
"""

from __future__ import annotations

from typing import Any

from k8s_magic.text import go_values, json_out
from k8s_magic.text.gotemplate.lexer import GoTemplateError
from k8s_magic.text.gotemplate.parser import parse
from k8s_magic.text.gotemplate.run import Execution

__all__ = ["GoTemplate", "GoTemplateError", "execution_failure"]


class GoTemplate:
    """A template, parsed; it may be executed any number of times.

    Raises: GoTemplateError where it is malformed (kubectl prints `error parsing template TEMPLATE, WORDS`).
    """

    __slots__ = ("_allow_missing", "_templates", "_text")

    def __init__(self, text: str, allow_missing: bool = True) -> None:
        self._text = text
        self._templates = parse(text)
        self._allow_missing = allow_missing

    def execute(self, data: Any) -> str:
        """The text for an object.

        Raises: GoTemplateError, which carries what was written before it as `written`.
        """
        return Execution(self._text, self._templates, self._allow_missing).run(data)


def execution_failure(template: str, error: GoTemplateError, data: Any) -> tuple[str, str]:
    """What kubectl prints on stdout after the output so far, and on stderr after its `error: `."""
    shown = (
        f"Error executing template: {error}. Printing more information for debugging the template:\n"
        f"\ttemplate was:\n\t\t{template}\n"
        f"\traw data was:\n\t\t{json_out.compact(data)}\n"
        f"\tobject given to template engine was:\n\t\t{go_values.plain(data)}\n\n"
    )
    return shown, f"error executing template {go_values.quoted(template)}: {error}"
