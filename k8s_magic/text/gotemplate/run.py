"""The execution of Go templates.

Source: Go's text/template/exec.go
"""

from __future__ import annotations

from typing import Any

from k8s_magic.text import go_values
from k8s_magic.text.gotemplate import functions
from k8s_magic.text.gotemplate.lexer import GoTemplateError
from k8s_magic.text.gotemplate.nodes import (
    Action,
    Branch,
    Call,
    Chain,
    Command,
    Constant,
    Dot,
    Field,
    Function,
    Jump,
    Nil,
    Node,
    Operand,
    Pipe,
    Text,
    Variable,
)
from k8s_magic.text.gotemplate.parser import MAIN
from k8s_magic.text.gotemplate.printf import Int, type_of

# Source: Go's text/template/exec.go (maxExecDepth is 100,000 there; Python's recursion ends earlier)
_DEEPEST = 100


class _Missing:
    """The value of a key that a map does not have: prints as `<no value>`, has no fields, is false."""

    def __bool__(self) -> bool:
        return False


_MISSING = _Missing()
_NOTHING = object()


class _Break(Exception): ...


class _Continue(Exception): ...


class Execution:
    """One run of a template."""

    def __init__(self, text: str, templates: dict[str, list[Node]], allow_missing: bool) -> None:
        self._text = text
        self._templates = templates
        self._allow_missing = allow_missing
        self._out: list[str] = []
        self._name = MAIN
        self._depth = 0

    def run(self, data: Any) -> str:
        self._nodes(self._templates[MAIN], data, [("$", data)])
        return "".join(self._out)

    def _error(self, words: str, node: Any = None) -> GoTemplateError:
        written = "".join(self._out)
        name = go_values.quoted(self._name)
        if node is None:
            return GoTemplateError(f"template: {self._name}: {words}", written)
        before = self._text[: node.at]
        line = before.count("\n") + 1
        column = len(before[before.rfind("\n") + 1 :].encode())
        where = f"template: output:{line}:{column}: executing {name} at <{node}>: {words}"
        return GoTemplateError(where, written)

    def _nodes(self, nodes: list[Node], dot: Any, variables: list[tuple[str, Any]]) -> None:
        for node in nodes:
            if isinstance(node, Text):
                self._out.append(node.text)
            elif isinstance(node, Action):
                value = self._pipe(dot, node.pipe, variables)
                if not node.pipe.variables:
                    self._out.append(_printed(value))
            elif isinstance(node, Branch):
                self._branch(node, dot, variables)
            elif isinstance(node, Jump):
                raise _Break if node.keyword == "break" else _Continue
            else:
                self._call(node, dot, variables)

    def _branch(self, node: Branch, dot: Any, variables: list[tuple[str, Any]]) -> None:
        depth = len(variables)
        value = self._pipe(dot, node.pipe, variables)
        if node.keyword == "range":
            self._range(node, value, dot, variables, depth)
        elif functions.truth(value):
            self._nodes(node.body, value if node.keyword == "with" else dot, variables)
        elif node.else_body is not None:
            self._nodes(node.else_body, dot, variables)
        del variables[depth:]

    def _range(self, node: Branch, value: Any, dot: Any, variables: list[tuple[str, Any]], depth: int) -> None:
        pairs: list[tuple[Any, Any]]
        if isinstance(value, dict):
            pairs = [(key, value[key]) for key in sorted(value)]
        elif isinstance(value, list):
            pairs = [(Int(index), item) for index, item in enumerate(value)]
        elif isinstance(value, int) and not isinstance(value, bool):
            pairs = [(Int(number), Int(number)) for number in range(value)]
        elif value is None or value is _MISSING:
            pairs = []
        else:
            raise self._error(f"range can't iterate over {go_values.plain(value)}", node.pipe)
        names = node.pipe.variables
        top = len(variables)
        for key, item in pairs:
            if len(names) == 1:
                self._assign(node.pipe, variables, names[0], item, depth)
            elif names:
                self._assign(node.pipe, variables, names[0], key, depth)
                self._assign(node.pipe, variables, names[1], item, depth + 1)
            try:
                self._nodes(node.body, item, variables)
            except _Continue:
                continue
            except _Break:
                break
            finally:
                del variables[top:]
        if not pairs and node.else_body is not None:
            self._nodes(node.else_body, dot, variables)

    def _assign(self, pipe: Pipe, variables: list[tuple[str, Any]], name: str, value: Any, declared_at: int) -> None:
        if pipe.assigns:
            self._set(variables, name, value)
        else:
            variables[declared_at] = (name, value)

    def _set(self, variables: list[tuple[str, Any]], name: str, value: Any) -> None:
        for index in range(len(variables) - 1, -1, -1):
            if variables[index][0] == name:
                variables[index] = (name, value)
                return

    def _call(self, node: Call, dot: Any, variables: list[tuple[str, Any]]) -> None:
        body = self._templates.get(node.name)
        if body is None:
            raise self._error(f"template {go_values.quoted(node.name)} not defined", node)
        if self._depth >= _DEEPEST:
            raise self._error(f"exceeded maximum template depth ({_DEEPEST})", node)
        value = self._pipe(dot, node.pipe, variables) if node.pipe is not None else None
        outer, self._name = self._name, node.name
        self._depth += 1
        self._nodes(body, value, [("$", value)])
        self._depth -= 1
        self._name = outer

    # -- values

    def _pipe(self, dot: Any, pipe: Pipe, variables: list[tuple[str, Any]]) -> Any:
        value: Any = _NOTHING
        for command in pipe.commands:
            value = self._command(dot, command, value, variables)
        for name in pipe.variables:
            if pipe.assigns:
                self._set(variables, name, value)
            else:
                variables.append((name, value))
        return value

    def _command(self, dot: Any, command: Command, final: Any, variables: list[tuple[str, Any]]) -> Any:
        first = command.operands[0]
        if isinstance(first, Function):
            return self._function(dot, first, command, final, variables)
        if len(command.operands) > 1 or final is not _NOTHING:
            if isinstance(first, Field | Chain | Variable) and (isinstance(first, Chain) or first.names):
                value = self._value(dot, first, variables)
                if value is _MISSING:
                    return value
                raise self._error(f"{first.names[-1]} is not a method but has arguments", first)
            raise self._error(f"can't give argument to non-function {first}", first)
        if isinstance(first, Nil):
            raise self._error("nil is not a command", first)
        return self._value(dot, first, variables)

    def _value(self, dot: Any, node: Operand, variables: list[tuple[str, Any]]) -> Any:
        if isinstance(node, Dot):
            return dot
        if isinstance(node, Constant):
            return node.value
        if isinstance(node, Field):
            return self._fields(dot, node.names, node)
        if isinstance(node, Variable):
            for name, value in reversed(variables):
                if name == node.name:
                    return self._fields(value, node.names, node)
            raise self._error(f"undefined variable: {node.name}", node)
        if isinstance(node, Pipe):
            return self._pipe(dot, node, variables)
        if isinstance(node, Chain):
            if isinstance(node.operand, Nil):
                raise self._error(f"indirection through explicit nil in {node}", node)
            return self._fields(self._value(dot, node.operand, variables), node.names, node)
        if isinstance(node, Function):
            return self._function(dot, node, Command(node.at, (node,)), _NOTHING, variables)
        return None

    def _fields(self, value: Any, names: tuple[str, ...], node: Any) -> Any:
        for name in names:
            value = self._field(value, name, node)
        return value

    def _field(self, value: Any, name: str, node: Any) -> Any:
        if isinstance(value, dict):
            if name in value:
                return value[name]
            if not self._allow_missing:
                raise self._error(f"map has no entry for key {go_values.quoted(name)}", node)
            return _MISSING
        if value is _MISSING:
            if not self._allow_missing:
                raise self._error(f"nil data; no entry for key {go_values.quoted(name)}", node)
            return _MISSING
        if value is None:
            raise self._error(f"nil pointer evaluating interface {{}}.{name}", node)
        raise self._error(f"can't evaluate field {name} in type interface {{}}", node)

    def _function(
        self, dot: Any, node: Function, command: Command, final: Any, variables: list[tuple[str, Any]]
    ) -> Any:
        name = node.name
        operands = command.operands[1:]
        words = functions.arity_failure(name, len(operands) + (final is not _NOTHING))
        if words:
            raise self._error(words, node)
        if name in ("and", "or"):
            value: Any = _NOTHING
            for operand in operands:
                value = self._argument(dot, operand, variables)
                if functions.truth(value) == (name == "or"):
                    return value
            return value if final is _NOTHING else final
        values = [self._argument(dot, operand, variables) for operand in operands]
        if final is not _NOTHING:
            values.append(final)
        if name == "call":
            called = operands[0] if operands else command
            words = "call of nil" if not values[0] else f"non-function {called} of type {type_of(values[0])}"
            raise self._error(f"error calling call: {words}", command)
        if name in ("base64decode", "printf") and not isinstance(values[0], str):
            shown = operands[0] if operands else command
            if values[0] is None or values[0] is _MISSING:
                raise self._error("invalid value; expected string", shown)
            words = f"wrong type for value; expected string; got {type_of(values[0])}"
            raise self._error(words, shown)
        try:
            return functions.call(name, [None if value is _MISSING else value for value in values])
        except functions.Failure as error:
            raise self._error(f"error calling {name}: {error}", command) from None

    def _argument(self, dot: Any, node: Operand, variables: list[tuple[str, Any]]) -> Any:
        return None if isinstance(node, Nil) else self._value(dot, node, variables)


def _printed(value: Any) -> str:
    return "<no value>" if value is None or value is _MISSING else go_values.plain(value)
