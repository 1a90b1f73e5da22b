"""How `kubectl describe poddisruptionbudget` tells of a PodDisruptionBudget.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines, name_lines
from k8s_magic.machinery import selectors
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    events = context.events(obj)
    spec, status = obj["spec"], obj.get("status") or {}
    w = Writer()
    name_lines(w, obj)
    if spec.get("minAvailable") is not None:
        w(0, f"Min available:\t{spec['minAvailable']}")
    elif spec.get("maxUnavailable") is not None:
        w(0, f"Max unavailable:\t{spec['maxUnavailable']}")
    selector = spec.get("selector")
    w(0, f"Selector:\t{'<unset>' if selector is None else selectors.format_label_selector(selector)}")
    w(0, "Status:")
    for title, key in (
        ("Allowed disruptions", "disruptionsAllowed"),
        ("Current", "currentHealthy"),
        ("Desired", "desiredHealthy"),
        ("Total", "expectedPods"),
    ):
        w(2, f"{title}:\t{status.get(key, 0)}")
    event_lines(w, events, context)
    return w.text()
