"""The record of a command and what a command is called with.

A command's file exports `COMMAND`. It runs in three steps, as kubectl's own do: `complete` reads the call into
frozen options, `validate` complains about what cannot go together, `run` does it and answers the exit code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, NoReturn, TypeVar

from k8s_magic.kubectl.errors import KubectlError, UsageError
from k8s_magic.kubectl.flags import Flag, Values, duration
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.protocols import Transport
from k8s_magic.sim.time import SECOND, SimTime

Options = TypeVar("Options")

# Source: client-go/tools/clientcmd/helpers.go (ParseTimeout)
BAD_TIMEOUT = (
    "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding "
    "time unit (e.g. 1s | 2m | 3h)"
)


@dataclass(slots=True)
class Call:
    """One command line, read. `path` is `kubectl rollout status`; `args` the arguments without flags.

    `namespace` is the one the command works in, `namespace_given` whether -n named it.
    """

    path: str
    values: Values
    namespace: str = "default"
    namespace_given: bool = False

    @property
    def args(self) -> list[str]:
        return self.values.arguments

    @property
    def dash(self) -> int:
        """How many arguments stand before `--`; -1 where there is none."""
        return self.values.dash

    def text(self, name: str) -> str:
        value: str = self.values[name]
        return value

    def flag(self, name: str) -> bool:
        value: bool = self.values[name]
        return value

    def number(self, name: str) -> int:
        value: int = self.values[name]
        return value

    def seconds(self, name: str) -> float:
        value: float = self.values[name]
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value: tuple[str, ...] = self.values[name]
        return value

    @property
    def request_timeout(self) -> SimTime | None:
        """--request-timeout, which ends a watch; None where there is none. Raises: KubectlError."""
        text = self.text("request-timeout")
        try:
            seconds = float(int(text)) if text.isdigit() else duration(text)
        except ValueError:
            raise KubectlError(BAD_TIMEOUT) from None
        return round(seconds * SECOND) or None

    def changed(self, name: str) -> bool:
        return self.values.changed(name)

    def usage_error(self, message: str) -> NoReturn:
        raise UsageError(self.path, message)


def _nothing(options: Any) -> None:
    return None


def no_options(call: Call, client: Transport, streams: Streams) -> Call:
    """`complete` for a command whose options are the call itself."""
    return call


@dataclass(frozen=True)
class Command(Generic[Options]):
    """`usage` follows `kubectl <groups> ` in the usage line; `short` is one line of our own.

    A group (its sub-commands are the files of its folder) has `run=None`, unless it can be run itself.
    `required` names flags that must be given. `arguments` says what completes the words: `kind/name`, `kind`,
    `pod`, `node`, `context` or "" (nothing).
    """

    name: str
    short: str
    usage: str
    complete: Callable[[Call, Transport, Streams], Options] | None = None
    run: Callable[[Options, Transport, Streams], int] | None = None
    validate: Callable[[Options], None] = _nothing
    flags: tuple[Flag, ...] = ()
    aliases: tuple[str, ...] = ()
    suggest_for: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    arguments: str = ""
    examples: tuple[str, ...] = field(default=())
    hidden: bool = False
    flag_error: Callable[[str, str], Exception] | None = None  # from the path and the message; None is the usual one
    help_to_stderr: bool = False  # where a group without a sub-command writes its help
