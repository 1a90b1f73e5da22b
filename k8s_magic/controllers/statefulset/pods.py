"""The numbered Pods of a StatefulSet: what they are called, what they carry, how they stand.

Source: pkg/controller/statefulset/stateful_set_utils.go (v1.36)
"""

from __future__ import annotations

import re

from k8s_magic.controllers import _pods
from k8s_magic.controllers._history import HASH_LABEL
from k8s_magic.controllers._replicas.pod_control import from_template
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.sim.time import SimTime, TimeFormatter

NAME_LABEL = "statefulset.kubernetes.io/pod-name"
INDEX_LABEL = "apps.kubernetes.io/pod-index"
NAME = re.compile(r"(.*)-([0-9]+)$", re.ASCII)
MOST = (1 << 31) - 1


def parent_and_ordinal(pod: Object) -> tuple[str, int]:
    """("", -1) for a name without a number."""
    match = NAME.match(meta.name_of(pod))
    if match is None:
        return "", -1
    number = int(match.group(2))
    return match.group(1), number if number <= MOST else -1


def ordinal_of(pod: Object) -> int:
    return parent_and_ordinal(pod)[1]


def start_of(owner: Object) -> int:
    start: int = (owner["spec"].get("ordinals") or {}).get("start", 0)
    return start


def is_in_range(pod: Object, owner: Object) -> bool:
    start = start_of(owner)
    return bool(start <= ordinal_of(pod) < start + owner["spec"]["replicas"])


def claim_name(owner: Object, template: Object, ordinal: int) -> str:
    return f"{meta.name_of(template)}-{meta.name_of(owner)}-{ordinal}"


def claim_templates(owner: Object) -> list[Object]:
    return owner["spec"].get("volumeClaimTemplates") or []


def revision_of(pod: Object) -> str:
    return meta.labels_of(pod).get(HASH_LABEL, "")


def is_created(pod: Object) -> bool:
    return _pods.phase(pod) != ""


def is_up(pod: Object) -> bool:
    return _pods.phase(pod) == "Running" and _pods.is_ready(pod)


class Standing:
    """Availability at one instant."""

    def __init__(self, owner: Object, now: SimTime, times: TimeFormatter) -> None:
        self._seconds = owner["spec"].get("minReadySeconds") or 0
        self._now = now
        self._times = times

    def wait(self, pod: Object) -> SimTime | None:
        return _pods.unavailable_for(pod, self._seconds, self._now, self._times)

    def is_available(self, pod: Object) -> bool:
        return self.wait(pod) == 0

    def is_unavailable(self, pod: Object) -> bool:
        return meta.is_deleting(pod) or self.wait(pod) != 0


def new_pod(owner: Object, template: Object, revision: str, ordinal: int) -> Object:
    """The Pod of an ordinal by the template of a revision."""
    name = f"{meta.name_of(owner)}-{ordinal}"
    pod = from_template(template, owner)
    labels = {**meta.labels_of(pod), NAME_LABEL: name, INDEX_LABEL: str(ordinal), HASH_LABEL: revision}
    pod = meta.with_metadata(pod, name=name, namespace=meta.namespace_of(owner), labels=labels)
    spec = {**pod["spec"], "hostname": name}
    spec.pop("subdomain", None)
    if owner["spec"].get("serviceName"):
        spec["subdomain"] = owner["spec"]["serviceName"]
    return _with_storage({**pod, "spec": spec}, owner)


def _with_storage(pod: Object, owner: Object) -> Object:
    ordinal = ordinal_of(pod)
    templates = claim_templates(owner)
    if not templates:
        return pod
    held = {meta.name_of(template) for template in templates}
    volumes = [
        {
            "name": meta.name_of(template),
            "persistentVolumeClaim": {"claimName": claim_name(owner, template, ordinal)},
        }
        for template in templates
    ]
    volumes += [volume for volume in pod["spec"].get("volumes") or () if volume["name"] not in held]
    return {**pod, "spec": {**pod["spec"], "volumes": volumes}}


def has_identity(pod: Object) -> bool:
    return meta.labels_of(pod).get(NAME_LABEL) == meta.name_of(pod)


def has_storage(pod: Object, owner: Object) -> bool:
    volumes = {volume["name"]: volume for volume in pod["spec"].get("volumes") or ()}
    return all(
        ((volumes.get(meta.name_of(template)) or {}).get("persistentVolumeClaim") or {}).get("claimName")
        == claim_name(owner, template, ordinal_of(pod))
        for template in claim_templates(owner)
    )


def corrected(pod: Object, owner: Object) -> Object:
    """The Pod with the labels and volumes that it should have."""
    name = meta.name_of(pod)
    if not has_identity(pod):
        labels = {**meta.labels_of(pod), NAME_LABEL: name, INDEX_LABEL: str(ordinal_of(pod))}
        pod = meta.with_metadata(pod, labels=labels)
    return pod if has_storage(pod, owner) else _with_storage(pod, owner)
