"""Query parameters and bodies as the records of machinery.protocols.

Source: apimachinery/pkg/apis/meta/v1/types.go (ListOptions, CreateOptions, PatchOptions, DeleteOptions)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from k8s_magic.httpapi import protobuf
from k8s_magic.machinery import errors
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import DeleteOptions, ListOptions, LogOptions, PatchType, WriteOptions
from k8s_magic.text import yaml_in

Query = Mapping[str, str]

PATCHES: dict[str, PatchType] = {
    "application/json-patch+json": "json",
    "application/merge-patch+json": "merge",
    "application/strategic-merge-patch+json": "strategic",
    "application/apply-patch+yaml": "apply",
}
JSON, YAML = "application/json", "application/yaml"


def whole_number(query: Query, name: str) -> int | None:
    """Raises: BadRequest."""
    text = query.get(name, "")
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise errors.bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None


def is_set(query: Query, name: str) -> bool:
    return query.get(name, "").lower() not in ("", "0", "false")


def reading(query: Query, *, table: bool, managed_fields: bool) -> ListOptions:
    return ListOptions(
        label_selector=query.get("labelSelector", ""),
        field_selector=query.get("fieldSelector", ""),
        limit=whole_number(query, "limit") or 0,
        continue_=query.get("continue", ""),
        resource_version=query.get("resourceVersion", ""),
        resource_version_match=query.get("resourceVersionMatch", ""),
        table=table,
        include_object=query.get("includeObject", "") or "Metadata",
        managed_fields=managed_fields,
    )


def writing(query: Query, agent: str) -> WriteOptions:
    """`agent` is the User-Agent: its first word stands for a field manager that is not given."""
    return WriteOptions(
        dry_run=bool(query.get("dryRun")),
        field_manager=query.get("fieldManager") or agent.partition("/")[0][:128],
        field_validation=query.get("fieldValidation") or "Warn",
        force=is_set(query, "force"),
    )


def deleting(query: Query, body: Any) -> DeleteOptions:
    """Options in the body count before those of the query. Raises: BadRequest."""
    given = body if isinstance(body, dict) else {}
    conditions = given.get("preconditions") or {}
    grace = given.get("gracePeriodSeconds", whole_number(query, "gracePeriodSeconds"))
    orphan = given.get("orphanDependents", {"true": True, "false": False}.get(query.get("orphanDependents", "")))
    propagation = given.get("propagationPolicy") or query.get("propagationPolicy", "")
    if orphan is not None and not propagation:
        propagation = "Orphan" if orphan else "Background"
    return DeleteOptions(
        dry_run=bool(given.get("dryRun") or query.get("dryRun")),
        grace_period_seconds=grace,
        propagation=propagation,
        uid=conditions.get("uid") or "",
        resource_version=conditions.get("resourceVersion") or "",
    )


def logs(query: Query) -> LogOptions:
    return LogOptions(
        container=query.get("container", ""),
        follow=is_set(query, "follow"),
        previous=is_set(query, "previous"),
        since_seconds=whole_number(query, "sinceSeconds"),
        since_time=query.get("sinceTime", ""),
        timestamps=is_set(query, "timestamps"),
        tail_lines=whole_number(query, "tailLines"),
        limit_bytes=whole_number(query, "limitBytes"),
    )


def body_of(content: bytes, content_type: str) -> Any:
    """The data of a body, None for an empty one. Raises: BadRequest, UnsupportedMediaType."""
    if not content.strip():
        return None
    media = content_type.partition(";")[0].strip().lower() or JSON
    if media == YAML or media.endswith("+yaml"):
        return _yaml(content)
    if media == protobuf.MEDIA:
        return protobuf.decode(content)
    if media != JSON:
        accepted = f"{JSON}, {YAML}, {protobuf.MEDIA}"
        raise errors.unsupported_media_type(
            f"the body of the request was in an unknown format - accepted media types include: {accepted}"
        )
    return parse_json(content)


def parse_json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise errors.bad_request(f"the object provided is unrecognized (must be of type Object): {error}") from None


def _yaml(content: bytes) -> Any:
    try:
        documents = yaml_in.documents(content.decode())
    except (yaml_in.YamlError, UnicodeDecodeError) as error:
        raise errors.bad_request(f"error decoding YAML: {error}") from None
    if len(documents) > 1:
        raise errors.bad_request("a body holds one document")
    return documents[0].data if documents else None


def patch_of(content: bytes, content_type: str, resource: GroupVersionResource) -> tuple[Any, PatchType]:
    """A patch and its type. What is malformed is passed on as text: the API server has words of its own for it."""
    media = content_type.partition(";")[0].strip().lower()
    if media not in PATCHES:
        raise errors.unsupported_media_type(
            "the body of the request was in an unknown format - accepted media types include: " + ", ".join(PATCHES)
        )
    if PATCHES[media] == "apply":
        return _yaml(content), "apply"
    try:
        patch = json.loads(content)
    except (ValueError, RecursionError):
        patch = None
    return patch if isinstance(patch, dict | list) else content.decode(errors="replace"), PATCHES[media]
