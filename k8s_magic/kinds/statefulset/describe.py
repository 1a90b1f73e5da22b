"""How `kubectl describe statefulset` tells of a StatefulSet.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds import describe_template, describe_volumes
from k8s_magic.kinds.describe import (
    DescribeContext,
    Writer,
    amount,
    event_lines,
    label_lines,
    metadata_lines,
    moment,
    name_lines,
    strings,
)
from k8s_magic.machinery import selectors
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    spec, status = obj["spec"], obj.get("status") or {}
    selector = str(selectors.from_label_selector(spec.get("selector")))
    pods = context.pods_status(obj, selector)
    events = context.events(obj)
    w = Writer()
    name_lines(w, obj)
    w(0, f"CreationTimestamp:\t{moment(obj['metadata'].get('creationTimestamp'))}")
    w(0, f"Selector:\t{selector}")
    metadata_lines(w, obj)
    w(0, f"Replicas:\t{spec.get('replicas', 1)} desired | {status.get('replicas', 0)} total")
    strategy = spec.get("updateStrategy") or {}
    w(0, f"Update Strategy:\t{strategy.get('type', '')}")
    rolling = strategy.get("rollingUpdate") or {}
    if rolling.get("partition") is not None:
        w(1, f"Partition:\t{rolling['partition']}")
        if rolling.get("maxUnavailable") is not None:
            w(1, f"MaxUnavailable:\t{rolling['maxUnavailable']}")
    w(0, f"Pods Status:\t{pods}")
    describe_template.template_lines(w, spec["template"])
    _claims(w, spec.get("volumeClaimTemplates"))
    event_lines(w, events, context)
    return w.text()


def _claims(w: Writer, templates: list[Object] | None) -> None:
    w(0, "Volume Claims:" if templates else "Volume Claims:\t<none>")
    for claim in templates or ():
        metadata, spec = claim["metadata"], claim.get("spec") or {}
        w(1, f"Name:\t{metadata['name']}")
        w(1, f"StorageClass:\t{describe_volumes.class_of({'metadata': metadata, 'spec': spec})}")
        label_lines(w, "Labels", metadata.get("labels"), "  ")
        label_lines(w, "Annotations", metadata.get("annotations"), "  ")
        requested = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
        w(1, f"Capacity:\t{'<default>' if requested is None else amount(requested)}")
        w(1, f"Access Modes:\t{strings(spec.get('accessModes'))}")
