"""What a failed command says and its exit code: the only place that turns an exception into kubectl's text.

    KubectlError        `error: …`, exit 1
      UsageError        the same, with `See 'kubectl … -h' for help and examples`
    CommandExit         a text and an exit code of its own (a command in a container, rollout status)
    Aggregate           several errors, each on a line of its own, without `error: `
      HelpFirst         the same after the command's help
      Raw               a text printed as it is, exit 1
    ApiError            `Error from server (Reason): …`, or the list of causes where it is Invalid
    Unsupported         `error: …` with the plain sentence

Source: kubectl/pkg/cmd/util/helpers.go (checkErr, StandardErrorMessage, MultilineError, MultipleErrors)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from k8s_magic.machinery.errors import ApiError, Unsupported


class KubectlError(Exception):
    """A command that cannot be done. The message carries no `error: ` prefix."""


class UsageError(KubectlError):
    """A command that was typed wrongly."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{message}\nSee '{path} -h' for help and examples")


class HelpFirst(KubectlError):
    """The command's help on stdout, then the message; without a message that is all, and no failure."""


class Raw(KubectlError):
    """A message that is printed without a prefix."""


class CommandExit(Exception):
    """Ends a command with an exit code; `message` (which may be empty) goes to stderr as it is."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Aggregate(Exception):
    """Several errors at once. Nesting is kept: kubectl's words depend on it.

    Source: apimachinery/pkg/util/errors/errors.go
    """

    def __init__(self, errors: Iterable[Exception]) -> None:
        self.errors = tuple(errors)
        super().__init__(self._text())

    def _text(self) -> str:
        seen: list[str] = []
        for error in flatten(self.errors):
            text = str(error)
            if text not in seen:
                seen.append(text)
        return seen[0] if len(seen) == 1 else f"[{', '.join(seen)}]"


Failure = (KubectlError, ApiError, Unsupported, Aggregate, CommandExit)
"""What a command may raise."""


def aggregate(errors: Iterable[Exception]) -> Aggregate | None:
    found = tuple(errors)
    return Aggregate(found) if found else None


def raise_all(errors: Iterable[Exception]) -> None:
    """Raise an Aggregate of the errors, if there are any."""
    found = aggregate(errors)
    if found is not None:
        raise found


def flatten(errors: Iterable[Exception]) -> list[Exception]:
    leaves: list[Exception] = []
    for error in errors:
        if isinstance(error, Aggregate):
            leaves += flatten(error.errors)
        else:
            leaves.append(error)
    return leaves


def reduce(error: Exception | None) -> Exception | None:
    """An aggregate of one is that one (utilerrors.Reduce)."""
    if isinstance(error, Aggregate) and len(error.errors) == 1:
        return error.errors[0]
    return error


def filter_out(error: Exception | None, matches: Callable[[Exception], bool]) -> Exception | None:
    """The error without the parts that match; None when nothing is left (utilerrors.FilterOut)."""
    if isinstance(error, Aggregate):
        kept = [left for inner in error.errors if (left := filter_out(inner, matches)) is not None]
        return aggregate(kept)
    if error is not None and matches(error):
        return None
    return error


def is_not_found(error: Exception | None) -> bool:
    return isinstance(error, ApiError) and error.is_not_found


def with_source(verb: str, source: str, error: Exception) -> Exception:
    """`error when creating "x.yaml": …`; a Status stays a Status (AddSourceToErr)."""
    if not source:
        return error
    if isinstance(error, ApiError):
        return ApiError({**error.status, "message": f'error when {verb} "{source}": {error.message}'})
    return KubectlError(f'error when {verb} "{source}": {error}')


def message_for(error: Exception) -> str:
    """One error's text as a part of something larger: without `error: ` (messageForError)."""
    return _standard(error) or str(error)


def render(error: Exception) -> tuple[str, int]:
    """The text for stderr (ending at a line's end unless empty) and the exit code."""
    if isinstance(error, Aggregate) and len(error.errors) == 1:
        error = error.errors[0]
    text, code = _render(error)
    if text and not text.endswith("\n"):
        text += "\n"
    return text, code


def _render(error: Exception) -> tuple[str, int]:
    match error:
        case CommandExit():
            return error.message, error.code
        case ApiError() if error.reason == "Invalid":
            return _invalid(error), 1
        case Aggregate():
            return "".join(f"{message_for(inner)}\n" for inner in error.errors), 1
        case Raw():
            return str(error), 1
    text = _standard(error)
    if text is None:
        text = str(error)
        if not text.startswith("error: "):
            text = f"error: {text}"
    return text, 1


def _standard(error: Exception) -> str | None:
    if not isinstance(error, ApiError):
        return None
    if error.reason == "Unauthorized":
        return f"error: You must be logged in to the server ({error.message})"
    if error.reason:
        return f"Error from server ({error.reason}): {error.message}"
    return f"Error from server: {error.message}"


def _invalid(error: ApiError) -> str:
    status = error.status
    details: dict[str, Any] | None = status.get("details")
    text = "The request is invalid"
    if details is None:
        return f"{text}: {error.message}" if error.message else text
    causes = details.get("causes") or []
    if details.get("kind") or details.get("name"):
        text = f'The {details.get("kind", "")} "{details.get("name", "")}" is invalid'
    elif error.message and not causes:
        text += f": {error.message}"
    if not causes:
        return text
    complaints: list[str] = []
    for cause in causes:
        complaint = f"{cause.get('field', '')}: {cause.get('message', '')}"
        if complaint not in complaints:
            complaints.append(complaint)
    if len(complaints) == 1:
        return f"{text}: {complaints[0]}"
    return f"{text}: \n" + "".join(f"* {complaint}\n" for complaint in complaints)
