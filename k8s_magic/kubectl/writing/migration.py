"""From client-side to server-side apply: the fields that kubectl-client-side-apply owned become the applier's.

Source: client-go/util/csaupgrade/upgrade.go
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kubectl.writing.last_applied import ANNOTATION
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.patch import fields_v1

_PATH = ("f:metadata", "f:annotations", f"f:{ANNOTATION}")


def _owns_annotation(entry: Object) -> bool:
    return fields_v1.has(entry.get("fieldsV1") or {}, _PATH)


def owners(obj: Object, operation: str) -> list[str]:
    """Managers that own the last-applied annotation."""
    return [
        entry.get("manager", "")
        for entry in obj["metadata"].get("managedFields") or ()
        if entry["operation"] == operation and not entry.get("subresource") and _owns_annotation(entry)
    ]


def patch(obj: Object, manager: str) -> list[Any] | None:
    """A JSON patch of managedFields; None where there is nothing to take over."""
    names = owners(obj, "Update")
    entries: list[Object] = list(obj["metadata"].get("managedFields") or ())
    taken = [
        entry
        for entry in entries
        if entry["operation"] == "Update" and entry.get("manager") in names and not entry.get("subresource")
    ]
    if not taken:
        return None
    rest = [entry for entry in entries if entry not in taken]
    mine = [
        entry
        for entry in rest
        if entry["operation"] == "Apply" and entry.get("manager") == manager and not entry.get("subresource")
    ]
    fields = mine[0]["fieldsV1"] if mine else {}
    for entry in taken:
        fields = fields_v1.union(fields, entry["fieldsV1"])
    base = mine[0] if mine else {**taken[0], "manager": manager, "operation": "Apply"}
    applied = {**base, "fieldsV1": fields}
    if mine:
        rest = [applied if entry is mine[0] else entry for entry in rest]
    else:
        rest = [applied, *rest]
    return [
        {"op": "replace", "path": "/metadata/managedFields", "value": rest},
        {"op": "replace", "path": "/metadata/resourceVersion", "value": obj["metadata"]["resourceVersion"]},
    ]
