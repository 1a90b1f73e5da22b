"""One object that a command is about. Source: cli-runtime/pkg/resource/visitor.go (Info), helper.go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from k8s_magic.kubectl.mapper import ResourceMapping
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import NAMESPACES
from k8s_magic.machinery.protocols import LIST, ListOptions, Transport
from k8s_magic.text.go_values import quoted


@dataclass(slots=True)
class Info:
    """`object` is what a file says or what the server answered last; it is replaced, never changed.

    `mapping` is None only where the command is local. `source` is the file's name, "" for the server's.
    """

    client: Transport
    mapping: ResourceMapping | None
    namespace: str
    name: str
    source: str = ""
    object: Object | None = None
    resource_version: str = ""
    subresource: str = ""
    options: ListOptions = LIST

    @property
    def namespaced(self) -> bool:
        return self.mapping.namespaced if self.mapping is not None else bool(self.namespace)

    @property
    def resource(self) -> ResourceMapping:
        """The mapping, for commands that are not local."""
        assert self.mapping is not None
        return self.mapping

    @property
    def found(self) -> Object:
        """The object, for commands that asked for it."""
        assert self.object is not None
        return self.object

    @property
    def object_name(self) -> str:
        """`deployments/web`: how some messages name it."""
        return f"{self.resource.gvr.resource}/{self.name}"

    def get(self) -> None:
        """Read it from the server. A missing namespace is what is reported where both are missing."""
        try:
            obj = self.client.get(
                self.resource.gvr, self.namespace, self.name, subresource=self.subresource, options=self.options
            )
        except ApiError as error:
            if error.is_not_found and self.namespace not in ("", "default"):
                self._check_namespace()
            raise
        self.object = obj
        self.resource_version = (obj.get("metadata") or {}).get("resourceVersion", "")

    def _check_namespace(self) -> None:
        try:
            self.client.get(NAMESPACES, "", self.namespace)
        except ApiError as error:
            if error.is_not_found:
                raise error from None

    def refresh(self, obj: Object) -> None:
        """Take what a write answered as the present state."""
        metadata = obj.get("metadata") or {}
        self.name = metadata.get("name", "")
        self.namespace = metadata.get("namespace", "")
        self.resource_version = metadata.get("resourceVersion", "")
        self.object = obj

    def set_namespace(self, namespace: str) -> None:
        """The namespace, in the object too ("" takes it out)."""
        self.namespace = namespace
        obj = self.object
        if obj is not None and "metadata" in obj:
            have = obj["metadata"].get("namespace")
            if namespace and have != namespace:
                self.object = meta.with_metadata(obj, namespace=namespace)
            elif not namespace and have is not None:
                self.object = meta.with_metadata(obj, namespace=None)


def list_error(error: ApiError, options: ListOptions, mapping: ResourceMapping) -> ApiError:
    """A failed list with the selectors in its message (EnhanceListError)."""
    if error.reason not in ("BadRequest", "NotFound"):
        return error
    subject = quoted(mapping.resource_text)
    if not options.label_selector and not options.field_selector:
        message = f"Unable to list {subject}: {error.message}"
    else:
        message = (
            f"Unable to find {subject} that match label selector {quoted(options.label_selector)}, "
            f"field selector {quoted(options.field_selector)}: {error.message}"
        )
    return ApiError({**error.status, "message": message})


def is_list(obj: Any) -> bool:
    return isinstance(obj, dict) and isinstance(obj.get("items"), list)
