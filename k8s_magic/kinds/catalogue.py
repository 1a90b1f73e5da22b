"""Builds the Kind records: names from discovery, behaviour from the kind's folder, the rest loaded when needed."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from k8s_magic.kinds import defaults, strategy, tables
from k8s_magic.kinds.record import Behaviour
from k8s_magic.machinery.errors import FieldError
from k8s_magic.machinery.kind import Clock, Column, Kind
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionKind, GroupVersionResource

ROOM = Path(__file__).parent
PACKAGE = "k8s_magic.kinds"
NOT_KINDS = {"custom", "defaults", "generated", "validation"}

# Groups whose metadata is held to apimachinery's rules only. Source: pkg/apis/*/validation
GENERIC = ("admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io")

# Source: printers/tablegenerator and apiserver registry/rest/table.go (the table of a kind without its own)
PLAIN_COLUMNS = (
    Column("Name", "string", "name"),
    Column("Created At", "date"),
)


@cache
def behaviours() -> dict[tuple[str, str], tuple[str, Behaviour]]:
    """(group, kind) -> (folder, record), found by sorted discovery."""
    found: dict[tuple[str, str], tuple[str, Behaviour]] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules([str(ROOM)]) if module.ispkg):
        if name in NOT_KINDS:
            continue
        module = import_module(f"{PACKAGE}.{name}")
        records: tuple[Behaviour, ...] = module.KIND if isinstance(module.KIND, tuple) else (module.KIND,)
        for record in records:
            found[record.group, record.kind] = (name, record)
    return found


@cache
def part(folder: str, name: str) -> ModuleType | None:
    """A module of a kind's folder, None where the kind has none."""
    if not folder or not (ROOM / folder / f"{name}.py").exists():
        return None
    return import_module(f"{PACKAGE}.{folder}.{name}")


@cache
def all_kinds() -> tuple[Kind, ...]:
    return tuple(_build(record) for record in tables.discovery())


@cache
def _by_resource() -> dict[GroupVersionResource, Kind]:
    return {kind.gvr: kind for kind in all_kinds()}


@cache
def _by_gvk() -> dict[GroupVersionKind, Kind]:
    found: dict[GroupVersionKind, Kind] = {}
    for kind in all_kinds():
        found.setdefault(kind.gvk, kind)
    return found


def by_resource(gvr: GroupVersionResource) -> Kind | None:
    return _by_resource().get(gvr)


def by_gvk(gvk: GroupVersionKind) -> Kind | None:
    return _by_gvk().get(gvk)


def folder_of(gvk: GroupVersionKind) -> str:
    return behaviours().get((gvk.group, gvk.kind), ("", None))[0]


def _build(record: dict[str, Any]) -> Kind:
    group, version, kind = record["group"], record["version"], record["kind"]
    folder, behaviour = behaviours().get((group, kind), ("", Behaviour(kind, group)))
    key = tables.type_key(group, version, kind)
    subresources = record.get("subresources", {})
    has_status = "status" in subresources
    columns, row = _table(folder)
    return Kind(
        gvk=GroupVersionKind(group, version, kind),
        gvr=GroupVersionResource(group, version, record["resource"]),
        singular=record["singular"],
        short_names=tuple(record.get("short", ())),
        namespaced=record["namespaced"],
        categories=tuple(record.get("categories", ())),
        verbs=tuple(record["verbs"]),
        subresources=tuple(subresources),
        columns=columns,
        row=row,
        default=lambda obj: defaults.default(obj, key),
        validate=_validator(folder, group, record["namespaced"], version),
        validate_update=_update_validator(folder, record["namespaced"], version),
        prepare_create=_prepare_create(behaviour, key, has_status),
        prepare_update=strategy.prepare_update(behaviour, has_status),
        prepare_status_update=strategy.prepare_status_update(behaviour),
        has_generation=bool(behaviour.generation),
        selectable_fields=behaviour.selectable_fields,
        scale=behaviour.scale if "scale" in subresources else None,
        pod_selector=behaviour.pod_selector,
        warning=behaviour.warning,
        warnings=strategy.warnings(behaviour),
    )


def _prepare_create(behaviour: Behaviour, key: str, has_status: bool) -> Callable[[Object], None]:
    """Made at first use: it needs the tables of the kind's type."""
    made: list[Callable[[Object], None]] = []

    def prepare(obj: Object) -> None:
        if not made:
            made.append(strategy.prepare_create(behaviour, key, has_status))
        made[0](obj)

    return prepare


def _validator(folder: str, group: str, namespaced: bool, version: str) -> Callable[[Object], list[FieldError]]:
    def validate(obj: Object) -> list[FieldError]:
        module = part(folder, f"validation_{version}") or part(folder, "validation")
        if module is not None:
            found: list[FieldError] = module.validate(obj)
            return found
        from k8s_magic.kinds.validation import metadata

        return metadata.validate(obj, namespaced=namespaced, is_core=group not in GENERIC)

    return validate


def _update_validator(folder: str, namespaced: bool, version: str) -> Callable[[Object, Object], list[FieldError]]:
    def validate(new: Object, old: Object) -> list[FieldError]:
        from k8s_magic.kinds.validation import metadata

        module = part(folder, f"validation_{version}") or part(folder, "validation")
        if module is None:
            return metadata.validate_update(new, old)
        if hasattr(module, "validate_update"):
            found: list[FieldError] = module.validate_update(new, old)
            return found
        complaints: list[FieldError] = module.validate(new)
        return metadata.validate_update(new, old) + complaints

    return validate


def _table(folder: str) -> tuple[tuple[Column, ...], Callable[[Object, Clock], list[Any]]]:
    module = part(folder, "columns")
    if module is None:
        return PLAIN_COLUMNS, _plain_row
    return tuple(module.COLUMNS), module.row


def _plain_row(obj: Object, clock: Clock) -> list[Any]:
    metadata = obj["metadata"]
    return [metadata["name"], metadata.get("creationTimestamp", "")]
