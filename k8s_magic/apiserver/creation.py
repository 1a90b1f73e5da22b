"""create: names, system fields, decoding, defaults, admission, strategy, validation, and into the store.

Components have three short ways with the same result: Pods of one template share what the long way found out about
it (pod_template.py); events, leases and endpoints are complete as written; a binding only names a node.
"""

from __future__ import annotations

from typing import Any

from k8s_magic.apiserver import managed
from k8s_magic.apiserver.admission import Admission
from k8s_magic.apiserver.core import Core
from k8s_magic.apiserver.expiry import Expiry
from k8s_magic.apiserver.pod_template import PodTemplates
from k8s_magic.apiserver.sharing import copied
from k8s_magic.apiserver.store import Entry
from k8s_magic.machinery import errors
from k8s_magic.machinery.kind import Kind, Warn
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import (
    CONTROLLER_REVISIONS,
    ENDPOINT_SLICES,
    ENDPOINTS,
    EVENTS,
    LEASES,
    NODES,
    PERSISTENT_VOLUMES,
    PODS,
    SERVICES,
    GroupVersionResource,
)
from k8s_magic.machinery.protocols import WriteOptions

# Kinds that components write complete: nothing is defaulted, and their writers keep them valid.
AS_WRITTEN = frozenset({EVENTS, LEASES, ENDPOINTS, ENDPOINT_SLICES, CONTROLLER_REVISIONS})
# Kinds that admission or allocation adds to: nobody owns what it adds.
ADDED_TO = frozenset({NODES, PODS, SERVICES})
# Source: apiserver/pkg/registry/generic/registry/store.go (maxNameGenerationCreateAttempts)
NAME_ATTEMPTS = 8


class Creator:
    def __init__(self, core: Core, admission: Admission, expiry: Expiry) -> None:
        self._core = core
        self._admission = admission
        self._expiry = expiry
        self._templates = PodTemplates(core, admission)

    def create(
        self,
        actor: str,
        gvr: GroupVersionResource,
        namespace: str,
        body: Any,
        options: WriteOptions,
        warn: Warn,
        name: str = "",
    ) -> Object:
        core = self._core
        if actor in core.components and not options.dry_run:
            if gvr in AS_WRITTEN:
                return self._as_written(actor, gvr, namespace, body, options)
            if gvr == PODS:
                found = self._templates.pod(namespace, body)
                if found is not None:
                    pod, given = found
                    claims = self._admission.check(core.kinds[PODS], pod)
                    entry = self._store(core.kinds[PODS], pod, actor, options, given)
                    if claims:
                        self._admission.charge(claims)
                    return entry.object
        kind = core.kind(gvr, "create")
        if kind.warning:
            warn(kind.warning)
        obj = self.prepared(kind, namespace, body, options, warn, name)
        result = self.admitted(actor, kind, namespace, obj, options, warn)
        if gvr == PODS and actor in core.components and not options.dry_run:
            given = core.table(PODS).entries[namespace, result["metadata"]["name"]].log[0][managed.GIVEN]
            self._templates.remember(namespace, body, result, given)
        return result

    def prepared(
        self, kind: Kind, namespace: str, body: Any, options: WriteOptions, warn: Warn, name: str = ""
    ) -> Object:
        """The decoded and defaulted object with its system fields."""
        core = self._core
        obj = core.decode(kind, body, options.field_validation, warn)
        metadata = obj["metadata"]
        core.set_namespace(kind, metadata, namespace)
        if name and not metadata.get("name"):
            metadata["name"] = name
        kind.default(obj)
        metadata["uid"] = core.uid()
        metadata["creationTimestamp"] = core.now_text()
        metadata.pop("deletionTimestamp", None)
        metadata.pop("deletionGracePeriodSeconds", None)
        if not metadata.get("name") and metadata.get("generateName"):
            metadata["name"] = self._free_name(kind.gvr, metadata)
        return obj

    def admitted(
        self,
        actor: str,
        kind: Kind,
        namespace: str,
        obj: Object,
        options: WriteOptions,
        warn: Warn,
    ) -> Object:
        """Admit, validate and store what `prepared` made."""
        core = self._core
        metadata = obj["metadata"]
        given = {**obj, "spec": copied(obj.get("spec"))} if kind.gvr in ADDED_TO else None
        self._admission.admit_create(kind, obj, namespace)
        self._admission.allocate(kind, obj, None, options.dry_run)
        metadata.pop("generation", None)
        kind.prepare_create(obj)
        for condition in (obj.get("status") or {}).get("conditions") or ():
            if kind.gvr == PODS and not condition.get("lastTransitionTime"):
                condition["lastTransitionTime"] = core.now_text()
        if kind.gvr == PERSISTENT_VOLUMES:
            obj["status"]["lastPhaseTransitionTime"] = core.now_text()
        if complaints := kind.validate(obj):
            raise errors.invalid(kind.gvk, metadata.get("name", ""), complaints)
        if kind.warnings is not None:
            for warning in kind.warnings(obj, None):
                warn(warning)
        claims = self._admission.check(kind, obj)
        if not metadata.get("name"):  # of the few kinds whose validation does not ask for one
            raise errors.bad_request("Name parameter required.")
        if (namespace if kind.namespaced else "", metadata["name"]) in core.table(kind.gvr).entries:
            raise errors.already_exists(kind.gvr, metadata["name"])
        if options.dry_run:
            return obj
        if metadata.get("resourceVersion"):
            raise errors.failure(500, "", "resourceVersion should not be set on objects to be created")
        entry = self._store(kind, obj, actor, options, given)
        self._admission.charge(claims)
        return entry.object

    def _store(self, kind: Kind, obj: Object, actor: str, options: WriteOptions, given: Object | None = None) -> Entry:
        core = self._core
        entry = core.store.create(core.table(kind.gvr), obj)
        managed.note(entry, options.field_manager or actor, "", core.now_text(), None, given)
        if kind.gvr == EVENTS:
            self._expiry.keep(entry)
        return entry

    def _as_written(
        self, actor: str, gvr: GroupVersionResource, namespace: str, body: Object, options: WriteOptions
    ) -> Object:
        core = self._core
        kind = core.kind(gvr)
        metadata = {**body["metadata"], "uid": core.uid(), "creationTimestamp": core.now_text()}
        if kind.namespaced:
            metadata["namespace"] = namespace
        if "name" not in metadata:
            metadata["name"] = self._free_name(gvr, metadata)
        elif (namespace, metadata["name"]) in core.table(gvr).entries:
            raise errors.already_exists(gvr, metadata["name"])
        self._admission.check_namespace(kind, metadata, namespace)
        if kind.has_generation:
            metadata["generation"] = 1
        return self._store(kind, {**body, "metadata": metadata}, actor, options).object

    def _free_name(self, gvr: GroupVersionResource, metadata: Object) -> str:
        core = self._core
        entries = core.table(gvr).entries
        namespace = metadata.get("namespace", "")
        for _ in range(NAME_ATTEMPTS):
            name = core.generated_name(metadata["generateName"])
            if (namespace, name) not in entries:
                return name
        failure = errors.already_exists(gvr, name)
        failure.status["message"] += ", the server was not able to generate a unique name for the object"
        failure.status["details"]["retryAfterSeconds"] = 1
        raise failure
