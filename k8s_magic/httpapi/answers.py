"""What a client accepts, and objects as it wants them.

Tables and bare metadata are asked for in the Accept header; protobuf is never agreed to.
Source: apiserver/pkg/endpoints/handlers/negotiation, …/handlers/response.go
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from k8s_magic.machinery import errors
from k8s_magic.machinery.meta import Object
from k8s_magic.text import yaml_out

JSON, YAML = "application/json", "application/yaml"
META = "meta.k8s.io"
_FIRST = ("kind", "apiVersion", "metadata")


class Form(NamedTuple):
    """`shape` is "", Table or PartialObjectMetadata; `kind` and `group` are what was asked for by `as` and `g`."""

    media: str = JSON
    shape: str = ""
    group: str = ""
    version: str = ""


class Clause(NamedTuple):
    media: str
    parameters: dict[str, str]


def clauses(accept: str) -> Iterable[Clause]:
    """The Accept header's alternatives, the client's favourite first."""
    found = []
    for position, part in enumerate(accept.split(",")):
        media, *words = (word.strip() for word in part.split(";"))
        parameters = dict(word.split("=", 1) for word in words if "=" in word)
        try:
            weight = float(parameters.pop("q", "1"))
        except ValueError:
            weight = 1.0
        found.append((-weight, position, Clause(media.lower(), parameters)))
    return [clause for *_, clause in sorted(found, key=lambda each: each[:2])]


def negotiate(accept: str) -> Form:
    """Raises: NotAcceptable."""
    for clause in clauses(accept or "*/*"):
        media = {"*/*": JSON, "application/*": JSON, "application/json": JSON, "application/yaml": YAML}.get(
            clause.media
        )
        if media is None:
            continue
        shape = clause.parameters.get("as", "")
        if not shape:
            return Form(media)
        if clause.parameters.get("g") == META and clause.parameters.get("v") in ("v1", "v1beta1"):
            if shape == "Table":
                return Form(media, "Table")
            if shape in ("PartialObjectMetadata", "PartialObjectMetadataList"):
                return Form(media, "PartialObjectMetadata")
    raise errors.failure(406, "NotAcceptable", f"only the following media types are accepted: {JSON}, {YAML}")


def shaped(obj: Object, form: Form) -> Object:
    """An answer in the shape that was asked for; the API server makes Tables itself."""
    if "items" in obj and isinstance(obj["items"], list):
        if form.shape == "PartialObjectMetadata":
            items = [partial(item) for item in obj["items"]]
            return {
                "kind": "PartialObjectMetadataList",
                "apiVersion": f"{META}/v1",
                "metadata": obj["metadata"],
                "items": items,
            }
        return {**obj, "items": [_without_type(item) for item in obj["items"]]}
    if form.shape == "PartialObjectMetadata" and obj.get("kind") != "Status":
        return partial(obj)
    return obj


def partial(obj: Object) -> Object:
    return {"kind": "PartialObjectMetadata", "apiVersion": f"{META}/v1", "metadata": obj.get("metadata", {})}


def _without_type(item: Object) -> Object:
    """In a list of a built-in kind the list alone tells the kind, as Go's encoder leaves it."""
    return {field: value for field, value in item.items() if field not in ("kind", "apiVersion")}


def ordered(obj: Any) -> Any:
    """With the type and the metadata first, as the server writes objects."""
    if not isinstance(obj, dict) or next(iter(obj), "") == "kind":
        return obj
    return {**{field: obj[field] for field in _FIRST if field in obj}, **obj}


PLAIN = Form()


def encode(obj: Any, form: Form = PLAIN, *, pretty: bool = False) -> bytes:
    if form.media == YAML:
        return yaml_out.dump(obj).encode()
    if pretty:
        return (json.dumps(ordered(obj), indent=2, ensure_ascii=False) + "\n").encode()
    return (json.dumps(ordered(obj), separators=(",", ":"), ensure_ascii=False) + "\n").encode()


def warning(text: str) -> str:
    """A Warning header's value. Source: RFC 7234 section 5.5, apimachinery/pkg/util/net/http.go (NewWarningHeader)"""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'299 - "{escaped}"'
