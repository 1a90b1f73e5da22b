"""update: optimistic concurrency, strategy, validation, generation, and no write where nothing changes.

A component's write of a status, or of metadata only, takes a short way: the rest of the object is the stored one
itself, which was validated when it was stored.
"""

from __future__ import annotations

from typing import Any

from k8s_magic.apiserver import ephemeral, managed
from k8s_magic.apiserver.admission import Admission
from k8s_magic.apiserver.core import Core
from k8s_magic.apiserver.creation import AS_WRITTEN, Creator
from k8s_magic.apiserver.expiry import Expiry
from k8s_magic.apiserver.sharing import shared
from k8s_magic.apiserver.store import Entry, Table
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import FieldError
from k8s_magic.machinery.kind import Kind, Warn
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import EVENTS, NAMESPACES, GroupVersionKind, GroupVersionResource
from k8s_magic.machinery.protocols import WriteOptions

# Source: AllowCreateOnUpdate in pkg/registry/*/*/strategy.go
CREATED_ON_UPDATE = frozenset(
    {
        "clusterrolebindings",
        "clusterroles",
        "endpoints",
        "events",
        "leases",
        "limitranges",
        "rolebindings",
        "roles",
        "runtimeclasses",
        "services",
    }
)
# Source: AllowUnconditionalUpdate there
CONDITIONAL_ONLY = frozenset(
    {"csidrivers", "csinodes", "leases", "poddisruptionbudgets", "runtimeclasses", "volumeattachments"}
)
# What an update can never change; absent in a new object they are carried over.
KEPT = ("creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds")


