"""The columns of CronJobs.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import printing
from k8s_magic.machinery import selectors
from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object

COLUMNS = (
    printing.NAME,
    Column("Schedule"),
    Column("Timezone"),
    printing.flag("Suspend"),
    printing.number("Active"),
    Column("Last Schedule"),
    printing.AGE,
    *printing.CONTAINERS,
    printing.SELECTOR,
)


def row(obj: Object, clock: Clock) -> list[Any]:
    spec, status = obj["spec"], obj.get("status") or {}
    job_spec = (spec.get("jobTemplate") or {}).get("spec") or {}
    suspend = spec.get("suspend")
    last = status.get("lastScheduleTime")
    return [
        obj["metadata"]["name"],
        spec.get("schedule", ""),
        spec.get("timeZone") or "<none>",
        "<unset>" if suspend is None else str(bool(suspend)),
        len(status.get("active") or ()),
        printing.since(last, clock) if last else "<none>",
        printing.age(obj, clock),
        *printing.containers((job_spec.get("template") or {}).get("spec")),
        selectors.format_label_selector(job_spec.get("selector")),
    ]
