"""Flags as pflag takes them: long, short, grouped, `-oyaml`, `--flag=value`, values without one, and its words.

Source: github.com/spf13/pflag v1.0.x flag.go and the value types; component-base/cli/flag (word separators)
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

FlagKind = Literal["string", "bool", "int", "int32", "float", "duration", "slice", "array", "map"]

_TRUE = frozenset(("1", "t", "T", "true", "TRUE", "True"))
_FALSE = frozenset(("0", "f", "F", "false", "FALSE", "False"))
# Units: nanoseconds.
_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_DEFAULTS: dict[str, Any] = {
    "string": "",
    "bool": False,
    "int": 0,
    "int32": 0,
    "float": 0.0,
    "duration": 0.0,
    "slice": (),
    "array": (),
    "map": {},
}


class FlagError(Exception):
    """A flag that cannot be read; the message is pflag's."""


class HelpWanted(Exception):
    """-h or --help was given."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag. Units: durations are seconds (float). `no_value` is what the flag means without a value.

    `slice` splits its values at commas, `array` does not; `map` takes `key=value` pairs. `candidates` names what
    completes its value: `output`, `namespace`, `container`, `kind/name`, or a comma-separated list of words.
    """

    name: str
    kind: FlagKind = "string"
    default: Any = None
    short: str = ""
    no_value: str | None = None
    help: str = ""
    deprecated: str = ""
    hidden: bool = False
    candidates: str = ""

    @property
    def initial(self) -> Any:
        return _DEFAULTS[self.kind] if self.default is None else self.default

    @property
    def value_optional(self) -> str | None:
        """What stands for the value when none is given; None where one is needed."""
        return "true" if self.kind == "bool" and self.no_value is None else self.no_value

    @property
    def display(self) -> str:
        return f"-{self.short}, --{self.name}" if self.short else f"--{self.name}"


@dataclass(slots=True)
class Values:
    """What the flags were set to. A getter answers the default where a flag was not given."""

    flags: Mapping[str, Flag]
    given: dict[str, Any] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)
    dash: int = -1  # how many arguments stand before `--`; -1 without one
    notices: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> Any:
        if name in self.given:
            return self.given[name]
        return self.flags[name].initial

    def changed(self, name: str) -> bool:
        return name in self.given


def parse(flags: Iterable[Flag], words: Sequence[str], *, interspersed: bool = True) -> Values:
    """Raises: FlagError, HelpWanted."""
    by_name = {flag.name: flag for flag in flags}
    by_short = {flag.short: flag for flag in by_name.values() if flag.short}
    values = Values(by_name)
    rest = list(words)
    position = 0

    def following() -> str | None:
        nonlocal position
        if position < len(rest):
            position += 1
            return rest[position - 1]
        return None

    while position < len(rest):
        word = rest[position]
        position += 1
        if word == "--":
            values.dash = len(values.arguments)
            values.arguments += rest[position:]
            break
        if word.startswith("--"):
            _long(values, by_name, word, following)
        elif len(word) > 1 and word[0] == "-":
            _shorts(values, by_short, word[1:], following)
        elif interspersed:
            values.arguments.append(word)
        else:
            values.arguments += rest[position - 1 :]
            break
    return values


def _long(values: Values, by_name: Mapping[str, Flag], word: str, following: Callable[[], str | None]) -> None:
    body = word[2:]
    if not body or body[0] in "-=":
        raise FlagError(f"bad flag syntax: {word}")
    name, equals, text = body.partition("=")
    name = name.replace("_", "-")
    flag = by_name.get(name)
    if flag is None:
        if name == "help":
            _help(text if equals else "true")
            return
        raise FlagError(f"unknown flag: --{body.partition('=')[0]}")
    if equals:
        value: str | None = text
    elif flag.value_optional is not None:
        value = flag.value_optional
    else:
        value = following()
        if value is None:
            raise FlagError(f"flag needs an argument: --{name}")
    assign(values, flag, value or "")


