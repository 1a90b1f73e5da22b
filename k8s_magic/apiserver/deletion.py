"""delete: at once, after a grace period (Pods), or when finalizers are gone; namespaces by way of Terminating.

Source: apiserver/pkg/registry/generic/registry/store.go (Delete), apiserver/pkg/registry/rest/delete.go
"""

from __future__ import annotations

from k8s_magic.apiserver import managed
from k8s_magic.apiserver.admission import Admission
from k8s_magic.apiserver.core import Core, success
from k8s_magic.apiserver.store import Entry
from k8s_magic.kinds.custom import naming
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import FieldError
from k8s_magic.machinery.kind import Kind
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import (
    CUSTOM_RESOURCE_DEFINITIONS,
    NAMESPACES,
    PODS,
    GroupVersionKind,
    GroupVersionResource,
)
from k8s_magic.machinery.protocols import DeleteOptions
from k8s_magic.sim.time import SECOND

ORPHAN, FOREGROUND = "orphan", "foregroundDeletion"
# Kinds whose removal answers with the object, not with a Status. Source: ReturnDeletedObject in pkg/registry
RETURNED = frozenset(
    {
        "csidrivers",
        "csinodes",
        "deviceclasses",
        "namespaces",
        "persistentvolumeclaims",
        "persistentvolumes",
        "pods",
        "podtemplates",
        "resourceclaims",
        "resourceclaimtemplates",
        "resourcequotas",
        "resourceslices",
        "serviceaccounts",
        "services",
        "storageclasses",
        "volumeattachments",
        "volumeattributesclasses",
    }
)
# Source: apiextensions-apiserver/pkg/apis/apiextensions/v1/types.go
CLEANUP = "customresourcecleanup.apiextensions.k8s.io"
POLICIES = ("Background", "Foreground", "Orphan")


