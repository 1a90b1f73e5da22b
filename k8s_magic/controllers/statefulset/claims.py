"""The claims of a StatefulSet's Pods: made before the Pod, kept or given an owner by the retention policy.

Source: pkg/controller/statefulset/stateful_pod_control.go, stateful_set_utils.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.client.recorder import EventRecorder
from k8s_magic.controllers import _writes
from k8s_magic.controllers.statefulset import pods as stateful_pods
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Informer, Transport

CLAIMS = names.core("persistentvolumeclaims")


class Claims:
    def __init__(self, transport: Transport, informer: Informer, recorder: EventRecorder) -> None:
        self._transport = transport
        self._informer = informer
        self._recorder = recorder

    def _held(self, owner: Object, pod: Object) -> list[Object]:
        """The claims of a Pod that there are."""
        ordinal, namespace = stateful_pods.ordinal_of(pod), meta.namespace_of(owner)
        claims = (
            self._informer.get(namespace, stateful_pods.claim_name(owner, template, ordinal))
            for template in stateful_pods.claim_templates(owner)
        )
        return [claim for claim in claims if claim is not None]

    def create(self, owner: Object, pod: Object) -> None:
        """Make the claims that are missing. Raises: ApiError where one cannot be had."""
        namespace, failures = meta.namespace_of(owner), []
        for template in stateful_pods.claim_templates(owner):
            name = stateful_pods.claim_name(owner, template, stateful_pods.ordinal_of(pod))
            held = self._informer.get(namespace, name)
            if held is not None:
                if meta.is_deleting(held):
                    failures.append(f"pvc {name} is being deleted")
                continue
            of = f"Pod {meta.name_of(pod)} in StatefulSet {meta.name_of(owner)}"
            try:
                self._transport.create(CLAIMS, namespace, _claim(owner, template, name), options=_writes.AS_MANAGER)
            except ApiError as error:
                failures.append(f"failed to create PVC {name}: {error.message}")
                if not error.is_already_exists:
                    message = f"Create Claim {name} for {of} failed error: {error.message}"
                    self._recorder.event(owner, "Warning", "FailedCreate", message)
            else:
                self._recorder.event(owner, "Normal", "SuccessfulCreate", f"Create Claim {name} {of} success")
        if failures:
            text = failures[0] if len(failures) == 1 else f"[{', '.join(failures)}]"
            raise ApiError({"kind": "Status", "status": "Failure", "code": 500, "message": text})

    def are_stale(self, owner: Object, pod: Object) -> bool:
        """Whether a claim still belongs to a Pod of the same name that is gone."""
        if _policy(owner)[0] == "Retain":
            return False
        return any(_has_stale_owner(claim, pod, "v1", "Pod") for claim in self._held(owner, pod))

    def match_policy(self, owner: Object, pod: Object) -> bool:
        return all(_is_up_to_date(claim, owner, pod) for claim in self._held(owner, pod))

    def follow_policy(self, owner: Object, pod: Object) -> None:
        for claim in self._held(owner, pod):
            if _has_other_controller(claim, owner, pod):
                message = (
                    f"PersistentVolumeClaim {meta.name_of(claim)} has a conflicting OwnerReference that acts as a "
                    "manging controller, the retention policy is ignored for this claim"
                )
                self._recorder.event(owner, "Warning", "ConflictingController", message)
            if not _is_up_to_date(claim, owner, pod):
                body = meta.with_metadata(claim, ownerReferences=_references(claim, owner, pod))
                self._transport.update(
                    CLAIMS, meta.namespace_of(claim), meta.name_of(claim), body, options=_writes.AS_MANAGER
                )


def _claim(owner: Object, template: Object, name: str) -> Object:
    selected = owner["spec"]["selector"].get("matchLabels") or {}
    labels = {**(template["metadata"].get("labels") or {}), **selected}
    metadata = {**template["metadata"], "name": name, "namespace": meta.namespace_of(owner)}
    if labels:
        metadata["labels"] = labels
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": metadata,
        "spec": template["spec"],
    }


def _policy(owner: Object) -> tuple[str, str]:
    """(when scaled, when deleted): Retain or Delete."""
    policy = owner["spec"].get("persistentVolumeClaimRetentionPolicy") or {}
    return policy.get("whenScaled", "Retain"), policy.get("whenDeleted", "Retain")


def _owners(claim: Object) -> list[Object]:
    return claim["metadata"].get("ownerReferences") or []


def _names(reference: Object, obj: Object, api_version: str, kind: str) -> bool:
    return (reference["apiVersion"], reference["kind"], reference["name"]) == (api_version, kind, meta.name_of(obj))


def _is_ours(reference: Object, owner: Object, pod: Object) -> bool:
    return _names(reference, owner, "apps/v1", "StatefulSet") or _names(reference, pod, "v1", "Pod")


def _has_stale_owner(claim: Object, obj: Object, api_version: str, kind: str) -> bool:
    for reference in _owners(claim):
        if _names(reference, obj, api_version, kind):
            return bool(reference["uid"] != meta.uid_of(obj))
    return False


def _has_owner(claim: Object, obj: Object) -> bool:
    return any(reference["uid"] == meta.uid_of(obj) for reference in _owners(claim))


def _has_other_controller(claim: Object, owner: Object, pod: Object) -> bool:
    if _policy(owner) == ("Retain", "Retain"):
        return False
    for reference in _owners(claim):
        if _is_ours(reference, owner, pod):
            if reference["uid"] not in (meta.uid_of(owner), meta.uid_of(pod)):
                return True
        elif reference.get("controller"):
            return True
    return False


def _wanted(owner: Object, pod: Object) -> tuple[bool, bool]:
    """Whether the claim is to belong to the StatefulSet, and to the Pod."""
    scaled, deleted = _policy(owner)
    is_scaled_down = scaled == "Delete" and not stateful_pods.is_in_range(pod, owner)
    return deleted == "Delete" and not is_scaled_down, is_scaled_down


def _is_up_to_date(claim: Object, owner: Object, pod: Object) -> bool:
    if _has_stale_owner(claim, owner, "apps/v1", "StatefulSet") or _has_stale_owner(claim, pod, "v1", "Pod"):
        return True
    has = (_has_owner(claim, owner), _has_owner(claim, pod))
    if _has_other_controller(claim, owner, pod):
        return not any(has)
    ours = (meta.uid_of(owner), meta.uid_of(pod))
    if any(reference["uid"] in ours and not reference.get("controller") for reference in _owners(claim)):
        return False
    return has == _wanted(owner, pod)


def _references(claim: Object, owner: Object, pod: Object) -> list[Object] | None:
    kept = [reference for reference in _owners(claim) if not _is_ours(reference, owner, pod)]
    if not _has_other_controller(claim, owner, pod):
        by_set, by_pod = _wanted(owner, pod)
        if by_set:
            kept.append(meta.owner_reference(owner))
        if by_pod:
            kept.append(meta.owner_reference({"apiVersion": "v1", "kind": "Pod", **pod}))
    return kept or None
