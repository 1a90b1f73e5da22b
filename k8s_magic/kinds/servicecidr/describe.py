"""How `kubectl describe servicecidr` tells of a ServiceCIDR.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines, metadata_lines, moment
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    events = context.events(obj)
    w = Writer()
    w(0, f"Name:\t{obj['metadata']['name']}")
    metadata_lines(w, obj)
    w(0, f"CIDRs:\t{', '.join((obj.get('spec') or {}).get('cidrs') or ())}")
    conditions = (obj.get("status") or {}).get("conditions")
    if conditions:
        w(0, "Status:")
        w(0, "Conditions:")
        w(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage")
        w(1, "----\t------\t------------------\t------\t-------")
        for each in conditions:
            what = f"{each.get('reason', '')}\t{each.get('message', '')}"
            w(1, f"{each['type']}\t{each.get('status', '')}\t{moment(each.get('lastTransitionTime'))}\t{what}")
    event_lines(w, events, context)
    return w.text()
