"""What the traffic view adds to the hub's frames: the reports of the loads that changed, only while a view is on show.

Shape: the frame's key `traffic` is {"all": whether these are all loads, "loads": reports as in network/load_report.py,
with at most ROWS endpoints each}.
"""

from __future__ import annotations

from typing import Any, Protocol

Report = dict[str, Any]

NAME = "traffic"
# Beyond so many bars the smaller ones stand together.
ROWS = 60
_SUMS = ("sent", "failed", "inFlight", "expected", "nowSent", "nowFailed", "nowExpected", "pods")


class Loads(Protocol):
    """What the view needs of the network: found as `context.services["loads"]`."""

    changes: int

    def reports(self, namespace: str = "", service: str = "") -> list[Report]: ...


class TrafficSource:
    """A hub's Source. `viewers` are the views on show, by a name that the page gives them."""

    def __init__(self, stage: Any) -> None:
        self._loads: Loads = stage.context.services["loads"]
        self._marks: dict[str, tuple[int, bool]] = {}
        self._wants_all = True
        self.viewers: dict[str, None] = {}

    def show(self, viewer: str) -> None:
        if viewer not in self.viewers:
            self.viewers[viewer] = None
            self._wants_all = True

    def hide(self, viewer: str) -> None:
        self.viewers.pop(viewer, None)

    def reports(self, namespace: str = "", service: str = "") -> list[Report]:
        return self._loads.reports(namespace, service)

    def frame(self, key: bool) -> dict[str, Any]:
        if not self.viewers:
            return {}
        found, marks = [], dict[str, tuple[int, bool]]()
        everything, self._wants_all = key or self._wants_all, False
        for report in self._loads.reports():
            mark = (report["now"], report["running"])
            marks[report["key"]] = mark
            if everything or self._marks.get(report["key"]) != mark:
                found.append(trimmed(report))
        self._marks = marks
        return {NAME: {"all": everything, "loads": found}} if found or everything else {}

    def close(self) -> None:
        self.viewers.clear()


def trimmed(report: Report) -> Report:
    """The report with at most ROWS endpoints: those that got least stand together, by version."""
    rows: list[dict[str, Any]] = report["endpoints"]
    if len(rows) <= ROWS:
        return report
    order = sorted(range(len(rows)), key=lambda place: (-rows[place]["failed"], -rows[place]["sent"], place))
    kept = [rows[place] for place in sorted(order[:ROWS])]
    others: dict[int, dict[str, Any]] = {}
    for place in order[ROWS:]:
        one = rows[place]
        held = others.get(one["version"])
        if held is None:
            others[one["version"]] = {**one, "pod": "", "node": "", "state": "others", "errors": dict(one["errors"])}
            continue
        for name in _SUMS:
            held[name] += one[name]
        for cause, count in one["errors"].items():
            held["errors"][cause] = held["errors"].get(cause, 0) + count
    return {**report, "endpoints": [*kept, *others.values()]}