class Deleter:
    def __init__(self, core: Core, admission: Admission) -> None:
        self._core = core
        self._admission = admission

    def delete(
        self, actor: str, gvr: GroupVersionResource, namespace: str, name: str, options: DeleteOptions
    ) -> Object:
        core = self._core
        kind = core.kind(gvr, "delete")
        entry = core.entry(gvr, namespace, name)
        if options.propagation and options.propagation not in POLICIES:
            raise _bad_policy(options.propagation)
        self._check_preconditions(kind, entry, options)
        self._admission.check_delete(kind, name)
        if gvr == NAMESPACES:
            return self._delete_namespace(entry, kind, options)
        if gvr == CUSTOM_RESOURCE_DEFINITIONS and entry.object["metadata"].get("deletionTimestamp") is None:
            return self._delete_definition(entry, kind, options)
        return self._delete(entry, kind, options)

    def _delete(self, entry: Entry, kind: Kind, options: DeleteOptions) -> Object:
        core = self._core
        old = entry.object
        metadata = {**old["metadata"]}
        grace = 0
        if kind.gvr == PODS:
            pending, grace = self._grace(old, metadata, options)
            if pending:
                return self._answer(kind, old)
        finalizers = _finalizers(old["metadata"].get("finalizers") or [], options.propagation)
        if finalizers:
            metadata["finalizers"] = finalizers
        else:
            metadata.pop("finalizers", None)
        if finalizers and kind.gvr != PODS:
            self._mark(metadata)
        if metadata != old["metadata"]:
            new = {**old, "metadata": metadata}
            if finalizers or kind.gvr == PODS:
                if options.dry_run:
                    return new
                self._write(entry, kind, new)
        if finalizers or grace:
            return entry.object
        if options.dry_run:
            return self._answer(kind, old)
        return self._answer(kind, core.store.remove(core.table(kind.gvr), entry))

    def _grace(self, pod: Object, metadata: Object, options: DeleteOptions) -> tuple[bool, int]:
        """Set a Pod's deletion fields. Returns (nothing to do, seconds still to wait)."""
        core = self._core
        wanted = options.grace_period_seconds
        if wanted is not None and wanted < 0:
            wanted = 1
        if metadata.get("deletionTimestamp") is not None:
            current: int = metadata.get("deletionGracePeriodSeconds") or 0
            if not current:
                return False, 0
            if wanted is None or wanted >= current:
                return True, current
            due = core.times.parse(metadata["deletionTimestamp"]) + (wanted - current) * SECOND
            if due < core.kernel.now:
                due = core.kernel.now
                if wanted:
                    wanted = 1
            metadata["deletionTimestamp"] = core.text_at(due)
            metadata["deletionGracePeriodSeconds"] = wanted
            return False, wanted
        if wanted is None:
            wanted = pod["spec"].get("terminationGracePeriodSeconds") or 0
        if not pod["spec"].get("nodeName") or (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed"):
            wanted = 0
        wanted = 1 if wanted < 0 else wanted
        metadata["deletionTimestamp"] = core.after_text(wanted)
        metadata["deletionGracePeriodSeconds"] = wanted
        if metadata.get("generation"):
            metadata["generation"] += 1
        return False, wanted

    def _mark(self, metadata: Object) -> None:
        """markAsDeleting: the object waits for its finalizers."""
        if metadata.get("deletionTimestamp") is None:
            if metadata.get("generation"):
                metadata["generation"] += 1
            metadata["deletionTimestamp"] = self._core.now_text()
        metadata["deletionGracePeriodSeconds"] = 0

    def _delete_namespace(self, entry: Entry, kind: Kind, options: DeleteOptions) -> Object:
        old = entry.object
        if old["metadata"].get("deletionTimestamp") is not None:
            if (old.get("spec") or {}).get("finalizers"):
                return old
            return self._delete(entry, kind, options)
        metadata = {**old["metadata"], "deletionTimestamp": self._core.now_text()}
        finalizers = _finalizers(metadata.get("finalizers") or [], options.propagation)
        if finalizers:
            metadata["finalizers"] = finalizers
        else:
            metadata.pop("finalizers", None)
        status = {**(old.get("status") or {}), "phase": "Terminating"}
        new = {**old, "metadata": metadata, "status": status}
        if options.dry_run:
            return new
        self._write(entry, kind, new)
        return entry.object

    def _delete_definition(self, entry: Entry, kind: Kind, options: DeleteOptions) -> Object:
        """It waits until its objects have gone. Source: registry/customresourcedefinition/etcd.go (Delete)"""
        old = entry.object
        now = self._core.now_text()
        finalizers = old["metadata"].get("finalizers") or []
        finalizers = finalizers if CLEANUP in finalizers else [*finalizers, CLEANUP]
        words = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon"
        new = naming.with_condition(old, now, "Terminating", "True", "InstanceDeletionPending", words)
        new["metadata"] = {**old["metadata"], "deletionTimestamp": now, "finalizers": finalizers}
        if options.dry_run:
            return new
        self._write(entry, kind, new)
        return entry.object

    def _write(self, entry: Entry, kind: Kind, new: Object) -> None:
        core = self._core
        old = entry.object
        core.store.replace(core.table(kind.gvr), entry, new)
        managed.note(entry, "", "", core.now_text(), old)

    def _check_preconditions(self, kind: Kind, entry: Entry, options: DeleteOptions) -> None:
        metadata = entry.object["metadata"]
        named = GroupVersionResource(kind.gvk.group, kind.gvk.version, kind.gvk.kind)
        if options.uid and options.uid != metadata["uid"]:
            raise errors.conflict(
                named,
                metadata["name"],
                f"the UID in the precondition ({options.uid}) does not match the UID in record "
                f"({metadata['uid']}). The object might have been deleted and then recreated",
            )
        if options.resource_version and options.resource_version != metadata["resourceVersion"]:
            raise errors.conflict(
                named,
                metadata["name"],
                f"the ResourceVersion in the precondition ({options.resource_version}) does not match the "
                f"ResourceVersion in record ({metadata['resourceVersion']}). The object might have been modified",
            )

    def _answer(self, kind: Kind, obj: Object) -> Object:
        if kind.gvr.resource in RETURNED:
            return obj
        details = {"name": obj["metadata"]["name"]}
        if kind.gvr.group:
            details["group"] = kind.gvr.group
        details |= {"kind": kind.gvr.resource, "uid": obj["metadata"]["uid"]}
        return success(details=details)


def _finalizers(current: list[str], propagation: str) -> list[str]:
    """The finalizers that a deletion leaves to be waited for (deletionFinalizersForGarbageCollection)."""
    wanted = {"Orphan": ORPHAN, "Foreground": FOREGROUND, "Background": ""}.get(propagation)
    if wanted is None:
        wanted = next((each for each in current if each in (ORPHAN, FOREGROUND)), "")
    kept = [each for each in current if each not in (ORPHAN, FOREGROUND)]
    new = [*kept, wanted] if wanted else kept
    return current if sorted(new) == sorted(current) else new


def _bad_policy(propagation: str) -> errors.ApiError:
    supported = '"Background", "Foreground", "Orphan", "nil"'
    detail = f'Unsupported value: "{propagation}": supported values: {supported}'
    complaint = FieldError("FieldValueNotSupported", "propagationPolicy", detail)
    return errors.invalid(GroupVersionKind("meta.k8s.io", "", "DeleteOptions"), "", [complaint])
