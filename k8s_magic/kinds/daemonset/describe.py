"""How `kubectl describe daemonset` tells of a DaemonSet.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds import describe_template
from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines, metadata_lines, name_lines
from k8s_magic.machinery import selectors
from k8s_magic.machinery.meta import Object

# What is counted, and where the status has it.
_COUNTS = (
    ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
    ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
    ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
    ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
    ("Number of Nodes Misscheduled", "numberMisscheduled"),
)


def describe(obj: Object, context: DescribeContext) -> str:
    spec, status = obj["spec"], obj.get("status") or {}
    selector = str(selectors.from_label_selector(spec.get("selector")))
    pods = context.pods_status(obj, selector)
    events = context.events(obj)
    w = Writer()
    name_lines(w, obj)
    w(0, f"Selector:\t{selector}")
    w(0, f"Node-Selector:\t{selectors.format_labels((spec['template'].get('spec') or {}).get('nodeSelector'))}")
    metadata_lines(w, obj)
    for title, key in _COUNTS:
        w(0, f"{title}: {status.get(key, 0)}")
    w(0, f"Pods Status:\t{pods}")
    describe_template.template_lines(w, spec["template"])
    event_lines(w, events, context)
    return w.text()
