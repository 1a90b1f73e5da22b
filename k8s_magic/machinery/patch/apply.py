"""Server-side apply: merge what a manager wants into the live object, and keep count of who owns what.

Source: apimachinery/pkg/util/managedfields/internal/{fieldmanager,structuredmerge,conflict,lastappliedmanager}.go,
structured-merge-diff merge/update.go
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.patch import fields_v1, managed_fields, typed
from k8s_magic.machinery.patch.errors import PatchError
from k8s_magic.machinery.patch.fields_v1 import Path, Set
from k8s_magic.machinery.patch.managed_fields import APPLY, Entry, Managed, Object, Owners
from k8s_magic.machinery.patch.values import same
from k8s_magic.machinery.schema import Schema
from k8s_magic.text import json_out

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
Conflict = tuple[Managed, Path]


def merge(
    live: Object | None,
    applied: Object,
    schema: Schema | None,
    manager: str,
    managed: Iterable[Entry] | None,
    force: bool = False,
    *,
    time: str = "",
    subresource: str = "",
) -> tuple[Object, list[Entry]]:
    """The object after the apply (without managedFields) and its new managedFields entries.

    `live` is None where the apply creates. Where nothing changes, the live object itself comes back.

    Raises: ApiError 409 Conflict with one cause a field, unless forced; 400 BadRequest for an applied
    configuration that has no identity (list items without keys, managedFields set).
    """
    if applied.get("metadata", {}).get("managedFields") is not None:
        raise errors.bad_request("metadata.managedFields must be nil")
    owners = managed_fields.decode(managed)
    before = {} if live is None else managed_fields.bare(live)
    self = Managed(manager, APPLY, applied.get("apiVersion", ""), subresource, time, {})
    try:
        after, owners, found = _apply(before, applied, schema, owners, self)
    except PatchError as error:
        raise errors.bad_request(str(error)) from None
    if found and not force:
        left = found
        if manager == "kubectl":
            allowed = _allowed_conflicts(before, schema)
            left = [conflict for conflict in found if not fields_v1.has(allowed, conflict[1])]
        if left:
            raise conflict_error(left)
    unchanged = live is not None and same(before, after)
    if unchanged:
        after = before
        previous = managed_fields.decode(managed).get(self.identity)
        if previous is not None and self.identity in owners:
            owners[self.identity] = owners[self.identity]._replace(time=previous.time)
    if manager == "kubectl":
        after = _with_last_applied(after, applied)
    return after, managed_fields.encode(owners)


def _apply(
    live: Object, applied: Object, schema: Schema | None, owners: Owners, self: Managed
) -> tuple[Object, Owners, list[Conflict]]:
    """(new object, owners when forced, conflicts)."""
    ignored = managed_fields.ignored_fields(self.subresource)
    merged = typed.merge(live, applied, schema)
    mine = fields_v1.without_trees(typed.to_set(applied, schema), ignored)
    last = owners.get(self.identity)
    owners = {**owners, self.identity: self.with_fields(mine)}
    after = _without_nulls(_prune(merged, owners, last, schema))

    difference = typed.compare(live, after, schema).without_trees(ignored)
    changed = fields_v1.union(difference.modified, difference.added)
    conflicts: list[Conflict] = []
    rest: Owners = {}
    for identity, owner in owners.items():
        if identity == self.identity:
            fields = fields_v1.difference(owner.fields, managed_fields.STRIPPED)
        else:
            lost = fields_v1.intersection(owner.fields, changed)
            conflicts += [(owner, path) for path in fields_v1.paths(lost)]
            fields = fields_v1.difference(fields_v1.difference(owner.fields, lost), difference.removed)
        if fields:
            rest[identity] = owner.with_fields(fields)
    return after, rest, conflicts


def _prune(merged: Object, owners: Owners, last: Managed | None, schema: Schema | None) -> Object:
    """Removes what the manager applied before, does not now, and nobody else owns."""
    if last is None or not last.fields:
        return merged
    widen = typed.with_named_fields
    before = widen(last.fields, schema)
    pruned = typed.remove(merged, before, schema) or {}
    all_owned: Set = {}
    for owner in owners.values():
        all_owned = fields_v1.union(all_owned, owner.fields)
    everything = widen(typed.to_set(merged, schema), schema)
    kept = fields_v1.union(widen(typed.to_set(pruned, schema), schema), widen(all_owned, schema))
    pruned = typed.remove(merged, fields_v1.difference(everything, kept), schema) or {}
    gone = fields_v1.difference(everything, widen(typed.to_set(pruned, schema), schema))
    result: Object = typed.remove(merged, fields_v1.intersection(gone, before), schema) or {}
    return result


def _without_nulls(value: Any) -> Any:
    """As decoding leaves an object: a null is no field."""
    if isinstance(value, dict):
        kept = {key: _without_nulls(held) for key, held in value.items() if held is not None}
        if len(kept) == len(value) and all(kept[key] is value[key] for key in kept):
            return value
        return kept
    if isinstance(value, list):
        items = [_without_nulls(item) for item in value]
        return value if all(map(lambda new, old: new is old, items, value)) else items
    return value


# --- Conflicts -------------------------------------------------------------------------------------------------


def _owner_text(owner: Managed) -> str:
    text = json.dumps(owner.manager, ensure_ascii=False)
    if owner.subresource:
        text += f' with subresource "{owner.subresource}"'
    if owner.operation != APPLY:
        text += f" using {owner.api_version}"
    return text


def conflict_error(conflicts: list[Conflict]) -> ApiError:
    """409 with the message that kubectl shows and one cause a field."""
    conflicts = sorted(conflicts, key=lambda conflict: _sort_text(conflict[0]))
    causes = [
        {
            "reason": "FieldManagerConflict",
            "message": f"conflict with {_owner_text(owner)}",
            "field": fields_v1.path_text(path),
        }
        for owner, path in conflicts
    ]
    if len(conflicts) == 1:
        owner, path = conflicts[0]
        said = f"1 conflict: conflict with {_owner_text(owner)}: {fields_v1.path_text(path)}"
    else:
        lines: list[str] = []
        for owner, path in conflicts:
            heading = f"conflicts with {_owner_text(owner)}:"
            if heading not in lines:
                lines.append(heading)
            lines.append(f"- {fields_v1.path_text(path)}")
        said = f"{len(conflicts)} conflicts: " + "\n".join(lines)
    return errors.failure(409, "Conflict", f"Apply failed with {said}", {"causes": causes})


def _sort_text(owner: Managed) -> str:
    """The identifier that upstream sorts by: the entry as JSON, in the struct's order."""
    fields = {"manager": owner.manager, "operation": owner.operation}
    if owner.operation != APPLY:
        fields["apiVersion"] = owner.api_version
    if owner.subresource:
        fields["subresource"] = owner.subresource
    return json_out.compact(fields, sort=False)


