"""What the columns of many kinds share: how the server's printers word ages, labels, containers and lists.

Source: pkg/printers/internalversion/printers.go (v1.36). The server always tabulates the wide form; kubectl leaves out
what has a priority above 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from k8s_magic.machinery.kind import Clock, Column
from k8s_magic.machinery.meta import Object
from k8s_magic.sim.time import SECOND
from k8s_magic.text.ages import human_duration

NAME = Column("Name", "string", "name")
AGE = Column("Age")


def wide(name: str) -> Column:
    """A text column of `-o wide`."""
    return Column(name, priority=1)


def number(name: str) -> Column:
    return Column(name, "integer")


def flag(name: str) -> Column:
    return Column(name, "boolean")


CONTAINERS = (wide("Containers"), wide("Images"))
SELECTOR = wide("Selector")


def since(timestamp: str | None, clock: Clock) -> str:
    """The time passed since an API timestamp, `<unknown>` where there is none."""
    if not timestamp:
        return "<unknown>"
    return between(clock.parse(timestamp), clock.now)


def between(start: int, end: int) -> str:
    """A span of simulated time, cut to whole seconds as Go cuts it."""
    passed = end - start
    return human_duration(passed // SECOND if passed >= 0 else -(-passed // SECOND))


def age(obj: Object, clock: Clock) -> str:
    return since(obj["metadata"].get("creationTimestamp"), clock)


def containers(pod_spec: Object | None) -> list[str]:
    """The two cells of a template's container names and images."""
    found = (pod_spec or {}).get("containers") or ()
    return [",".join([each["name"] for each in found]), ",".join([each.get("image", "") for each in found])]


def template_spec(obj: Object) -> Object:
    spec: Object = (obj["spec"].get("template") or {}).get("spec") or {}
    return spec


def listed(values: Iterable[str], most: int = 3) -> str:
    """A comma-separated list cut short, as endpoint slices print theirs: `a,b,c + 2 more...`."""
    found = list(values)
    if len(found) > most:
        return f"{','.join(found[:most])} + {len(found) - most} more..."
    return ",".join(found) or "<unset>"


def access_modes(modes: Sequence[str] | None) -> str:
    """`RWO,RWX`. Source: pkg/apis/core/helper (GetAccessModesAsString)"""
    known = (("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP"))
    return ",".join([short for mode, short in known if mode in (modes or ())])


def load_balancer(obj: Object) -> str:
    """The addresses in a load balancer's status, in order of their text."""
    ingress = (obj.get("status", {}).get("loadBalancer") or {}).get("ingress") or ()
    return ",".join(sorted({each.get("ip") or each.get("hostname") or "" for each in ingress} - {""}))


def subjects(obj: Object) -> list[str]:
    """The cells of a binding's users, groups and service accounts."""
    users, groups, accounts = [], [], []
    for subject in obj.get("subjects") or ():
        if subject["kind"] == "ServiceAccount":
            accounts.append(f"{subject.get('namespace', '')}/{subject['name']}")
        elif subject["kind"] == "User":
            users.append(subject["name"])
        elif subject["kind"] == "Group":
            groups.append(subject["name"])
    return [", ".join(users), ", ".join(groups), ", ".join(accounts)]


def named_age(*cells: Callable[[Object], Any]) -> Callable[[Object, Clock], list[Any]]:
    """The row of a kind that shows its name, some values and its age."""

    def row(obj: Object, clock: Clock) -> list[Any]:
        return [obj["metadata"]["name"], *[cell(obj) for cell in cells], age(obj, clock)]

    return row
