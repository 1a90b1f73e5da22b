"""Options and objects as they are sent and as they come back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import DeleteOptions, ListOptions, WriteOptions


def reading(options: ListOptions) -> dict[str, Any]:
    return {
        "labelSelector": options.label_selector,
        "fieldSelector": options.field_selector,
        "limit": options.limit,
        "continue": options.continue_,
        "resourceVersion": options.resource_version,
        "resourceVersionMatch": options.resource_version_match,
        "includeObject": options.include_object if options.table and options.include_object != "Metadata" else "",
    }


def writing(options: WriteOptions) -> dict[str, Any]:
    return {
        "dryRun": "All" if options.dry_run else "",
        "fieldManager": options.field_manager,
        "fieldValidation": options.field_validation,
    }


def deleting(options: DeleteOptions) -> Object:
    body: Object = {"kind": "DeleteOptions", "apiVersion": "v1"}
    if options.grace_period_seconds is not None:
        body["gracePeriodSeconds"] = options.grace_period_seconds
    if options.propagation:
        body["propagationPolicy"] = options.propagation
    if options.dry_run:
        body["dryRun"] = ["All"]
    conditions = {"uid": options.uid, "resourceVersion": options.resource_version}
    if any(conditions.values()):
        body["preconditions"] = {name: value for name, value in conditions.items() if value}
    return body


def unmanaged(obj: Object) -> Object:
    metadata = obj.get("metadata")
    if isinstance(metadata, dict) and "managedFields" in metadata:
        kept = {name: value for name, value in metadata.items() if name != "managedFields"}
        return {**obj, "metadata": kept}
    return obj


def typed(answer: Object, managed_fields: bool) -> Object:
    """A list whose items tell their kind."""
    if "items" not in answer:
        return answer
    kind, version = answer.get("kind", "").removesuffix("List"), answer.get("apiVersion", "")
    items = [{"kind": kind, "apiVersion": version, **item} for item in answer["items"] or ()]
    return {**answer, "items": items if managed_fields else [unmanaged(item) for item in items]}


def resources(group: Object) -> Iterator[Mapping[str, Any]]:
    for version in group["versions"]:
        for entry in version["resources"]:
            yield {
                "name": entry["resource"],
                "singularName": entry["singularResource"],
                "namespaced": entry["scope"] == "Namespaced",
                "group": group["metadata"].get("name", ""),
                "version": version["version"],
                "kind": entry["responseKind"]["kind"],
                "verbs": entry["verbs"],
                "shortNames": entry.get("shortNames") or [],
                "categories": entry.get("categories") or [],
                "subresources": [each["subresource"] for each in entry.get("subresources") or ()],
            }
