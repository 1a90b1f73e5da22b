"""One folder per kind: names, defaults, validation, columns, describe, capabilities; and the generated tables.

Owns what is particular to a kind. Refuses to store or to act. May import `machinery` and below.

    all_kinds()          every resource that the server serves, in discovery order
    by_resource(gvr)     one resource's record; by_gvk(gvk) the same by its kind
    schema_of(gvk)       the tree of what may stand in an object
    decode(data, gvk)    an object as the server's decoder leaves it, and the strict errors
    describer(gvk)       how `kubectl describe` tells of it
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8s_magic.kinds import catalogue, tables
from k8s_magic.kinds.catalogue import all_kinds, by_gvk, by_resource
from k8s_magic.kinds.decoding import decode
from k8s_magic.kinds.schema import TypeSchema, of_type
from k8s_magic.machinery.names import GroupVersionKind

__all__ = ["all_kinds", "by_gvk", "by_resource", "decode", "describer", "schema_of"]


def schema_of(gvk: GroupVersionKind) -> TypeSchema:
    """Raises: KeyError for a kind that the server does not have."""
    key = tables.type_key(*gvk)
    if not tables.has(key):
        raise KeyError(gvk)
    return of_type(key)


def describer(gvk: GroupVersionKind) -> Callable[..., str] | None:
    """The kind's `describe(obj, context)`; None where it has none of its own."""
    module = catalogue.part(catalogue.folder_of(gvk), "describe")
    if module is None:
        return None
    describe: Callable[..., Any] = module.describe
    return describe
