"""The tree of a Go template. Every node knows where it stands and prints as Go prints it in errors.

Source: Go's text/template/parse/node.go
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    at: int

    def __str__(self) -> str:
        return "."


@dataclass(frozen=True, slots=True)
class Nil:
    at: int

    def __str__(self) -> str:
        return "nil"


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, boolean or string, and how it was written."""

    at: int
    value: Any
    source: str

    def __str__(self) -> str:
        return self.source


@dataclass(frozen=True, slots=True)
class Field:
    """`.a.b`."""

    at: int
    names: tuple[str, ...]

    def __str__(self) -> str:
        return "".join([f".{name}" for name in self.names])


@dataclass(frozen=True, slots=True)
class Variable:
    """`$x.a.b`."""

    at: int
    name: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ".".join([self.name, *self.names])


@dataclass(frozen=True, slots=True)
class Function:
    at: int
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Chain:
    """`(pipeline).a.b`."""

    at: int
    operand: Operand
    names: tuple[str, ...]

    def __str__(self) -> str:
        inner = f"({self.operand})" if isinstance(self.operand, Pipe) else str(self.operand)
        return inner + "".join([f".{name}" for name in self.names])


@dataclass(frozen=True, slots=True)
class Command:
    at: int
    operands: tuple[Operand, ...]

    def __str__(self) -> str:
        return " ".join([f"({node})" if isinstance(node, Pipe) else str(node) for node in self.operands])


@dataclass(frozen=True, slots=True)
class Pipe:
    at: int
    variables: tuple[str, ...]
    assigns: bool
    commands: tuple[Command, ...]

    def __str__(self) -> str:
        declared = f"{', '.join(self.variables)} {'=' if self.assigns else ':='} " if self.variables else ""
        return declared + " | ".join([str(command) for command in self.commands])


@dataclass(frozen=True, slots=True)
class Action:
    at: int
    pipe: Pipe


@dataclass(frozen=True, slots=True)
class Branch:
    """if, with or range; `else_body` is None where there is no else."""

    at: int
    keyword: str
    pipe: Pipe
    body: list[Node] = field(default_factory=list)
    else_body: list[Node] | None = None


@dataclass(frozen=True, slots=True)
class Jump:
    """break or continue."""

    at: int
    keyword: str


@dataclass(frozen=True, slots=True)
class Call:
    """`{{template "name" pipeline}}`."""

    at: int
    name: str
    pipe: Pipe | None

    def __str__(self) -> str:
        return f'{{{{template "{self.name}"{f" {self.pipe}" if self.pipe else ""}}}}}'


Operand = Dot | Nil | Constant | Field | Variable | Function | Chain | Pipe
Node = Text | Action | Branch | Jump | Call
