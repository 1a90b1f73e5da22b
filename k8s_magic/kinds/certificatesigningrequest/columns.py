"""The columns of CertificateSigningRequests.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object
from k8s_magic.text.ages import human_duration

COLUMNS = (
    printing.NAME,
    printing.AGE,
    Column("SignerName"),
    Column("Requestor"),
    Column("RequestedDuration"),
    Column("Condition"),
)


def row(obj: Object, clock: Clock) -> list[Any]:
    spec = obj["spec"]
    seconds = spec.get("expirationSeconds")
    return [
        obj["metadata"]["name"],
        printing.age(obj, clock),
        spec.get("signerName") or "<none>",
        spec.get("username", ""),
        "<none>" if seconds is None else human_duration(seconds),
        state(obj),
    ]


def state(obj: Object) -> str:
    """`Pending`, `Approved,Issued`, `Denied`, ..."""
    status = obj.get("status") or {}
    types = {each["type"] for each in status.get("conditions") or ()}
    found = "Denied" if "Denied" in types else "Approved" if "Approved" in types else "Pending"
    if "Failed" in types:
        found += ",Failed"
    return found + (",Issued" if status.get("certificate") else "")
