"""How `kubectl describe persistentvolume` tells of a PersistentVolume.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds import describe_volumes, printing
from k8s_magic.kinds.describe import DescribeContext, Writer, amount, event_lines, metadata_lines, strings
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    events = context.events(obj)
    metadata, spec, status = obj["metadata"], obj["spec"], obj.get("status") or {}
    w = Writer()
    w(0, f"Name:\t{metadata['name']}")
    metadata_lines(w, obj)
    w(0, f"Finalizers:\t{strings(metadata.get('finalizers'))}")
    w(0, f"StorageClass:\t{describe_volumes.class_of(obj)}")
    deleted = metadata.get("deletionTimestamp")
    w(0, f"Status:\t{f'Terminating (lasts {context.since(deleted)})' if deleted else status.get('phase', '')}")
    claim = spec.get("claimRef")
    claimed = f"{claim.get('namespace', '')}/{claim.get('name', '')}" if claim else ""
    w(0, f"Claim:\t{claimed}")
    w(0, f"Reclaim Policy:\t{spec.get('persistentVolumeReclaimPolicy', '')}")
    w(0, f"Access Modes:\t{printing.access_modes(spec.get('accessModes'))}")
    if spec.get("volumeMode") is not None:
        w(0, f"VolumeMode:\t{spec['volumeMode']}")
    w(0, f"Capacity:\t{amount((spec.get('capacity') or {}).get('storage'))}")
    _affinity(w, (spec.get("nodeAffinity") or {}).get("required"))
    w(0, f"Message:\t{status.get('message', '')}")
    w(0, "Source:")
    describe_volumes.source_lines(w, spec, is_persistent=True)
    event_lines(w, events, context)
    return w.text()


def _affinity(w: Writer, required: Object | None) -> None:
    if required is None:
        w(0, "Node Affinity:\t<none>")
        return
    w(0, "Node Affinity:\t")
    terms = required.get("nodeSelectorTerms") or ()
    w(1, "Required Terms:\t" + ("" if terms else "<none>"))
    for index, term in enumerate(terms):
        lead = f"Term {index}:\t"
        expressions: list[Object] = term.get("matchExpressions") or [{}]
        for each in expressions:
            text = f"{each['key']} {each.get('operator', '').lower()}" if each else "<none>"
            if each.get("values"):
                text += f" [{', '.join(each['values'])}]"
            w(2, lead + text)
            lead = "\t"
