"""What a kind's folder tells of it: the record that each folder exports as KIND.

Everything has a plain default, so a kind with nothing special needs no more than its name. Validation stands in the
folder's `validation.py` (`validate`, `validate_update`), its columns in `columns.py`, its description in
`describe.py`; they are imported when first needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from k8s_magic.machinery.kind import Scale
from k8s_magic.machinery.meta import Object

Reader = Callable[[Object], str]
Prepare = Callable[[Object], None]
Change = Callable[[Object, Object], None]


@dataclass(frozen=True, slots=True)
class Behaviour:
    kind: str
    group: str = ""
    # The paths below which a change raises metadata.generation; empty where the kind has none.
    generation: tuple[str, ...] = ()
    # The status with which objects are born, where the kind has a status subresource that create may not set.
    keeps_status: bool = False
    # What the status subresource may not change, beside metadata.
    fixed_by_status: tuple[str, ...] = ("spec",)
    selectable_fields: dict[str, Reader] = field(default_factory=dict)
    scale: Scale | None = None
    pod_selector: Reader | None = None
    # Where the kind has a pod template, which has rules, gates and warnings of its own.
    template: tuple[str, ...] = ()
    prepare_create: Prepare | None = None
    prepare_update: Change | None = None
    prepare_status_update: Change | None = None
    warning: str = ""
    # What the server warns about on create (old is None) and update.
    warnings: Callable[[Object, Object | None], list[str]] | None = None


def text_at(*path: str) -> Reader:
    """A reader of one text, "" where it is not there; booleans and numbers as Go prints them."""

    def read(obj: Object) -> str:
        value: object = obj
        for name in path:
            if not isinstance(value, dict):
                return ""
            value = value.get(name)
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if value is None else str(value)

    return read


def number_at(*path: str) -> Reader:
    read = text_at(*path)
    return lambda obj: read(obj) or "0"


def flag_at(*path: str) -> Reader:
    read = text_at(*path)
    return lambda obj: read(obj) or "false"
