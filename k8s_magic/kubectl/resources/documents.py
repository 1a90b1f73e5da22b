"""Objects out of files, as they are read one by one: a bad document comes to light after the good ones before it.

Source: cli-runtime/pkg/resource/{visitor,mapper}.go (StreamVisitor, infoForData), kubectl/pkg/validation/schema.go
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from k8s_magic.kubectl.errors import Aggregate, KubectlError
from k8s_magic.kubectl.mapper import Mapper, NoKindMatch, gvk_of
from k8s_magic.kubectl.resources.info import Info
from k8s_magic.kubectl.resources.visitors import Visitor, Walk
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text import json_out

STOP_VALIDATING = "if you choose to ignore these errors, turn validation off with --validate=false"
EXTENSIONS = (".json", ".yaml", ".yml")
STDIN = "STDIN"


def decode_text(data: bytes) -> str:
    """A file's text: UTF-8, or UTF-16 where a byte order mark says so."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


def documents(text: str, source: str) -> Iterator[Any]:
    """The data of each document that is not empty. Raises: KubectlError at the first that cannot be read."""
    from k8s_magic.text import yaml_in  # slow to import, and only needed for files

    try:
        found = yaml_in.documents(text, name=source)
    except yaml_in.YamlError as error:
        yield from _before_error(text, yaml_in.load, yaml_in.YamlError)
        raise KubectlError(f"error parsing {source}: {error}") from error
    for document in found:
        yield document.data


def _before_error(text: str, load: Callable[[str], Any], failure: type[Exception]) -> Iterator[Any]:
    """The documents before the one that cannot be read."""
    chunk: list[str] = []
    for line in text.splitlines(keepends=True):
        if not line.startswith("---"):
            chunk.append(line)
            continue
        if chunk:
            try:
                data = load("".join(chunk))
            except failure:
                return
            if data is not None:
                yield data
        rest = line[3:].strip()
        if rest and not rest.startswith("#"):
            return
        chunk = []


def check(data: Any, source: str) -> None:
    """What is validated before the server does: there is a kind. Raises: KubectlError."""
    complaints: list[Exception] = []
    if not isinstance(data, dict):
        complaints.append(KubectlError("invalid object to validate"))
    else:
        for name in ("apiVersion", "kind"):
            if data.get(name) is None:
                complaints.append(KubectlError(f"{name} not set"))
            elif not isinstance(data[name], str):
                complaints.append(KubectlError(f"{name} isn't string type"))
    if complaints:
        why = Aggregate(complaints)
        raise KubectlError(f'error validating "{source}": error validating data: {why}; {STOP_VALIDATING}')


_GO_TYPES = {str: "string", list: "array", bool: "bool", int: "number", float: "number", dict: "object"}
_TEXTS = ("name", "namespace", "generateName", "uid", "resourceVersion")


def decode(data: Any, source: str) -> dict[str, Any]:
    """The object in a document. Raises: KubectlError in the decoder's words."""

    def refuse(why: str) -> KubectlError:
        return KubectlError(f'unable to decode "{source}": {why}')

    if not isinstance(data, dict):
        found = _GO_TYPES.get(type(data), "value")
        raise refuse(f"json: cannot unmarshal {found} into Go value of type unstructured.detector")
    for name in ("apiVersion", "kind"):
        if data.get(name) is not None and not isinstance(data[name], str):
            found = _GO_TYPES.get(type(data[name]), "value")
            raise refuse(f"json: cannot unmarshal {found} into Go struct field detector.{name} of type string")
    if not data.get("kind"):
        raise refuse(f"Object 'Kind' is missing in '{json_out.compact(data)}'")
    metadata = data.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        found = _GO_TYPES.get(type(metadata), "value")
        raise refuse(
            f"json: cannot unmarshal {found} into Go struct field PartialObjectMetadata.metadata of type v1.ObjectMeta"
        )
    for name in _TEXTS:
        value = (metadata or {}).get(name)
        if value is not None and not isinstance(value, str):
            found = _GO_TYPES.get(type(value), "value")
            raise refuse(
                f"json: cannot unmarshal {found} into Go struct field ObjectMeta.metadata.{name} of type string"
            )
    for name in ("labels", "annotations"):
        _check_map(name, (metadata or {}).get(name), refuse)
    if isinstance(data.get("items"), list):
        return {**data, "items": [decode(_typed(item, data), source) for item in data["items"]]}
    return data if metadata is not None else {**data, "metadata": {}}


def _typed(item: Any, listing: dict[str, Any]) -> Any:
    """An item of a `PodList` is a Pod, also where it does not say so."""
    kind = listing["kind"].removesuffix("List")
    if not isinstance(item, dict) or item.get("kind") or not kind or kind == listing["kind"]:
        return item
    return {**item, "apiVersion": item.get("apiVersion") or listing.get("apiVersion", ""), "kind": kind}


def _check_map(name: str, value: Any, refuse: Any) -> None:
    if value is None:
        return
    if not isinstance(value, dict):
        found = _GO_TYPES.get(type(value), "value")
        raise refuse(
            f"json: cannot unmarshal {found} into Go struct field ObjectMeta.metadata.{name} of type map[string]string"
        )
    for item in value.values():
        if item is not None and not isinstance(item, str):
            found = _GO_TYPES.get(type(item), "value")
            raise refuse(
                f"json: cannot unmarshal {found} into Go struct field ObjectMeta.metadata.{name} of type string"
            )


def stream(text: str, source: str, client: Transport, mapper: Mapper | None, validate: bool) -> Walk:
    """A walk over a text's objects; `mapper` None makes it local."""

    def walk(visit: Visitor) -> None:
        for data in documents(text, source):
            if validate:
                check(data, source)
            try:
                info = info_for(data, source, client, mapper)
            except KubectlError as error:
                visit(None, error)
                continue
            visit(info, None)

    return walk


def info_for(data: Any, source: str, client: Transport, mapper: Mapper | None) -> Info:
    obj = decode(data, source)
    metadata = obj.get("metadata") or {}
    name, namespace = metadata.get("name") or "", metadata.get("namespace") or ""
    mapping = None
    is_a_list = isinstance(obj.get("items"), list)
    if mapper is not None and not is_a_list:
        try:
            mapping = mapper.for_kind(gvk_of(obj))
        except NoKindMatch as error:
            raise KubectlError(
                f'resource mapping not found for name: "{name}" namespace: "{namespace}" from "{source}": {error}\n'
                "ensure CRDs are installed first"
            ) from None
    return Info(client, mapping, namespace, name, source, obj, metadata.get("resourceVersion") or "")
