"""JSON patch (RFC 6902) as the API server applies it: evanphx/json-patch with its words and its leniences.

Differences from the RFC that people can meet: `replace` of a missing key of an object adds it; an index may be
negative and then counts from the end.

Source: evanphx/json-patch v4 patch.go, apiserver/pkg/endpoints/handlers/patch.go
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from k8s_magic.machinery.patch.errors import PatchError
from k8s_magic.machinery.patch.values import same

MAX_OPERATIONS = 10000  # apiserver/pkg/endpoints/handlers/patch.go maxJSONPatchOperations
_INDEX = re.compile(r"[-+]?[0-9]{1,18}", re.ASCII)
_MISSING = "missing value"
_ABSENT = object()


def apply(doc: Any, operations: Any) -> Any:
    """The patched document.

    Raises: PatchError, BadRequest where `operations` is no list of operations, else Invalid.
    """
    if operations is None:
        return doc
    if not isinstance(operations, list):
        raise PatchError(
            f"json: cannot unmarshal {_json_type(operations)} into Go value of type jsonpatch.Patch", "BadRequest"
        )
    for operation in operations:
        if not isinstance(operation, dict):
            name = _json_type(operation)
            raise PatchError(f"json: cannot unmarshal {name} into Go value of type jsonpatch.Operation", "BadRequest")
    if len(operations) > MAX_OPERATIONS:
        raise PatchError(
            f"The allowed maximum operations in a JSON patch is {MAX_OPERATIONS}, got {len(operations)}",
            "RequestEntityTooLarge",
        )
    for operation in operations:
        doc = _apply_one(doc, operation)
    return doc


def _json_type(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "array"
    return "string" if isinstance(value, str) else "null"


def _fail(message: str) -> PatchError:
    return PatchError(message, "Invalid")


def _apply_one(doc: Any, operation: dict[str, Any]) -> Any:
    kind = operation.get("op")
    if not isinstance(kind, str):
        kind = "unknown"
    if kind not in ("add", "remove", "replace", "move", "test", "copy"):
        raise _fail(f"Unexpected kind: {kind}")
    path = operation.get("path")
    if not isinstance(path, str):
        raise _fail(f"{kind} operation failed to decode path: {_MISSING}")
    value = operation.get("value")
    if kind == "add":
        _require(doc, path, f'add operation does not apply: doc is missing path: "{path}"')
        return _add(doc, path, value, f"error in add for path: '{path}'")
    if kind == "remove":
        _require(doc, path, f'remove operation does not apply: doc is missing path: "{path}"')
        return _remove(doc, path, f"error in remove for path: '{path}'")
    if kind == "replace":
        return _replace(doc, path, value)
    if kind == "test":
        return _test(doc, path, value, "value" in operation)
    source = operation.get("from")
    if not isinstance(source, str):
        raise _fail(f"{kind} operation failed to decode from: operation, missing from field: {_MISSING}")
    _require(doc, source, f"{kind} operation does not apply: doc is missing from path: {source}")
    moved = _get(doc, source, f"error in {kind} for path: '{source}'")
    moved = None if moved is _ABSENT else moved
    if kind == "move":
        doc = _remove(doc, source, f"error in move for path: '{source}'")
    _require(doc, path, f"{kind} operation does not apply: doc is missing destination path: {path}")
    return _add(doc, path, moved, f"error in {kind} for path: '{path}'")


def _replace(doc: Any, path: str, value: Any) -> Any:
    if not path:
        if not isinstance(value, dict | list):
            raise _fail("replace operation value must be object or array")
        return value
    _require(doc, path, f"replace operation does not apply: doc is missing path: {path}")
    try:
        _get(doc, path, "")
    except PatchError:
        raise _fail(f"replace operation does not apply: doc is missing key: {path}: {_MISSING}") from None
    parts = _parts(path)
    return _with(doc, parts[:-1], lambda parent: _set(parent, parts[-1], value))


def _test(doc: Any, path: str, value: Any, has_value: bool) -> Any:
    if not path:
        found = doc
    else:
        _require(doc, path, f"test operation does not apply: is missing path: {path}")
        found = _get(doc, path, f"error in test for path: '{path}'")
        found = None if found is _ABSENT else found
    if (found is None and value is None and has_value) or (found is not None and has_value and same(found, value)):
        return doc
    raise _fail(f"testing value {path} failed: test failed")


# --- Places ----------------------------------------------------------------------------------------------------


def _parts(path: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]


def _require(doc: Any, path: str, message: str) -> None:
    """The place's parent must be there and be an object or array."""
    if "/" not in path:
        raise _fail(f"{message}: {_MISSING}")
    here = doc
    for part in _parts(path)[:-1]:
        try:
            here = _child(here, part)
        except PatchError:
            here = None
        if not isinstance(here, dict | list):
            raise _fail(f"{message}: {_MISSING}")
    if not isinstance(here, dict | list):
        raise _fail(f"{message}: {_MISSING}")


def _child(parent: Any, part: str) -> Any:
    if isinstance(parent, dict):
        return parent.get(part, _ABSENT)
    return parent[_position(parent, part, len(parent))]


def _position(array: Sequence[Any], part: str, end: int) -> int:
    """An index below `end`, counted from the end of the array where it is negative."""
    if _INDEX.fullmatch(part) is None:
        raise _fail(f'strconv.Atoi: parsing "{part}": invalid syntax')
    index = int(part)
    if index >= end or index < -end:
        raise _fail(f"Unable to access invalid index: {index}: invalid index referenced")
    return index + end if index < 0 else index


def _get(doc: Any, path: str, message: str) -> Any:
    here = doc
    try:
        for part in _parts(path):
            here = _child(here, part)
    except PatchError as error:
        raise _fail(f"{message}: {error}") from None
    return here


def _add(doc: Any, path: str, value: Any, message: str) -> Any:
    parts = _parts(path)

    def change(parent: Any) -> Any:
        part = parts[-1]
        if isinstance(parent, dict):
            return {**parent, part: value}
        if part == "-":
            return [*parent, value]
        if _INDEX.fullmatch(part) is None:
            why = f"value was not a proper array index: '{part}'"
            raise _fail(f'{message}: {why}: strconv.Atoi: parsing "{part}": invalid syntax')
        try:
            index = _position(parent, part, len(parent) + 1)
        except PatchError as error:
            raise _fail(f"{message}: {error}") from None
        return [*parent[:index], value, *parent[index:]]

    return _with(doc, parts[:-1], change)


def _set(parent: Any, part: str, value: Any) -> Any:
    if isinstance(parent, dict):
        return {**parent, part: value}
    index = _position(parent, part, len(parent))
    return [*parent[:index], value, *parent[index + 1 :]]


def _remove(doc: Any, path: str, message: str) -> Any:
    parts = _parts(path)

    def change(parent: Any) -> Any:
        part = parts[-1]
        if isinstance(parent, dict):
            if part not in parent:
                raise _fail(f"{message}: Unable to remove nonexistent key: {part}: {_MISSING}")
            return {name: held for name, held in parent.items() if name != part}
        try:
            index = _position(parent, part, len(parent))
        except PatchError as error:
            raise _fail(f"{message}: {error}") from None
        return [*parent[:index], *parent[index + 1 :]]

    return _with(doc, parts[:-1], change)


def _with(doc: Any, parts: list[str], change: Any) -> Any:
    """The document with one container changed; only the path to it is copied."""
    if not parts:
        return change(doc)
    return _set(doc, parts[0], _with(_child(doc, parts[0]), parts[1:], change))
