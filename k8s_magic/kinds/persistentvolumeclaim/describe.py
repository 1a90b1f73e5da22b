"""How `kubectl describe persistentvolumeclaim` tells of a claim and who uses it.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds import describe_volumes
from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines, moment
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    pods = sorted(_users(obj, context), key=meta.name_of)
    events = context.events(obj)
    status = obj.get("status") or {}
    deleted = obj["metadata"].get("deletionTimestamp")
    phase = f"Terminating (lasts {context.since(deleted)})" if deleted else status.get("phase", "")
    w = Writer()
    describe_volumes.claim_lines(w, obj, phase)
    lead = "Used By:\t"
    for name in [meta.name_of(pod) for pod in pods] or ["<none>"]:
        w(0, lead + name)
        lead = "\t"
    if status.get("conditions"):
        w(0, "Conditions:")
        w(1, "Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage")
        w(1, "----\t------\t-----------------\t------------------\t------\t-------")
        for each in status["conditions"]:
            times = f"{moment(each.get('lastProbeTime'))} \t{moment(each.get('lastTransitionTime'))}"
            what = f"{each.get('reason', '')} \t{each.get('message', '')}"
            w(1, f"{each['type']} \t{each.get('status', '')} \t{times} \t{what}")
    event_lines(w, events, context)
    return w.text()


def _users(obj: Object, context: DescribeContext) -> list[Object]:
    """The Pods that mount the claim, and those that own it."""
    name = meta.name_of(obj)
    pods = context.fetch(names.PODS, meta.namespace_of(obj))
    found = []
    for pod in pods:
        for volume in pod["spec"].get("volumes") or ():
            if (volume.get("persistentVolumeClaim") or {}).get("claimName") == name:
                found.append(pod)
    known = {meta.uid_of(pod) for pod in found}
    for owner in obj["metadata"].get("ownerReferences") or ():
        if owner.get("kind") == "Pod" and owner.get("uid") not in known:
            found += [pod for pod in pods if meta.uid_of(pod) == owner.get("uid")]
    return found
