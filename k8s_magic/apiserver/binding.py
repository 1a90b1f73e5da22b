"""pods/binding: a Pod gets its node. Source: pkg/registry/core/pod/storage/storage.go (BindingREST)"""

from __future__ import annotations

from typing import Any

from k8s_magic.apiserver import managed
from k8s_magic.apiserver.core import Core, success
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import FieldError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS, GroupVersionKind, GroupVersionResource
from k8s_magic.machinery.protocols import WriteOptions

CREATED = success(201)


def bind(core: Core, namespace: str, name: str, body: Any, options: WriteOptions) -> Object:
    """Raises: NotFound, Conflict when the Pod has a node, is gated or is going."""
    table = core.table(PODS)
    entry = table.entries.get((namespace, name))
    if entry is None:
        raise errors.not_found(PODS, name)
    target = body.get("target") or {}
    node = target.get("name")
    metadata = body.get("metadata") or {}
    _check(name, metadata, target)
    old = entry.object
    before = old["metadata"]
    core.check_uid(core.kinds[PODS], namespace, name, metadata.get("uid", ""), before["uid"])
    spec = old["spec"]
    if before.get("deletionTimestamp") is not None:
        raise _conflict(name, f"pod {name} is being deleted, cannot be assigned to a host")
    if spec.get("nodeName"):
        raise _conflict(name, f'pod {name} is already assigned to node "{spec["nodeName"]}"')
    if spec.get("schedulingGates"):
        raise _conflict(name, f"pod {name} has non-empty .spec.schedulingGates")
    if options.dry_run:
        return CREATED
    now = core.now_text()
    status = old.get("status") or {}
    scheduled = {"type": "PodScheduled", "status": "True", "lastProbeTime": None, "lastTransitionTime": now}
    conditions = status.get("conditions")
    if not conditions:
        conditions = [scheduled]
    else:
        conditions = [each for each in conditions if each["type"] != "PodScheduled"]
        conditions.append(scheduled)
    status = {**status, "conditions": conditions}
    status.pop("nominatedNodeName", None)
    after = {**before}
    for field in ("annotations", "labels"):
        if given := metadata.get(field):
            after[field] = {**(before.get(field) or {}), **given}
    new = {**old, "metadata": after, "spec": {**spec, "nodeName": node}, "status": status}
    core.store.replace(table, entry, new)
    managed.note(entry, "", "binding", now, old)
    return CREATED


def _check(name: str, metadata: Object, target: Object) -> None:
    if metadata.get("name", name) != name:
        raise errors.bad_request("name in URL does not match name in Binding object")
    complaints = []
    if target.get("kind", "Node") not in ("", "Node"):
        detail = f'Unsupported value: "{target["kind"]}": supported values: "Node", "<empty>"'
        complaints.append(FieldError("FieldValueNotSupported", "target.kind", detail))
    if not target.get("name"):
        complaints.append(FieldError("FieldValueRequired", "target.name", "Required value"))
    if complaints:
        raise errors.invalid(GroupVersionKind("", "v1", "Binding"), name, complaints)


def _conflict(name: str, why: str) -> errors.ApiError:
    return errors.conflict(GroupVersionResource("", "v1", "pods/binding"), name, why)
