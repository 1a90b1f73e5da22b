"""What a list or watch selects, by the shortest way: an index where the selectors name one, else a walk.

Source: apiserver/pkg/endpoints/handlers/get.go, apimachinery/pkg/runtime (conversion of field labels)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from k8s_magic.apiserver.store import Table
from k8s_magic.machinery import errors, selectors
from k8s_magic.machinery.kind import Kind
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import ListOptions


class Selection:
    """The parsed selectors of a request. `matches` is None where everything matches."""

    def __init__(self, kind: Kind, options: ListOptions) -> None:
        """Raises: BadRequest for what cannot be read."""
        self._readers: dict[str, Callable[[Object], str]] = {}
        try:
            self.labels = selectors.parse(options.label_selector)
            self.fields = selectors.parse_fields(options.field_selector)
            self._read_fields(kind)
        except (selectors.SelectorError, _Unsupported) as problem:
            raise errors.bad_request(str(problem)) from None
        everything = self.labels.is_everything and not self.fields.requirements
        self.matches: Callable[[Object], bool] | None = None if everything else self._matches

    def _read_fields(self, kind: Kind) -> None:
        for field, _, _ in self.fields.requirements:
            if field == "metadata.name":
                self._readers[field] = _name
            elif field == "metadata.namespace":
                self._readers[field] = _namespace
            elif field in kind.selectable_fields:
                self._readers[field] = kind.selectable_fields[field]
            else:
                raise _Unsupported(_refusal(kind, field))

    def _matches(self, obj: Object) -> bool:
        if not self.labels.matches(obj["metadata"].get("labels") or {}):
            return False
        for field, operator, value in self.fields.requirements:
            if (self._readers[field](obj) == value) is (operator != "="):
                return False
        return True

    def candidates(self, table: Table, namespace: str) -> Iterable[Object]:
        """Objects of a namespace ("" for all) among which every match is."""
        for field, operator, value in self.fields.requirements:
            if operator != "=":
                continue
            if field == "metadata.name" and namespace:
                obj = table.get(namespace, value)
                return () if obj is None else (obj,)
            if field == table.indexed_field:
                found = table.by_field(value)
                if namespace:
                    found = [obj for obj in found if obj["metadata"].get("namespace") == namespace]
                return found
        if namespace and self.labels.exact:
            return table.select(namespace, self.labels.exact)
        return table.list(namespace)

    def select(self, table: Table, namespace: str) -> list[Object]:
        """What matches, in the order of the keys in etcd."""
        return self._chosen(self.candidates(table, namespace))

    def among(self, objects: Iterable[Object], namespace: str) -> list[Object]:
        """The same of other objects than those that are there now."""
        return self._chosen(obj for obj in objects if namespace in ("", obj["metadata"].get("namespace")))

    def _chosen(self, found: Iterable[Object]) -> list[Object]:
        matches = self.matches
        chosen = list(found) if matches is None else [obj for obj in found if matches(obj)]
        chosen.sort(key=storage_order)
        return chosen


class _Unsupported(Exception):
    """A field that cannot be selected by."""


# Kinds of the core group whose own conversion words the refusal. Source: pkg/apis/core/v1/conversion.go
OWN_WORDS = frozenset({"events", "namespaces", "nodes", "pods", "replicationcontrollers", "secrets", "services"})


def _refusal(kind: Kind, field: str) -> str:
    if kind.custom or kind.gvr.resource in OWN_WORDS:
        return f"field label not supported: {field}"
    if kind.gvk.kind == "Job":
        return f'field label "{field}" not supported for Job'
    return f'"{field}" is not a known field selector: only "metadata.name", "metadata.namespace"'


def _name(obj: Object) -> str:
    name: str = obj["metadata"]["name"]
    return name


def _namespace(obj: Object) -> str:
    namespace: str = obj["metadata"].get("namespace", "")
    return namespace


def storage_order(obj: Object) -> str:
    metadata = obj["metadata"]
    namespace = metadata.get("namespace")
    return f"{namespace}/{metadata['name']}" if namespace else metadata["name"]
