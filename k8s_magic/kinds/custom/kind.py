"""The Kind record of one version of a custom resource, made from its CustomResourceDefinition.

Source: apiextensions-apiserver/pkg/registry/customresource/{strategy,status_strategy,validator}.go,
apiextensions-apiserver/pkg/apiserver/customresource_{handler,discovery_controller}.go
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8s_magic.kinds.custom import columns, listtypes, pruning, rules
from k8s_magic.kinds.custom.values import Check
from k8s_magic.kinds.custom.versions import newest_first
from k8s_magic.kinds.validation import field, metadata
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.kind import Kind, Scale
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionKind, GroupVersionResource
from k8s_magic.text.jsonpath import JsonPath

VERBS = ("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch")
UNCHECKED = (
    "some validation rules were not checked because the object was invalid; correct the existing errors to complete "
    "validation"
)
BLOCKING = (
    "FieldValueNotSupported",
    "FieldValueRequired",
    "FieldValueTooLong",
    "FieldValueTooMany",
    "FieldValueTypeInvalid",
)
HIGHEST = 2**31 - 1


def schema_of(version: Object) -> pruning.Schema:
    found: pruning.Schema = (version.get("schema") or {}).get("openAPIV3Schema") or {}
    return found


def build(definition: Object, version: Object) -> Kind:
    """The record of one served version, under the names that were accepted."""
    spec, names = definition["spec"], definition["status"]["acceptedNames"]
    group, schema = spec["group"], schema_of(version)
    subresources = version.get("subresources") or {}
    has_status = subresources.get("status") is not None
    scale = subresources.get("scale")
    namespaced = spec["scope"] == "Namespaced"
    gvk = GroupVersionKind(group, version["name"], names["kind"])
    validity = _Validity(gvk, schema, namespaced, scale, has_status)
    shown, row = columns.table(version.get("additionalPrinterColumns") or ())
    return Kind(
        gvk=gvk,
        gvr=GroupVersionResource(group, version["name"], names["plural"]),
        singular=names.get("singular") or names["kind"].lower(),
        short_names=tuple(names.get("shortNames") or ()),
        namespaced=namespaced,
        categories=tuple(names.get("categories") or ()),
        verbs=VERBS,
        subresources=(("status",) if has_status else ()) + (("scale",) if scale else ()),
        columns=shown,
        row=row,
        default=_defaulter(schema),
        validate=validity.create,
        validate_update=validity.update,
        prepare_create=_prepare_create(has_status),
        prepare_update=_prepare_update(has_status),
        prepare_status_update=_prepare_status_update,
        has_generation=True,
        selectable_fields=_selectable(version.get("selectableFields") or ()),
        scale=_scale(scale) if scale else None,
        warning=_deprecation(spec, version, names["kind"]),
        warnings=_warnings,
        custom=True,
    )


class _Validity:
    def __init__(
        self, gvk: GroupVersionKind, schema: pruning.Schema, namespaced: bool, scale: Object | None, has_status: bool
    ) -> None:
        self._gvk = gvk
        self._schema = schema
        self._namespaced = namespaced
        self._scale = scale
        self._has_status = has_status
        self._status = (schema.get("properties") or {}).get("status") or {}
        self._has_rules = rules.has_rules(schema)

    def create(self, obj: Object) -> Errors:
        found = metadata.validate(obj, namespaced=self._namespaced, is_core=False)
        check = Check()
        check.value(obj, self._schema)
        found += check.found + self._replicas(obj, "spec") + self._replicas(obj, "status")
        found += listtypes.check(obj, self._schema)
        return self._ruled(found, obj, {})

    def update(self, new: Object, old: Object) -> Errors:
        found = metadata.validate_update(new, old)
        if self._has_status and _is_status_update(new, old):
            check = Check("status")
            if "status" in new:
                check.value(new["status"], self._status, "", old.get("status"))
            found += check.found
        else:
            check = Check()
            check.value(new, self._schema, "", old)
            found += check.found + self._replicas(new, "spec")
        found += self._replicas(new, "status")
        if not listtypes.check(old, self._schema):
            found += listtypes.check(new, self._schema)
        return self._ruled(found, new, {"old": old})

    def _ruled(self, found: Errors, obj: Object, more: dict[str, Any]) -> Errors:
        if self._has_rules:
            if any(error.kind in BLOCKING for error in found):
                found.append(field.invalid("<nil>", "null", UNCHECKED))
            elif not found:
                rules.refuse(obj, self._schema, self._gvk.kind, **more)
        return found

    def _replicas(self, obj: Object, part: str) -> Errors:
        """What the scale subresource reads must be a count."""
        if not self._scale:
            return []
        path = self._scale[f"{part}ReplicasPath"]
        value: Any = obj
        for key in path.strip(".").split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if not isinstance(value, int) or isinstance(value, bool):
            return []
        if value < 0:
            return [field.invalid(path, value, "should be a non-negative integer")]
        if value > HIGHEST:
            return [field.invalid(path, value, f"should be less than or equal to {HIGHEST}")]
        return []


def _is_status_update(new: Object, old: Object) -> bool:
    parts = ("metadata", "status")
    same = {key: each for key, each in new.items() if key not in parts} == {
        key: each for key, each in old.items() if key not in parts
    }
    return same and new.get("status") != old.get("status")


def _defaulter(schema: pruning.Schema) -> Callable[[Object], None]:
    def default(obj: Object) -> None:
        pruning.drop_nulls(obj, schema)
        pruning.default(obj, schema)

    return default


def _prepare_create(has_status: bool) -> Callable[[Object], None]:
    def prepare(obj: Object) -> None:
        if has_status:
            obj.pop("status", None)
        obj["metadata"]["generation"] = 1

    return prepare


def _prepare_update(has_status: bool) -> Callable[[Object, Object], None]:
    def prepare(new: Object, old: Object) -> None:
        if has_status:
            _carry_status(new, old)
        generation = old["metadata"].get("generation") or 0
        changed = any(new.get(key) != old.get(key) for key in {*new, *old} - {"metadata"})
        new["metadata"]["generation"] = generation + changed

    return prepare


def _carry_status(new: Object, old: Object) -> None:
    if "status" in old:
        new["status"] = old["status"]
    else:
        new.pop("status", None)


def _prepare_status_update(new: Object, old: Object) -> None:
    status = new.get("status")
    has_status = "status" in new
    revision = new["metadata"].get("resourceVersion")
    new.clear()
    new.update({key: each for key, each in old.items() if key != "status"})
    new["metadata"] = {**old["metadata"]}
    if revision:
        new["metadata"]["resourceVersion"] = revision
    if has_status:
        new["status"] = status


def _scale(given: Object) -> Scale:
    selector = given.get("labelSelectorPath")
    reader: Callable[[Object], str] | None = None
    if selector:
        path = JsonPath(f"{{{selector}}}", allow_missing=True)
        reader = path.execute
    return Scale(
        tuple(given["specReplicasPath"].strip(".").split(".")),
        tuple(given["statusReplicasPath"].strip(".").split(".")),
        reader,
    )


def _selectable(given: Any) -> dict[str, Callable[[Object], str]]:
    found: dict[str, Callable[[Object], str]] = {}
    for each in given:
        path = each["jsonPath"]
        found[path.removeprefix(".")] = JsonPath(f"{{{path}}}", allow_missing=True).execute
    return found


def _deprecation(spec: Object, version: Object, kind: str) -> str:
    if not version.get("deprecated"):
        return ""
    if given := version.get("deprecationWarning"):
        return str(given)
    group, name = spec["group"], version["name"]
    words = f"{group}/{name} {kind} is deprecated"
    better = [each["name"] for each in spec["versions"] if each.get("served") and not each.get("deprecated")]
    ordered = newest_first([*better, name])
    newer = ordered[: ordered.index(name)]
    return f"{words}; use {group}/{newer[0]} {kind}" if newer else words


def _warnings(new: Object, old: Object | None) -> list[str]:
    """New finalizers that name no domain."""
    before = ((old or {}).get("metadata") or {}).get("finalizers") or ()
    found = []
    for finalizer in sorted(set(new["metadata"].get("finalizers") or ()) - set(before)):
        where = f'metadata.finalizers: "{finalizer}"'
        found += [f"{where}: {words}" for words in label_syntax.key_errors(finalizer)]
        if "/" not in finalizer and finalizer not in metadata.STANDARD_FINALIZERS:
            path = " including a path (/)" if "." in finalizer else ""
            found.append(
                f"{where}: prefer a domain-qualified finalizer name{path} to avoid accidental conflicts with other "
                "finalizer writers"
            )
    return found
