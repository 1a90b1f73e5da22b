"""How `kubectl describe cronjob` tells of a CronJob.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds import describe_template
from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines, metadata_lines, moment, name_lines
from k8s_magic.machinery import selectors
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    events = context.events(obj)
    spec, status = obj["spec"], obj.get("status") or {}
    w = Writer()
    name_lines(w, obj)
    metadata_lines(w, obj)
    w(0, f"Schedule:\t{spec.get('schedule', '')}")
    w(0, f"Concurrency Policy:\t{spec.get('concurrencyPolicy', '')}")
    suspend = spec.get("suspend")
    w(0, f"Suspend:\t{'<unset>' if suspend is None else bool(suspend)}")
    w(0, f"Time Zone:\t{_or_unset(spec.get('timeZone'))}")
    w(0, f"Successful Job History Limit:\t{_or_unset(spec.get('successfulJobsHistoryLimit'))}")
    w(0, f"Failed Job History Limit:\t{_or_unset(spec.get('failedJobsHistoryLimit'))}")
    deadline = spec.get("startingDeadlineSeconds")
    w(0, f"Starting Deadline Seconds:\t{'<unset>' if deadline is None else f'{deadline}s'}")
    _job_template(w, (spec.get("jobTemplate") or {}).get("spec") or {})
    last = status.get("lastScheduleTime")
    w(0, f"Last Schedule Time:\t{moment(last) if last else '<unset>'}")
    active = ", ".join([job.get("name", "") for job in status.get("active") or ()])
    w(0, f"Active Jobs:\t{active or '<none>'}")
    event_lines(w, events, context)
    return w.text()


def _or_unset(value: Any) -> str:
    return "<unset>" if value is None else str(value)


def _job_template(w: Writer, spec: Object) -> None:
    selector = spec.get("selector")
    w(0, f"Selector:\t{'<unset>' if selector is None else selectors.from_label_selector(selector)}")
    w(0, f"Parallelism:\t{_or_unset(spec.get('parallelism'))}")
    w(0, f"Completions:\t{_or_unset(spec.get('completions'))}")
    if spec.get("activeDeadlineSeconds") is not None:
        w(0, f"Active Deadline Seconds:\t{spec['activeDeadlineSeconds']}s")
    describe_template.template_lines(w, spec.get("template") or {})
