"""Data of one YAML document from its parser's events, with go-yaml's rules for keys, aliases and merges.

Source: go.yaml.in/yaml/v2 decode.go; sigs.k8s.io/yaml v1.6 yaml.go (convertToJSONableObject)
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

import yaml

from k8s_magic.text import go_values, json_out, yaml_scalars

# Nested deeper than this is refused (go-yaml's own bound is 10,000, at which Python's recursion ends).
DEEPEST = 200

# Source: go.yaml.in/yaml/v2 decode.go (allowedAliasRatio)
_ALIAS_RATIO_LOW = 400_000
_ALIAS_RATIO_HIGH = 4_000_000

_TAG = "tag:yaml.org,2002:"
_INT64 = 1 << 63


class BuildError(Exception):
    """A text that parses but cannot become JSON. `line` and `column` count from 0."""

    def __init__(self, message: str, line: int, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class _Merge:
    """The key `<<`."""


_MERGE = _Merge()
_NO_KEY = object()


class _Open:
    """A collection whose end has not come."""

    __slots__ = ("anchor", "container", "count", "key", "line")

    def __init__(self, container: Any, anchor: str | None, line: int) -> None:
        self.container = container
        self.anchor = anchor
        self.key: Any = _NO_KEY
        self.count = 1
        self.line = line


def build(text: str) -> Any:
    """The data of the first document; None where there is none. What follows it is not read.

    Raises: yaml.YAMLError, BuildError.
    """
    loader = _loader(text)
    builder = _Builder(loader)
    try:
        return builder.document()
    except BuildError:
        # go-yaml parses the whole document before it decodes it: an error of syntax goes first.
        builder.finish()
        raise
    finally:
        dispose = getattr(loader, "dispose", None)
        if dispose is not None:
            dispose()


def _loader(text: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", None) or yaml.SafeLoader
    return loader(text)


class _Builder:
    def __init__(self, loader: Any) -> None:
        self._next = loader.get_event
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._decoded = 0
        self._aliased = 0

    def document(self) -> Any:
        next_event = self._next
        next_event()  # the stream's start
        if not isinstance(next_event(), yaml.DocumentStartEvent):
            return None
        stack = self._stack
        while True:
            event = next_event()
            kind = type(event)
            if kind is yaml.ScalarEvent:
                value, count = self._scalar(event), 1
                if event.anchor:
                    self._anchors[event.anchor] = (value, 1)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                if len(stack) >= DEEPEST:
                    raise BuildError(f"yaml: exceeded max depth of {DEEPEST}", event.start_mark.line)
                container: Any = {} if kind is yaml.MappingStartEvent else []
                stack.append(_Open(container, event.anchor, event.start_mark.line))
                continue
            elif kind is yaml.AliasEvent:
                value, count = self._alias(event)
            else:  # the end of a collection
                closed = stack.pop()
                value, count = closed.container, closed.count
                if closed.anchor:
                    self._anchors[closed.anchor] = (value, count)
            self._decoded += 1
            if not stack:
                next_event()  # the document's end: what stands on its last line is still checked
                return _checked(value, 0)
            self._put(stack[-1], value, count, event)

    def finish(self) -> None:
        while type(self._next()) not in (yaml.DocumentEndEvent, yaml.StreamEndEvent):
            pass

    def _put(self, parent: _Open, value: Any, count: int, event: Any) -> None:
        parent.count += count
        container = parent.container
        if type(container) is list:
            container.append(_checked(value, event.start_mark.line))
            return
        key = parent.key
        if key is _NO_KEY:
            plain = type(event) is yaml.ScalarEvent
            if plain and event.value == "<<" and event.implicit[0] and not event.style:
                parent.key = _MERGE
            elif type(value) is str:
                parent.key = value
            elif isinstance(value, dict | list):
                shown = go_values.sharp(value, keys="interface {}")
                raise BuildError(f"yaml: invalid map key: {shown}", event.start_mark.line)
            else:
                parent.key = value
            return
        parent.key = _NO_KEY
        if key is _MERGE:
            self._merge(container, value, event)
        else:
            name = key if type(key) is str else _key(key, value, event.start_mark.line)
            container[name] = _checked(value, event.start_mark.line)

    def _merge(self, container: dict[str, Any], value: Any, event: Any) -> None:
        """go-yaml v2 lets a merge win over what stands before it; of a list of maps the first wins."""
        merged = value if isinstance(value, list) else [value]
        for mapping in reversed(merged):
            if not isinstance(mapping, dict):
                raise BuildError("yaml: map merge requires map or sequence of maps as the value", event.start_mark.line)
            container.update(mapping)

    def _alias(self, event: Any) -> tuple[Any, int]:
        name = event.anchor
        line, column = event.start_mark.line, event.start_mark.column
        for opened in self._stack:
            if opened.anchor == name:
                raise BuildError(f"yaml: anchor '{name}' value contains itself", line, column)
        known = self._anchors.get(name)
        if known is None:
            raise BuildError(f"yaml: unknown anchor '{name}' referenced", line, column)
        value, count = known
        self._decoded += count
        self._aliased += count
        if self._aliased > 100 and self._decoded > 1000 and self._aliased / self._decoded > _ratio(self._decoded):
            raise BuildError("yaml: document contains excessive aliasing", line, column)
        return _copied(value), count

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        tag: str | None = event.tag
        line = event.start_mark.line
        if tag is None or tag == "!":
            if event.style or tag == "!":
                return text
            kind, value = yaml_scalars.resolve(text)
            return text if kind == yaml_scalars.TIMESTAMP else _bounded(value)
        if not tag.startswith(_TAG):
            return text
        short = tag[len(_TAG) :]
        if short == "binary":
            try:
                return base64.b64decode(text, validate=False).decode()
            except (binascii.Error, UnicodeDecodeError):
                raise BuildError("yaml: !!binary value contains invalid base64 data", line) from None
        if short not in ("int", "float", "bool", "null", "timestamp"):
            return text
        kind, value = yaml_scalars.resolve(text)
        if short == "float" and kind == yaml_scalars.INT:
            return _bounded(float(value))
        if kind != short:
            raise BuildError(f"yaml: cannot decode !!{kind} `{text}` as a !!{short}", line)
        return text if kind == yaml_scalars.TIMESTAMP else _bounded(value)


def _bounded(value: Any) -> Any:
    """A number as JSON has it afterwards: whole floats are integers, what no int64 holds is a float."""
    kind = type(value)
    if kind is int:
        return value if -_INT64 <= value < _INT64 else float(value)
    if kind is float and value.is_integer() and abs(value) < _INT64:
        return int(value)
    return value


def _checked(value: Any, line: int) -> Any:
    if type(value) is float:
        try:
            json_out.number(value)
        except ValueError as error:
            raise BuildError(str(error), line) from None
    return value


def _key(key: Any, value: Any, line: int) -> str:
    if key is True:
        return "true"
    if key is False:
        return "false"
    if isinstance(key, int):
        return str(key)
    if isinstance(key, float):
        return _float_key(key)
    shown = go_values.sharp(value, keys="interface {}")
    raise BuildError(f"unsupported map key of type: %!s(<nil>), key: <nil>, value: {shown}", line)


def _float_key(key: float) -> str:
    text = json_out.shortest_form(key)
    return {"+Inf": ".inf", "-Inf": "-.inf", "NaN": ".nan"}.get(text, text)


def _ratio(decoded: int) -> float:
    if decoded <= _ALIAS_RATIO_LOW:
        return 0.99
    if decoded >= _ALIAS_RATIO_HIGH:
        return 0.10
    return 0.99 - 0.89 * (decoded - _ALIAS_RATIO_LOW) / (_ALIAS_RATIO_HIGH - _ALIAS_RATIO_LOW)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return value
