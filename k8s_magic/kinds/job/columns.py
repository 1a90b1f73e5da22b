"""The columns of Jobs.

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
    Column("Status"),
    Column("Completions"),
    Column("Duration"),
    printing.AGE,
    *printing.CONTAINERS,
    printing.SELECTOR,
)

# In order of precedence; a Job that is being deleted comes after the first two.
_ENDED = (("Complete", "Complete"), ("Failed", "Failed"))
_UNDER_WAY = (
    ("Suspended", "Suspended"),
    ("FailureTarget", "FailureTarget"),
    ("SuccessCriteriaMet", "SuccessCriteriaMet"),
)


def row(obj: Object, clock: Clock) -> list[Any]:
    spec, status = obj["spec"], obj.get("status") or {}
    return [
        obj["metadata"]["name"],
        _status(obj, status),
        _completions(spec, status.get("succeeded", 0)),
        _duration(status, clock),
        printing.age(obj, clock),
        *printing.containers(printing.template_spec(obj)),
        selectors.format_label_selector(spec.get("selector")),
    ]


def _status(obj: Object, status: Object) -> str:
    states = {each["type"]: each.get("status") for each in reversed(status.get("conditions") or ())}
    for condition, word in _ENDED:
        if states.get(condition) == "True":
            return word
    if obj["metadata"].get("deletionTimestamp"):
        return "Terminating"
    for condition, word in _UNDER_WAY:
        if states.get(condition) == "True":
            return word
    return "Running"


def _completions(spec: Object, succeeded: int) -> str:
    if spec.get("completions") is not None:
        return f"{succeeded}/{spec['completions']}"
    parallelism = spec.get("parallelism") or 0
    return f"{succeeded}/1 of {parallelism}" if parallelism > 1 else f"{succeeded}/1"


def _duration(status: Object, clock: Clock) -> str:
    if not status.get("startTime"):
        return ""
    end = status.get("completionTime")
    return printing.between(clock.parse(status["startTime"]), clock.parse(end) if end else clock.now)
