"""The columns of RoleBindings.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (
    printing.NAME,
    Column("Role"),
    printing.AGE,
    printing.wide("Users"),
    printing.wide("Groups"),
    printing.wide("ServiceAccounts"),
)


def row(obj: Object, clock: Clock) -> list[Any]:
    role = obj["roleRef"]
    return [
        obj["metadata"]["name"],
        f"{role['kind']}/{role['name']}",
        printing.age(obj, clock),
        *printing.subjects(obj),
    ]
