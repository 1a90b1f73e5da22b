"""What every verb needs: the clock, chance, the store, kinds, admission. One instance belongs to one ApiServer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from k8s_magic.apiserver.catalogue import Catalogue
from k8s_magic.apiserver.store import Entry, Store, Table
from k8s_magic.machinery import errors
from k8s_magic.machinery.kind import Kind, Warn
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionKind, GroupVersionResource
from k8s_magic.sim import streams as chance
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import SECOND, SimTime, TimeFormatter

# Source: apiserver/pkg/storage/names/generate.go
MAX_NAME_LENGTH = 63
RANDOM_LENGTH = 5
# Reviews are answered, never stored.
CREATE_ONLY = ("create",)
# Where a resource's path in etcd is not its name. Source: pkg/registry/core/rest/storage_core.go and friends
STORAGE_PATHS = {
    "endpoints": "services/endpoints",
    "ingresses": "ingress",
    "nodes": "minions",
    "replicationcontrollers": "controllers",
    "services": "services/specs",
}


class Core:
    """`components` are the actors whose objects are taken as well-formed: the project's own controllers."""

    def __init__(self, kernel: Kernel, streams: Streams, times: TimeFormatter, catalogue: Catalogue) -> None:
        self.kernel = kernel
        self.streams = streams
        self.times = times
        self.catalogue = catalogue
        self.store = Store()
        self.components: set[str] = set()
        self.closed: set[tuple[str, str]] = set()  # custom resources (group, plural) that are going
        self.kinds = {kind.gvr: kind for kind in catalogue.all_kinds()}
        self._tables: dict[GroupVersionResource, Table] = {}
        self._names = streams.stream("apiserver/names")
        self._uids = streams.stream("apiserver/uids")

    def kind(self, gvr: GroupVersionResource, verb: str = "") -> Kind:
        """Raises: NotFound for a resource that is not served, MethodNotAllowed for a verb it does not have."""
        kind = self.kinds.get(gvr)
        if kind is None:
            raise errors.resource_missing()
        if verb and verb not in kind.verbs:
            if kind.verbs == CREATE_ONLY:
                raise errors.resource_missing()  # it has no path of named objects
            raise not_allowed()
        return kind

    def table(self, gvr: GroupVersionResource) -> Table:
        table = self._tables.get(gvr)
        if table is None:
            if gvr not in self.kinds:
                raise errors.resource_missing()
            table = self._tables[gvr] = self.store.table(gvr)
        return table

    def serve(self, gvr: GroupVersionResource, table: Table) -> None:
        """Another version of what a table holds, or a resource with a table of its own."""
        self._tables[gvr] = table

    def unserve(self, gvr: GroupVersionResource) -> None:
        self._tables.pop(gvr, None)

    def entry(self, gvr: GroupVersionResource, namespace: str, name: str) -> Entry:
        """Raises: NotFound."""
        entry = self.table(gvr).entries.get((namespace, name))
        if entry is None:
            raise errors.not_found(gvr, name)
        return entry

    def now_text(self) -> str:
        return self.times.seconds(self.kernel.now)

    def after_text(self, seconds: int) -> str:
        """The instant some whole seconds from now, as a metav1.Time."""
        return self.text_at(self.kernel.now + seconds * SECOND)

    def text_at(self, time: SimTime) -> str:
        # Not through the formatter, whose one remembered second is the present one.
        instant = self.times.epoch + timedelta(seconds=time // SECOND)
        return instant.strftime("%Y-%m-%dT%H:%M:%SZ")

    def uid(self) -> str:
        return chance.uid(self._uids)

    def generated_name(self, base: str) -> str:
        return base[: MAX_NAME_LENGTH - RANDOM_LENGTH] + chance.name_suffix(self._names, RANDOM_LENGTH)

    def decode(self, kind: Kind, body: Any, field_validation: str, warn: Warn) -> Object:
        return self.decode_as(kind.gvk, body, field_validation, warn)

    def decode_as(self, gvk: GroupVersionKind, body: Any, field_validation: str, warn: Warn) -> Object:
        """The body as the server reads it, the caller's own copy with apiVersion, kind and metadata.

        Raises: BadRequest for values of the wrong type, another kind, and (Strict) unknown fields.
        """
        if isinstance(body, dict):
            self._check_kind(gvk, body)
        obj, complaints = self.catalogue.decode(body, gvk)
        if complaints:
            # The server's own default is Warn; kubectl asks for Strict.
            if field_validation == "Strict":
                where = f'{gvk.kind} in version "{gvk.version}" cannot be handled as a {gvk.kind}'
                raise errors.bad_request(f"{where}: strict decoding error: {', '.join(complaints)}")
            if field_validation != "Ignore":
                for complaint in complaints:
                    warn(complaint)
        obj["apiVersion"] = gvk.api_version
        obj["kind"] = gvk.kind
        metadata = obj.get("metadata")
        if metadata is None:
            metadata = obj["metadata"] = {}
        metadata.pop("managedFields", None)
        metadata.pop("selfLink", None)
        return obj

    def _check_kind(self, gvk: GroupVersionKind, body: Object) -> None:
        version, name = body.get("apiVersion"), body.get("kind")
        if version is not None and version != gvk.api_version:
            raise errors.bad_request(
                f"the API version in the data ({version}) does not match the expected API version ({gvk.api_version})"
            )
        if name is not None and name != gvk.kind:
            where = f'{gvk.kind} in version "{gvk.version}" cannot be handled as a {gvk.kind}'
            raise errors.bad_request(f"{where}: converting ({name}) to ({gvk.kind}): unknown conversion")

    def set_namespace(self, kind: Kind, metadata: Object, namespace: str) -> None:
        """Raises: BadRequest when the object is of another namespace than the request.

        Source: apiserver/pkg/registry/rest/meta.go (EnsureObjectNamespaceMatchesRequestNamespace)
        """
        given = metadata.get("namespace", "")
        if not kind.namespaced or not namespace:
            metadata.pop("namespace", None)
        elif not given:
            metadata["namespace"] = namespace
        elif given != namespace:
            raise errors.bad_request(
                "the namespace of the provided object does not match the namespace sent on the request"
            )

    def storage_key(self, kind: Kind, namespace: str, name: str) -> str:
        """The key in etcd, which some messages show."""
        path = STORAGE_PATHS.get(kind.gvr.resource, kind.gvr.resource)
        if kind.custom:
            path = f"{kind.gvr.group}/{kind.gvr.resource}"
        return f"/registry/{path}/{namespace}/{name}" if namespace else f"/registry/{path}/{name}"

    def check_uid(self, kind: Kind, namespace: str, name: str, wanted: str, actual: str) -> None:
        """Raises: Conflict in the storage's words."""
        if wanted and wanted != actual:
            key = self.storage_key(kind, namespace, name)
            raise errors.conflict(
                kind.gvr,
                name,
                f"StorageError: invalid object, Code: 4, Key: {key}, ResourceVersion: 0, AdditionalErrorMsg: "
                f"Precondition failed: UID in precondition: {wanted}, UID in object meta: {actual}",
            )


def not_allowed() -> errors.ApiError:
    """Source: apimachinery/pkg/api/errors/errors.go (NewGenericServerResponse), apiserver's 405 handler."""
    return errors.failure(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {}
    )


def ignore(warning: str) -> None:
    """A `warn` for callers that do not listen."""


def success(code: int = 0, details: dict[str, Any] | None = None) -> Object:
    status: Object = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}
    if details is not None:
        status["details"] = details
    if code:
        status["code"] = code
    return status


class NotYet(errors.ApiError):
    """An error that the server itself would retry for a while: `until` tells when it is worth another try."""

    def __init__(self, error: errors.ApiError, until: Callable[[], bool], patience: SimTime) -> None:
        super().__init__(error.status)
        self.until = until
        self.patience = patience
