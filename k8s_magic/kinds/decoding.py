"""Objects as the server's decoder leaves them: JSON into Go's structs and back.

The round trip drops nulls, unknown fields and what is left out when empty; it adds what Go always writes (structs
and plain fields without `omitempty`), and brings quantities, times and base64 into canonical form. A first, fast pass
does that; only when it met something wrong, `complaints` walks again to find Go's words and the path.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from k8s_magic.kinds import complaints, tables
from k8s_magic.kinds.scalar import READERS, ZERO, Mismatch
from k8s_magic.machinery import errors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionKind

# A decoder answers the wire form; it appends to the list when it meets an unknown field.
Decoder = Callable[[Any, list[str]], Any]

# What becomes of an empty value: Go keeps it, leaves it out, or (lists and maps that are always written) shows null.
KEEP, DROP_EMPTY, NULL_EMPTY = 0, 1, 2


@cache
def decoder(go_type: str) -> Decoder:
    """The decoder of a Go type (pointers look like what they point to)."""
    type_ = tables.take_apart(go_type)
    if type_.sort == "plain":
        read = READERS[type_.key]
        return lambda value, unknown: read(value)
    if type_.sort == "list":
        return _list_decoder(type_.inner)
    if type_.sort == "map":
        return _map_decoder(type_.inner)
    return StructDecoder(type_.key)


def _list_decoder(inner: str) -> Decoder:
    item: list[Decoder] = []  # found at first use: types may contain themselves

    def decode(value: Any, unknown: list[str]) -> list[Any]:
        if type(value) is not list:
            raise Mismatch
        if not item:
            item.append(decoder(inner))
        one = item[0]
        return [zero(inner) if each is None else one(each, unknown) for each in value]

    return decode


def _map_decoder(inner: str) -> Decoder:
    item: list[Decoder] = []

    def decode(value: Any, unknown: list[str]) -> dict[str, Any]:
        if type(value) is not dict:
            raise Mismatch
        if not item:
            item.append(decoder(inner))
        one = item[0]
        return {key: zero(inner) if each is None else one(each, unknown) for key, each in value.items()}

    return decode


class StructDecoder:
    """Decodes one struct type. Its fields' decoders are made at first use."""

    __slots__ = ("_always", "_fields", "key")

    def __init__(self, key: str) -> None:
        self.key = key
        self._fields: dict[str, tuple[Decoder, int]] | None = None
        self._always: list[tuple[str, str]] = []

    def _build(self) -> dict[str, tuple[Decoder, int]]:
        fields: dict[str, tuple[Decoder, int]] = {}
        for name, field in tables.struct(self.key)["f"].items():
            go_type = field["t"]
            type_ = tables.take_apart(go_type)
            left_out = bool(field.get("o"))
            drop = left_out and not type_.is_pointer and type_.sort != "struct" and type_.key not in NEVER_EMPTY
            empties = NULL_EMPTY if type_.sort in ("list", "map") and not left_out else KEEP
            fields[name] = (decoder(go_type), DROP_EMPTY if drop else empties)
            if not left_out or _always_written(name, go_type):
                self._always.append((name, go_type))
        self._fields = fields
        return fields

    def __call__(self, value: Any, unknown: list[str]) -> Object:
        if type(value) is not dict:
            raise Mismatch
        fields = self._fields
        if fields is None:
            fields = self._build()
        out: Object = {}
        for name, each in value.items():
            field = fields.get(name)
            if field is None:
                unknown.append(name)
            elif each is not None:
                decoded = field[0](each, unknown)
                if decoded or field[1] == KEEP:
                    out[name] = decoded
                elif field[1] == NULL_EMPTY:
                    out[name] = None
        for name, go_type in self._always:
            if name not in out:
                out[name] = zero(go_type)
        return out


NEVER_EMPTY = {"IntOrString", "Quantity", "meta.v1.Time", "meta.v1.MicroTime", "meta.v1.Duration"}


def _always_written(name: str, go_type: str) -> bool:
    """Structs are written even with omitempty; creationTimestamp has omitzero."""
    type_ = tables.take_apart(go_type)
    if type_.is_pointer:
        return False
    if type_.sort == "struct":
        return True
    return type_.key in NEVER_EMPTY and name != "creationTimestamp"


def zero(go_type: str) -> Any:
    """What Go writes for a value that was not given."""
    type_ = tables.take_apart(go_type)
    if type_.is_pointer or type_.sort in ("list", "map"):
        return None
    if type_.sort == "struct":
        return decoder(type_.key)({}, [])
    return ZERO.get(type_.key)


def decode(data: Any, gvk: GroupVersionKind) -> tuple[Object, list[str]]:
    """An object as the server's decoder leaves it (fresh all through), and the strict errors.

    Raises: BadRequest with Go's words for a value of the wrong type.
    """
    key = tables.type_key(*gvk)
    unknown: list[str] = []
    try:
        decoded: Object = decoder(key)(data, unknown)
    except Mismatch:
        words = complaints.mismatch(data, key)
        where = f'{gvk.kind} in version "{gvk.version}" cannot be handled as a {gvk.kind}'
        raise errors.bad_request(f"{where}: {words}") from None
    return decoded, complaints.unknown_fields(data, key) if unknown else []