# --- The annotation of client-side apply -----------------------------------------------------------------------


def _annotation(obj: Object) -> str:
    found: str = (obj.get("metadata", {}).get("annotations") or {}).get(LAST_APPLIED, "")
    return found


def _allowed_conflicts(live: Object, schema: Schema | None) -> Set:
    """What client-side apply last set and is still so: kubectl may take that over."""
    try:
        last = json.loads(_annotation(live) or "null")
    except ValueError:
        return {}
    if not isinstance(last, dict) or last.get("apiVersion") != live.get("apiVersion"):
        return {}
    try:
        difference = typed.compare(last, live, schema)
        held = typed.to_set(last, schema)
    except PatchError:
        return {}
    for lost in difference:
        held = fields_v1.difference(held, lost)
    return held


def _with_last_applied(obj: Object, applied: Object) -> Object:
    """Keeps the annotation of client-side apply true, where the object has one."""
    if not _annotation(obj):
        return obj
    shown = applied
    if _annotation(applied):
        metadata = applied["metadata"]
        annotations = {key: value for key, value in metadata["annotations"].items() if key != LAST_APPLIED}
        shown = {**applied, "metadata": {**metadata, "annotations": annotations}}
    text = json_out.compact(shown) + "\n"
    metadata = obj["metadata"]
    if metadata["annotations"][LAST_APPLIED] == text:
        return obj
    return {**obj, "metadata": {**metadata, "annotations": {**metadata["annotations"], LAST_APPLIED: text}}}
