"""The record of a kind: its names and what can be done with it.

A capability is a field; None means that the kind does not have it, and callers answer with Kubernetes' own words
for that. Functions get wire-form objects and never change an argument unless their docstring says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from k8s_magic.machinery.errors import FieldError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionKind, GroupVersionResource
from k8s_magic.sim.time import SimTime


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the server's Table. Source: apimachinery/pkg/apis/meta/v1 TableColumnDefinition."""

    name: str
    type: str = "string"
    format: str = ""
    priority: int = 0  # above 0 is shown only with -o wide
    description: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """What a renderer may know of time: the present instant and how to read a timestamp."""

    now: SimTime
    parse: Callable[[str], SimTime]


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the scale subresource reads and writes. Paths are key tuples, e.g. ("spec", "replicas")."""

    spec_replicas: tuple[str, ...] = ("spec", "replicas")
    status_replicas: tuple[str, ...] = ("status", "replicas")
    selector: Callable[[Object], str] | None = None  # the label selector of its Pods in text form


@dataclass(frozen=True, slots=True)
class Kind:
    """A resource type of the API. One is made per resource; the names come from the discovery table."""

    gvk: GroupVersionKind
    gvr: GroupVersionResource
    singular: str
    short_names: tuple[str, ...]
    namespaced: bool
    categories: tuple[str, ...]
    verbs: tuple[str, ...]
    subresources: tuple[str, ...]

    # The server's Table. `rows` answers one list of cells an object.
    columns: tuple[Column, ...]
    row: Callable[[Object, Clock], list[Any]]

    # Fills defaults into the object, which must be the caller's own copy (changed in place).
    default: Callable[[Object], None]
    # Complaints about a new object, after defaulting; and about a change (new, old).
    validate: Callable[[Object], list[FieldError]]
    validate_update: Callable[[Object, Object], list[FieldError]]
    # Strategy: what create and update drop or carry over (status, generation), in place on the caller's copy.
    prepare_create: Callable[[Object], None]
    prepare_update: Callable[[Object, Object], None]
    prepare_status_update: Callable[[Object, Object], None]
    # True when a change of anything but metadata and status raises metadata.generation.
    has_generation: bool

    # Names of field selectors beyond metadata.name and metadata.namespace, each with its value's reader.
    selectable_fields: dict[str, Callable[[Object], str]]

    scale: Scale | None = None
    # The Pod selector in text form, for logs, expose and wait; None where the kind selects none.
    pod_selector: Callable[[Object], str] | None = None
    # A warning the server sends with every answer about this resource (deprecations).
    warning: str = ""
    # What the server warns of when an object is created (old is None) or updated.
    warnings: Callable[[Object, Object | None], list[str]] | None = None
    # A kind that a CustomResourceDefinition made.
    custom: bool = False


Warn = Callable[[str], None]
Validator = Callable[[Object], Iterable[FieldError]]
Rows = Sequence[list[Any]]