def _shorts(values: Values, by_short: Mapping[str, Flag], shorts: str, following: Callable[[], str | None]) -> None:
    while shorts:
        letter = shorts[0]
        flag = by_short.get(letter)
        if flag is None:
            if letter != "h":
                raise FlagError(f"unknown shorthand flag: '{letter}' in -{shorts}")
            _help(shorts[2:] if len(shorts) > 2 and shorts[1] == "=" else "true")
            shorts = "" if len(shorts) > 1 and shorts[1] == "=" else shorts[1:]
            continue
        if len(shorts) > 2 and shorts[1] == "=":
            value: str | None = shorts[2:]
            shorts = ""
        elif flag.value_optional is not None:
            value = flag.value_optional
            shorts = shorts[1:]
        elif len(shorts) > 1:
            value = shorts[1:]
            shorts = ""
        else:
            value = following()
            if value is None:
                raise FlagError(f"flag needs an argument: '{letter}' in -{shorts}")
            shorts = ""
        assign(values, flag, value or "")


def _help(text: str) -> None:
    if text in _TRUE:
        raise HelpWanted
    if text not in _FALSE:
        raise FlagError(
            f'invalid argument "{text}" for "-h, --help" flag: strconv.ParseBool: parsing "{text}": invalid syntax'
        )


def assign(values: Values, flag: Flag, text: str) -> None:
    """Set a flag from its text. Raises: FlagError."""
    try:
        if flag.kind in ("slice", "array"):
            items = _listed(text) if flag.kind == "slice" else (text,)
            value: Any = (*values.given.get(flag.name, ()), *items)
        elif flag.kind == "map":
            value = {**values.given.get(flag.name, {}), **_pairs(text)}
        else:
            value = _READERS[flag.kind](text)
    except ValueError as error:
        raise FlagError(f'invalid argument "{text}" for "{flag.display}" flag: {error}') from None
    if flag.deprecated and flag.name not in values.given:
        values.notices.append(f"Flag --{flag.name} has been deprecated, {flag.deprecated}")
    values.given[flag.name] = value


def _listed(text: str) -> tuple[str, ...]:
    """The first line of a text as comma-separated values. Source: pflag string_slice.go (readAsCSV)."""
    if '"' not in text:
        return tuple(next((line for line in text.split("\n") if line), "").split(",")) if text else ()
    try:
        return tuple(next(csv.reader(io.StringIO(text)), ()))
    except csv.Error as error:
        raise ValueError(f"parse error on line 1: {error}") from None


def _pairs(text: str) -> dict[str, str]:
    """Source: pflag string_to_string.go (Set)"""
    equals = text.count("=")
    if not equals:
        raise ValueError(f"{text} must be formatted as key=value")
    found: dict[str, str] = {}
    for pair in (text.strip('"'),) if equals == 1 else _listed(text):
        key, equal, value = pair.partition("=")
        if not equal:
            raise ValueError(f"{pair} must be formatted as key=value")
        found[key] = value
    return found


def _bool(text: str) -> bool:
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError(f'strconv.ParseBool: parsing "{text}": invalid syntax')


def _int(bits: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            digits = text.lstrip("+-")
            octal = len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()
            value = int(text, 8 if octal else 0) if text == text.strip() else int("x")
        except ValueError:
            raise ValueError(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None
        if not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
            raise ValueError(f'strconv.ParseInt: parsing "{text}": value out of range')
        return value

    return read


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f'strconv.ParseFloat: parsing "{text}": invalid syntax') from None


def duration(text: str) -> float:
    """Go's time.ParseDuration in seconds. Raises: ValueError in Go's words."""
    body = text[1:] if text[:1] in ("+", "-") else text
    if body == "0":
        return 0.0
    if not body:
        raise ValueError(f'time: invalid duration "{text}"')
    total, position = 0.0, 0
    while position < len(body):
        start = position
        while position < len(body) and (body[position].isdigit() or body[position] == "."):
            position += 1
        number = body[start:position]
        if not number or number == "." or number.count(".") > 1:
            raise ValueError(f'time: invalid duration "{text}"')
        start = position
        while position < len(body) and body[position] != "." and not body[position].isdigit():
            position += 1
        unit = body[start:position]
        if not unit:
            raise ValueError(f'time: missing unit in duration "{text}"')
        if unit not in _UNITS:
            raise ValueError(f'time: unknown unit "{unit}" in duration "{text}"')
        total += float(number) * _UNITS[unit]
    return (-total if text[0] == "-" else total) / 10**9


_READERS: dict[str, Callable[[str], Any]] = {
    "string": str,
    "bool": _bool,
    "int": _int(64),
    "int32": _int(32),
    "float": _float,
    "duration": duration,
}
