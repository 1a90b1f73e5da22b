"""A Pod template printed as Go's spew prints it with `%#v`, sorted keys, followed pointers and no addresses.

Every field of every struct is printed in Go's order with its Go type; what the wire form leaves out is its zero value.
Empty lists and maps are printed as nil, which they are after the protobuf round trip through etcd.
Source: github.com/davecgh/go-spew/spew format.go (v1.1.1), k8s.io/utils/dump; types: go_types.json (generated)
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

from k8s_magic.controllers._template_hash import go_quantity
from k8s_magic.machinery import quantity
from k8s_magic.machinery.meta import Object

Printer = Callable[[Any], str]
Printed = tuple[str, Printer, str]
"""A type: its Go name, the printer of a value without its type's name, and its zero value printed so."""

# The package's own name in Go, as reflect prints it.
GO_PACKAGE = {"core": "v1", "meta": "v1", "types": "types", "resource": "resource", "intstr": "intstr"}
WORD = (1 << 64) - 1
# time.Time counts from year 1.
YEAR_ONE = datetime(1, 1, 1, tzinfo=UTC)
UNKNOWN_PLACE = "(*time.Location)<nil>"
# Our simplification: time.Local where the controller's container has no time zone file, before its first use.
LOCAL = (
    "(*time.Location){name:(string)UTC zone:([]time.zone)<nil> tx:([]time.zoneTrans)<nil> extend:(string) "
    "cacheStart:(int64)0 cacheEnd:(int64)0 cacheZone:(*time.zone)<nil>}"
)


def pod_template(template: Object) -> str:
    name, show, _ = _type("core.PodTemplateSpec")
    return f"({name}){show(template)}"


@cache
def _table() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("go_types.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def _go_name(text: str) -> str:
    package, dot, name = text.rpartition(".")
    return GO_PACKAGE[package] + dot + name if dot else {"byte": "uint8"}.get(text, text)


@cache
def _type(text: str) -> Printed:
    if text.startswith("[]"):
        return _slice(text[2:])
    if text.startswith("map["):
        key, _, value = text[4:].partition("]")
        return _map(key, value)
    if text in SPECIAL:
        return SPECIAL[text]
    if text == "string":
        return text, str, ""
    if text == "bool":
        return text, _bool, "false"
    if "." not in text:
        return text, str, "0"
    definition = _table()[text]
    if isinstance(definition, str):
        _, show, zero = _type(definition)
        return _go_name(text), show, zero
    return _struct(_go_name(text), definition)


def _bool(value: Any) -> str:
    return "true" if value else "false"


def _slice(item: str) -> Printed:
    name, show, _ = _type(item)

    def show_slice(values: Any) -> str:
        return f"[{' '.join([show(value) for value in values])}]" if values else "<nil>"

    return "[]" + name, show_slice, "<nil>"


def _map(key: str, value: str) -> Printed:
    key_name, (value_name, show, _) = _type(key)[0], _type(value)

    def show_map(values: Any) -> str:
        if not values:
            return "<nil>"
        return f"map[{' '.join([f'{name}:{show(values[name])}' for name in sorted(values)])}]"

    return f"map[{key_name}]{value_name}", show_map, "<nil>"


def _struct(go_name: str, definition: list[list[str]]) -> Printed:
    fields: list[tuple[str, str, Printer, str]] = []
    for name, json_name, text in definition:
        is_pointer = text.startswith("*")
        type_name, show, zero = _type(text.lstrip("*"))
        head = f"{name}:({'*' if is_pointer else ''}{type_name})"
        fields.append((json_name, head, show, head + ("<nil>" if is_pointer else zero)))

    def show_struct(value: Any) -> str:
        shown = []
        for json_name, head, show, zero in fields:
            if not json_name:
                shown.append(head + show(value))
                continue
            part = value.get(json_name)
            shown.append(zero if part is None else head + show(part))
        return f"{{{' '.join(shown)}}}"

    return go_name, show_struct, show_struct({})


def _quantity(value: Any) -> str:
    return _quantity_fields(go_quantity.read(str(quantity.parse(value))))


def _quantity_fields(read: go_quantity.GoQuantity) -> str:
    decimal = "<nil>"
    if read.decimal is not None:
        unscaled, scale = read.decimal
        words, rest = [], abs(unscaled)
        while rest:
            words.append(str(rest & WORD))
            rest >>= 64
        digits = f"[{' '.join(words)}]" if words else "<nil>"
        negative = _bool(unscaled < 0)
        decimal = f"{{unscaled:(big.Int){{neg:(bool){negative} abs:(big.nat){digits}}} scale:(inf.Scale){scale}}}"
    return (
        f"{{i:(resource.int64Amount){{value:(int64){read.value} scale:(resource.Scale){read.scale}}} "
        f"d:(resource.infDecAmount){{Dec:(*inf.Dec){decimal}}} s:(string){read.text} "
        f"Format:(resource.Format){read.format}}}"
    )


def _int_or_string(value: Any) -> str:
    kind, number, text = (1, 0, value) if isinstance(value, str) else (0, value, "")
    return f"{{Type:(intstr.Type){kind} IntVal:(int32){number} StrVal:(string){text}}}"


def _time(value: Any) -> str:
    instant = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    since = instant - YEAR_ONE
    return _time_fields(since.days * 86400 + since.seconds, LOCAL)


def _time_fields(seconds: int, place: str) -> str:
    return f"{{Time:(time.Time){{wall:(uint64)0 ext:(int64){seconds} loc:{place}}}}}"


def _fields_v1(value: Any) -> str:
    raw = json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    return f"{{Raw:([]uint8)[{' '.join(map(str, raw))}]}}"


# Types whose wire form is not their fields.
SPECIAL: dict[str, Printed] = {
    "resource.Quantity": (
        "resource.Quantity",
        _quantity,
        _quantity_fields(go_quantity.GoQuantity(0, 0, None, "", "")),
    ),
    "intstr.IntOrString": ("intstr.IntOrString", _int_or_string, _int_or_string(0)),
    "meta.Time": ("v1.Time", _time, _time_fields(0, UNKNOWN_PLACE)),
    "meta.FieldsV1": ("v1.FieldsV1", _fields_v1, "{Raw:([]uint8)<nil>}"),
}
