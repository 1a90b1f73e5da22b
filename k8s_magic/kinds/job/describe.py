"""How `kubectl describe job` tells of a Job.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds import describe_template
from k8s_magic.kinds.describe import (
    DescribeContext,
    Writer,
    controller_line,
    event_lines,
    instant,
    metadata_lines,
    moment,
    name_lines,
    yes,
)
from k8s_magic.machinery import selectors
from k8s_magic.machinery.meta import Object
from k8s_magic.text.ages import human_duration

# Completed indexes beyond this many characters are cut. Source: describeJob (softLimit)
_MOST_INDEXES = 50


def describe(obj: Object, context: DescribeContext) -> str:
    events = context.events(obj)
    spec, status = obj["spec"], obj.get("status") or {}
    w = Writer()
    name_lines(w, obj)
    w(0, f"Selector:\t{selectors.from_label_selector(spec.get('selector'))}")
    metadata_lines(w, obj)
    controller_line(w, obj)
    if spec.get("parallelism") is not None:
        w(0, f"Parallelism:\t{spec['parallelism']}")
    completions = spec.get("completions")
    w(0, f"Completions:\t{'<unset>' if completions is None else completions}")
    if spec.get("completionMode") is not None:
        w(0, f"Completion Mode:\t{spec['completionMode']}")
    if spec.get("suspend") is not None:
        w(0, f"Suspend:\t{yes(spec['suspend'])}")
    if spec.get("backoffLimit") is not None:
        w(0, f"Backoff Limit:\t{spec['backoffLimit']}")
    if spec.get("ttlSecondsAfterFinished") is not None:
        w(0, f"TTL Seconds After Finished:\t{spec['ttlSecondsAfterFinished']}")
    _times(w, status)
    if spec.get("activeDeadlineSeconds") is not None:
        w(0, f"Active Deadline Seconds:\t{spec['activeDeadlineSeconds']}s")
    ready = status.get("ready")
    active = f"{status.get('active', 0)} Active" + ("" if ready is None else f" ({ready} Ready)")
    ended = f"{status.get('succeeded', 0)} Succeeded / {status.get('failed', 0)} Failed"
    w(0, f"Pods Statuses:\t{active} / {ended}")
    if spec.get("completionMode") == "Indexed":
        w(0, f"Completed Indexes:\t{_indexes(status.get('completedIndexes', ''))}")
    describe_template.template_lines(w, spec["template"])
    event_lines(w, events, context)
    return w.text()


def _times(w: Writer, status: Object) -> None:
    start, end = status.get("startTime"), status.get("completionTime")
    if start:
        w(0, f"Start Time:\t{moment(start)}")
    if end:
        w(0, f"Completed At:\t{moment(end)}")
    if start and end:
        w(0, f"Duration:\t{human_duration((instant(end) - instant(start)).total_seconds())}")


def _indexes(indexes: str) -> str:
    if not indexes:
        return "<none>"
    comma = indexes.find(",", _MOST_INDEXES)
    return indexes if comma < 0 else indexes[: comma + 1] + "..."
