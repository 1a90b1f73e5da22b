"""How `kubectl describe replicaset` tells of a ReplicaSet.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds import describe_template
from k8s_magic.kinds.describe import (
    DescribeContext,
    Writer,
    condition_lines,
    controller_line,
    event_lines,
    metadata_lines,
    name_lines,
)
from k8s_magic.machinery import selectors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    spec, status = obj["spec"], obj.get("status") or {}
    try:
        pods = context.pods_status(obj, str(selectors.from_label_selector(spec.get("selector"))))
    except ApiError as error:
        pods = f"error in fetching pods: {error.message}"
    events = context.events(obj)
    w = Writer()
    name_lines(w, obj)
    w(0, f"Selector:\t{selectors.format_label_selector(spec.get('selector'))}")
    metadata_lines(w, obj)
    controller_line(w, obj)
    w(0, f"Replicas:\t{status.get('replicas', 0)} current / {spec.get('replicas', 1)} desired")
    w(0, f"Pods Status:\t{pods}")
    describe_template.template_lines(w, spec["template"])
    condition_lines(w, status.get("conditions"))
    event_lines(w, events, context)
    return w.text()