class Updater:
    def __init__(self, core: Core, admission: Admission, creator: Creator, expiry: Expiry) -> None:
        self._core = core
        self._admission = admission
        self._creator = creator
        self._expiry = expiry

    def update(
        self,
        actor: str,
        gvr: GroupVersionResource,
        namespace: str,
        name: str,
        body: Any,
        subresource: str,
        options: WriteOptions,
        warn: Warn,
    ) -> Object:
        """The object itself (subresource ""), or its status."""
        core = self._core
        table = core.table(gvr)
        entry = table.entries.get((namespace, name))
        if actor in core.components and not options.dry_run and entry is not None:
            if subresource == "status":
                return self._component_status(actor, table, entry, body, options)
            written = self._component_update(actor, table, entry, body, options)
            if written is not None:
                return written
        kind = ephemeral.ruled(core.kind(gvr, "update"), subresource)
        if kind.warning:
            warn(kind.warning)
        if entry is None:
            if gvr.resource in CREATED_ON_UPDATE and not subresource:
                return self._creator.create(actor, gvr, namespace, body, options, warn, name)
            raise errors.not_found(gvr, name)
        new = core.decode(kind, body, options.field_validation, warn)
        # A precondition of whole objects only: a patch that names another uid is judged by validation.
        before = entry.object["metadata"]
        core.check_uid(kind, namespace, name, new["metadata"].get("uid", ""), before["uid"])
        return self.replace(actor, kind, entry, new, subresource, options, warn)

    def replace(
        self,
        actor: str,
        kind: Kind,
        entry: Entry,
        new: Object,
        subresource: str,
        options: WriteOptions,
        warn: Warn,
    ) -> Object:
        """Take a decoded object (the caller's own, changed in place) in an entry's stead."""
        core = self._core
        old = entry.object
        namespace, name = entry.key
        metadata, before = new["metadata"], old["metadata"]
        if metadata.setdefault("name", name) != name:
            raise errors.bad_request(
                f"the name of the object ({metadata['name']}) does not match the name on the URL ({name})"
            )
        core.set_namespace(kind, metadata, namespace)
        kind.default(new)
        self._check_revision(kind, metadata, before)
        if before.get("generation") is not None:
            metadata["generation"] = before["generation"]
        else:
            metadata.pop("generation", None)
        self._admission.admit_update(kind, new, old)
        if not subresource:
            self._admission.allocate(kind, new, old, options.dry_run)
            kind.prepare_update(new, old)
        elif subresource == "finalize":
            finalizers = (new.get("spec") or {}).get("finalizers") or []
            new = {**old, "metadata": metadata, "spec": {**(old.get("spec") or {}), "finalizers": finalizers}}
        else:
            kind.prepare_status_update(new, old)
        self._carry(metadata, before)
        if complaints := kind.validate_update(new, old):
            raise errors.invalid(kind.gvk, name, complaints)
        claims = []
        if not subresource:
            if kind.warnings is not None:
                for warning in kind.warnings(new, old):
                    warn(warning)
            claims = self._admission.check(kind, new, old)
        new = shared(new, old)
        if new is old:
            return old
        if options.dry_run:
            return new
        written = self.store(actor, kind, entry, new, subresource, options)
        self._admission.charge(claims)
        return written

    def store(
        self,
        actor: str,
        kind: Kind,
        entry: Entry,
        new: Object,
        subresource: str,
        options: WriteOptions,
    ) -> Object:
        """Write a new version, or remove the object whose last finalizer it gives up."""
        core = self._core
        table = core.table(kind.gvr)
        old = entry.object
        before = old["metadata"]
        if (
            before.get("deletionTimestamp") is not None
            and not new["metadata"].get("finalizers")
            and not before.get("deletionGracePeriodSeconds")
            and not (kind.gvr == NAMESPACES and (new.get("spec") or {}).get("finalizers"))
        ):
            core.store.remove(table, entry)
            return new
        if new["metadata"] is before:
            new = {**new, "metadata": {**before}}
        stored = core.store.replace(table, entry, new)
        manager = options.field_manager or actor
        managed.note(entry, manager, subresource, core.now_text(), old)
        managed.fold(core.catalogue, kind, entry)
        if kind.gvr == EVENTS:
            self._expiry.keep(entry)
        return stored

    def _check_revision(self, kind: Kind, metadata: Object, before: Object) -> None:
        given = metadata.get("resourceVersion")
        if not given:
            if kind.custom or kind.gvr.resource in CONDITIONAL_ONLY:
                detail = "Invalid value: 0: must be specified for an update"
                complaint = FieldError("FieldValueInvalid", "metadata.resourceVersion", detail)
                where = GroupVersionKind(kind.gvr.group, kind.gvr.version, kind.gvr.resource)
                raise errors.invalid(where, before["name"], [complaint])
            metadata["resourceVersion"] = before["resourceVersion"]
        elif given != before["resourceVersion"]:
            raise errors.conflict(kind.gvr, before["name"], errors.MODIFIED)

    @staticmethod
    def _carry(metadata: Object, before: Object) -> None:
        if not metadata.get("uid"):
            metadata["uid"] = before["uid"]
        for field in KEPT:
            value = before.get(field)
            if value is not None:
                metadata[field] = value
            else:
                metadata.pop(field, None)

    # Components' short ways ---------------------------------------------------------------------------------

    def _component_status(self, actor: str, table: Table, entry: Entry, body: Object, options: WriteOptions) -> Object:
        core = self._core
        old = entry.object
        before, given = old["metadata"], body["metadata"]
        after = {**before}
        if given is not before:
            self._check_given(table, entry, given)
            # Upstream's strategies keep most of old metadata; controllers rely on annotations getting through.
            if given.get("annotations") and given["annotations"] != before.get("annotations"):
                after["annotations"] = given["annotations"]
        status = body.get("status")
        if status == old.get("status") and after == before:
            return old
        new = {**old, "metadata": after, "status": status}
        core.store.replace(table, entry, new)
        manager = options.field_manager or actor
        managed.note(entry, manager, "status", core.now_text(), old)
        return new

    def _component_update(
        self, actor: str, table: Table, entry: Entry, body: Object, options: WriteOptions
    ) -> Object | None:
        """None when the change needs the long way."""
        core = self._core
        old = entry.object
        gvr = table.gvr
        kind = core.kinds[gvr]
        if gvr not in AS_WRITTEN:
            spec = old.get("spec")
            if spec is None or (body.get("spec") is not spec and body.get("spec") != spec):
                return None
        before, given = old["metadata"], body["metadata"]
        if given is not before:
            self._check_given(table, entry, given)
        metadata = {**given, "name": before["name"], "uid": before["uid"]}
        metadata["resourceVersion"] = before["resourceVersion"]
        for field in (*KEPT, "generation", "namespace", "generateName"):
            if field in before:
                metadata[field] = before[field]
            else:
                metadata.pop(field, None)
        new = {**body, "metadata": metadata}
        if "spec" in old:
            new["spec"] = old["spec"]
        if "status" in kind.subresources:
            if "status" in old:
                new["status"] = old["status"]
            else:
                new.pop("status", None)
        if gvr in AS_WRITTEN and "spec" in body:
            new["spec"] = body["spec"]
        if new == old:
            return old
        if kind.has_generation:
            kind.prepare_update(new, old)
        return self.store(actor, kind, entry, new, "", options)

    @staticmethod
    def _check_given(table: Table, entry: Entry, given: Object) -> None:
        before = entry.object["metadata"]
        revision, uid = given.get("resourceVersion"), given.get("uid")
        if (revision and revision != before["resourceVersion"]) or (uid and uid != before["uid"]):
            raise errors.conflict(table.gvr, entry.key[1], errors.MODIFIED)
