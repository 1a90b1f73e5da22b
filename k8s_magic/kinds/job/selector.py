"""The selector and labels that the server gives a Job from its uid. Source: pkg/registry/batch/job/strategy.go"""

from __future__ import annotations

from k8s_magic.machinery.meta import Object

NAME, UID = "batch.kubernetes.io/job-name", "batch.kubernetes.io/controller-uid"
LEGACY_NAME, LEGACY_UID = "job-name", "controller-uid"


def generate(obj: Object) -> None:
    """Needs metadata.name and metadata.uid; leaves a manual selector alone."""
    spec, metadata = obj["spec"], obj["metadata"]
    if spec.get("manualSelector"):
        return
    uid, name = metadata.get("uid", ""), metadata.get("name", "")
    template = spec["template"]["metadata"]
    labels = dict(template.get("labels") or {})
    is_shared = not metadata.get("labels") or metadata["labels"] is template.get("labels")
    for key, value in ((LEGACY_UID, uid), (LEGACY_NAME, name), (UID, uid), (NAME, name)):
        labels.setdefault(key, value)
    template["labels"] = labels
    # A Job without labels of its own has its template's: defaulting made them one map.
    if is_shared:
        metadata["labels"] = dict(labels)
    selector = spec.get("selector") or {}
    match = dict(selector.get("matchLabels") or {})
    match.setdefault(UID, uid)
    spec["selector"] = {**selector, "matchLabels": match}
