"""A parsed script. Words keep their quoting, since expansion depends on it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """`$name`, `${name<operator>word}`; `${#name}` has the operator "length"."""

    name: str
    operator: str = ""
    word: Word = ()
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Substitution:
    script: Script
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Arithmetic:
    word: Word
    quoted: bool = False


Part = Text | Parameter | Substitution | Arithmetic
Word = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Redirect:
    """`operator`: <, >, >>, >&, <&, <<, <<<; `&>` is told apart by fd -1. A here-document's text is the target."""

    fd: int
    operator: str
    target: Word


@dataclass(frozen=True, slots=True)
class Simple:
    assignments: tuple[tuple[str, Word], ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    line: int


@dataclass(frozen=True, slots=True)
class If:
    branches: tuple[tuple[Script, Script], ...]
    otherwise: Script


@dataclass(frozen=True, slots=True)
class While:
    condition: Script
    body: Script
    until: bool


@dataclass(frozen=True, slots=True)
class For:
    """`words` None: the positional parameters."""

    name: str
    words: tuple[Word, ...] | None
    body: Script


@dataclass(frozen=True, slots=True)
class ForArithmetic:
    parts: tuple[Word, Word, Word]
    body: Script


@dataclass(frozen=True, slots=True)
class Case:
    word: Word
    branches: tuple[tuple[tuple[Word, ...], Script], ...]


@dataclass(frozen=True, slots=True)
class Group:
    body: Script
    subshell: bool


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    body: Command


@dataclass(frozen=True, slots=True)
class Condition:
    """`[[ … ]]`"""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Calculation:
    """`(( … ))`"""

    word: Word


@dataclass(frozen=True, slots=True)
class Redirected:
    command: Command
    redirects: tuple[Redirect, ...]


Command = Simple | If | While | For | ForArithmetic | Case | Group | Function | Condition | Calculation | Redirected


@dataclass(frozen=True, slots=True)
class Pipeline:
    commands: tuple[Command, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """Pipelines joined by && and ||, perhaps in the background."""

    first: Pipeline
    rest: tuple[tuple[str, Pipeline], ...] = ()
    background: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    items: tuple[Item, ...] = field(default=())
