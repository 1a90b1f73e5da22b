"""The verbs. Each takes the actor first: writes are attributed to it.

    create get list update patch delete delete_collection watch      objects and their subresources
    authorize                                                        whether somebody may
    resources server_version                                         what is served
    informer add_component store connector                           for the cluster that wires it

`warn` is called with each warning. Objects that come back are the stored ones: never change them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from k8s_magic import kinds
from k8s_magic.apiserver import binding, discovery, ephemeral, eviction, metrics, scaling
from k8s_magic.apiserver.access import ADMIN, Attributes, Authorizer, bootstrap
from k8s_magic.apiserver.access.tokens import Tokens
from k8s_magic.apiserver.admission import Admission
from k8s_magic.apiserver.catalogue import Catalogue
from k8s_magic.apiserver.core import Core, ignore, not_allowed
from k8s_magic.apiserver.creation import Creator
from k8s_magic.apiserver.custom import Definitions
from k8s_magic.apiserver.deletion import Deleter
from k8s_magic.apiserver.expiry import Expiry
from k8s_magic.apiserver.patching import Patcher
from k8s_magic.apiserver.reading import Reader
from k8s_magic.apiserver.reviews import KINDS as REVIEWS
from k8s_magic.apiserver.reviews import Reviews
from k8s_magic.apiserver.selection import Selection
from k8s_magic.apiserver.store import Store, Watcher
from k8s_magic.apiserver.updating import Updater
from k8s_magic.apiserver.versions import ALIASES
from k8s_magic.machinery import errors
from k8s_magic.machinery.kind import Warn
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import EVENTS, NAMESPACES, PODS, SERVICE_ACCOUNTS, GroupVersionResource
from k8s_magic.machinery.protocols import (
    DELETE,
    LIST,
    WRITE,
    DeleteOptions,
    Discovery,
    Informer,
    ListOptions,
    NodeConnector,
    PatchType,
    UserInfo,
    WriteOptions,
)
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams
from k8s_magic.sim.time import TimeFormatter

# Subresources whose requests and answers are the whole object.
WHOLE = ("", "status", "finalize")


class ApiServer:
    """`connector` reaches the kubelets for log, exec and proxy; the cluster sets it. `has_metrics`: so does it that.

    Shape: `catalogue` serves the kinds' records; without it the package's own are served.
    """

    def __init__(
        self, kernel: Kernel, streams: Streams, times: TimeFormatter, catalogue: Catalogue | None = None
    ) -> None:
        self.connector: NodeConnector | None = None
        self.has_metrics = False
        self.kernel = kernel
        self.times = times
        self._core = core = Core(kernel, streams, times, catalogue if catalogue is not None else kinds)
        self._admission = Admission(core)
        self._expiry = Expiry(core, core.store.table(EVENTS))
        self._creator = Creator(core, self._admission, self._expiry)
        self._updater = Updater(core, self._admission, self._creator, self._expiry)
        self._patcher = Patcher(core, self._creator, self._updater)
        self._deleter = Deleter(core, self._admission)
        self._reader = Reader(core)
        self._metrics = metrics.Metrics(core)
        self._authorizer = Authorizer(core)
        self._tokens = Tokens(core)
        self._reviews = Reviews(core, self._authorizer, self._tokens)
        self._aliases = dict(ALIASES)
        self._definitions = Definitions(core, self._deleter, self._aliases)

    @property
    def store(self) -> Store:
        return self._core.store

    def add_component(self, actor: str) -> None:
        """From here on an actor's objects are taken as well-formed, which lets its writes take short ways."""
        self._core.components.add(actor)

    def bootstrap(self) -> None:
        """Store the roles and bindings that a real server has from its start."""
        bootstrap.install(self._core)

    def authorize(
        self,
        user: UserInfo,
        verb: str,
        resource: GroupVersionResource,
        namespace: str = "",
        name: str = "",
        subresource: str = "",
    ) -> None:
        """Raises: Forbidden."""
        if resource == NAMESPACES and verb not in ("list", "watch"):
            namespace = name  # one namespace is in itself
        self._authorizer.check(Attributes(user, verb, namespace, resource.group, resource.resource, subresource, name))

    def authorize_path(self, user: UserInfo, verb: str, path: str) -> None:
        """Raises: Forbidden."""
        self._authorizer.check(Attributes(user, verb, path=path))

    def is_review(self, resource: GroupVersionResource) -> bool:
        """Whether what is created there is answered and not stored."""
        kind = self._core.kinds.get(resource)
        return kind is not None and kind.gvk.kind in REVIEWS

    def informer(self, gvr: GroupVersionResource) -> Informer:
        """The resource's table itself, for reading and listening. Raises: NotFound when it is not served."""
        return self._core.table(gvr)

    # Verbs --------------------------------------------------------------------------------------------------

    def get(
        self,
        actor: str,
        resource: GroupVersionResource,
        namespace: str,
        name: str,
        *,
        subresource: str = "",
        options: ListOptions = LIST,
        warn: Warn = ignore,
    ) -> Object:
        if (alias := self._aliases.get(resource)) is not None:
            if alias.shares_table and not subresource:
                return alias.shown(self._reader.get(resource, namespace, name, options, warn))
            answer = self.get(actor, alias.stored, namespace, name, subresource=subresource, options=options, warn=warn)
            return alias.shown(answer)
        if subresource == "scale":
            return scaling.scale_of(self._core.kind(resource), self._core.entry(resource, namespace, name).object)
        if subresource not in WHOLE and not ephemeral.is_meant(resource, subresource):
            self._refuse(resource, subresource)
        if resource.group == metrics.GROUP and self.has_metrics:
            return self._metrics.get(resource, namespace, name)
        return self._reader.get(resource, namespace, name, options, warn)

    def list(
        self,
        actor: str,
        resource: GroupVersionResource,
        namespace: str = "",
        *,
        options: ListOptions = LIST,
        warn: Warn = ignore,
    ) -> Object:
        if (alias := self._aliases.get(resource)) is not None:
            stored = resource if alias.shares_table else alias.stored
            return alias.shown(self._reader.list(stored, namespace, alias.options(options), warn))
        if resource.group == metrics.GROUP and self.has_metrics:
            return self._metrics.list(resource, namespace, options)
        return self._reader.list(resource, namespace, options, warn)

    def watch(
        self,
        actor: str,
        resource: GroupVersionResource,
        namespace: str = "",
        *,
        options: ListOptions = LIST,
        warn: Warn = ignore,
    ) -> Watcher:
        """What has happened and will happen; take events from it as they come, then close it."""
        if (alias := self._aliases.get(resource)) is not None:
            stored = resource if alias.shares_table else alias.stored
            return self._reader.watch(stored, namespace, alias.options(options), warn, alias.shown)
        return self._reader.watch(resource, namespace, options, warn)

    def bookmark(self, resource: GroupVersionResource) -> Object:
        """The object of a BOOKMARK event as of now."""
        return self._reader.bookmark(resource)

    def create(
        self,
        actor: str,
        resource: GroupVersionResource,
        namespace: str,
        body: Any,
        *,
        name: str = "",
        subresource: str = "",
        options: WriteOptions = WRITE,
        warn: Warn = ignore,
        user: UserInfo = ADMIN,
    ) -> Object:
        """`user` is whom a review of oneself is about."""
        if (alias := self._aliases.get(resource)) is not None and not subresource:
            body = self._stored_form(resource, body, options, warn)
            return alias.shown(self._creator.create(actor, alias.stored, namespace, body, options, warn))
        if not subresource:
            if self.is_review(resource):
                kind = self._core.kind(resource, "create")
                manager = options.field_manager or actor
                return self._reviews.answer(kind, user, namespace, body, options, manager, warn)
            answer = self._creator.create(actor, resource, namespace, body, options, warn)
            if self._definitions.due:
                self._definitions.settle()
            return answer
        if resource == PODS and subresource == "binding":
            return binding.bind(self._core, namespace, name, body, options)
        if resource == PODS and subresource == "eviction":
            return eviction.evict(self._core, self._deleter, actor, namespace, name, body, options)
        if resource == SERVICE_ACCOUNTS and subresource == "token":
            return self._tokens.request(resource, namespace, name, body, options, warn)
        self._refuse(resource, subresource)

    def update(
        self,
        actor: str,
        resource: GroupVersionResource,
        namespace: str,
        name: str,
        body: Any,
        *,
        subresource: str = "",
        options: WriteOptions = WRITE,
        warn: Warn = ignore,
    ) -> Object:
        if (alias := self._aliases.get(resource)) is not None:
            body = self._stored_form(resource, body, options, warn)
            answer = self._updater.update(actor, alias.stored, namespace, name, body, subresource, options, warn)
            return alias.shown(answer)
        if subresource == "scale":
            return self._update_scale(actor, resource, namespace, name, body, options, warn)
        if subresource not in WHOLE and not ephemeral.is_meant(resource, subresource):
            self._refuse(resource, subresource)
        answer = self._updater.update(actor, resource, namespace, name, body, subresource, options, warn)
        if self._definitions.due:
            self._definitions.settle()
        return answer

    def patch(
        self,
        actor: str,
        resource: GroupVersionResource,
        namespace: str,
        name: str,
        body: Any,
        patch_type: PatchType,
        *,
        subresource: str = "",
        options: WriteOptions = WRITE,
        warn: Warn = ignore,
    ) -> Object:
        alias = self._aliases.get(resource)
        if alias is not None and alias.shares_table and (patch_type == "apply" or subresource == "scale"):
            # One object under two names: what is applied is applied to the stored version.
            body = alias.to_stored(body) if patch_type == "apply" and isinstance(body, dict) else body
            resource, shown, alias = alias.stored, alias.shown, None
            return shown(
                self.patch(
                    actor,
                    resource,
                    namespace,
                    name,
                    body,
                    patch_type,
                    subresource=subresource,
                    options=options,
                    warn=warn,
                )
            )
        if alias is not None:
            answer = self._patcher.patch_alias(
                actor, resource, alias, namespace, name, body, patch_type, subresource, options, warn
            )
            return alias.shown(answer)
        if subresource == "scale":
            core = self._core
            kind = core.kind(resource)
            current = scaling.scale_of(kind, core.entry(resource, namespace, name).object)
            merged = self._patcher.patched_plain(current, body, patch_type)
            return self._update_scale(actor, resource, namespace, name, merged, options, warn)
        if subresource not in WHOLE and not ephemeral.is_meant(resource, subresource):
            self._refuse(resource, subresource)
        answer = self._patcher.patch(actor, resource, namespace, name, body, patch_type, subresource, options, warn)
        if self._definitions.due:
            self._definitions.settle()
        return answer

    def delete(
        self,
        actor: str,
        resource: GroupVersionResource,
        namespace: str,
        name: str,
        *,
        options: DeleteOptions = DELETE,
    ) -> Object:
        if (alias := self._aliases.get(resource)) is not None:
            return alias.shown(self._deleter.delete(actor, alias.stored, namespace, name, options))
        answer = self._deleter.delete(actor, resource, namespace, name, options)
        if self._definitions.due:
            self._definitions.settle()
        return answer

    def delete_collection(
        self,
        actor: str,
        resource: GroupVersionResource,
        namespace: str,
        *,
        options: DeleteOptions = DELETE,
        selection: ListOptions = LIST,
    ) -> Object:
        """Delete what a list selects. Returns the list as it was."""
        if (alias := self._aliases.get(resource)) is not None:
            return alias.shown(
                self.delete_collection(
                    actor, alias.stored, namespace, options=options, selection=alias.options(selection)
                )
            )
        core = self._core
        kind = core.kind(resource, "deletecollection")
        chosen = Selection(kind, selection).select(core.table(resource), namespace)
        for obj in chosen:
            metadata = obj["metadata"]
            try:
                self._deleter.delete(actor, resource, metadata.get("namespace", ""), metadata["name"], options)
            except errors.ApiError as problem:
                if not problem.is_not_found:
                    raise
        if self._definitions.due:
            self._definitions.settle()
        metadata = {"resourceVersion": str(core.store.revision)}
        gvk = kind.gvk
        return {"kind": f"{gvk.kind}List", "apiVersion": gvk.api_version, "metadata": metadata, "items": chosen}

    def resources(self) -> Discovery:
        found = discovery.resources(self._core.kinds.values())
        return [*found, *metrics.DISCOVERY] if self.has_metrics else found

    def virtual_resources(self) -> tuple[Mapping[str, Any], ...]:
        """What is served and not stored, in the shape of `kinds.tables.discovery()`."""
        return metrics.RECORDS if self.has_metrics else ()

    def custom_resources(self) -> tuple[Mapping[str, Any], ...]:
        """What CustomResourceDefinitions serve, in the shape of `kinds.tables.discovery()`, with `schema`.

        The same tuple until something changes.
        """
        return self._definitions.records

    def server_version(self) -> Mapping[str, str]:
        return discovery.VERSION

    def _update_scale(
        self,
        actor: str,
        resource: GroupVersionResource,
        namespace: str,
        name: str,
        body: Any,
        options: WriteOptions,
        warn: Warn,
    ) -> Object:
        core = self._core
        kind = core.kind(resource)
        entry = core.entry(resource, namespace, name)
        new = core.decode(kind, scaling.scaled(kind, entry.object, body), "Ignore", ignore)
        core.check_uid(kind, namespace, name, new["metadata"].get("uid", ""), entry.object["metadata"]["uid"])
        written = self._updater.replace(actor, kind, entry, new, "", options, warn)
        return scaling.scale_of(kind, written)

    def _stored_form(self, resource: GroupVersionResource, body: Any, options: WriteOptions, warn: Warn) -> Object:
        """A body of another version, decoded, defaulted and converted to the version that is stored."""
        kind = self._core.kind(resource)
        if kind.warning:
            warn(kind.warning)
        obj = self._core.decode(kind, body, options.field_validation, warn)
        kind.default(obj)
        return self._aliases[resource].to_stored(obj)

    def _refuse(self, resource: GroupVersionResource, subresource: str) -> NoReturn:
        """Raises: NotFound for a path that is not served, MethodNotAllowed, Unsupported for what is not modelled."""
        if subresource not in self._core.kind(resource).subresources:
            raise errors.resource_missing()
        if subresource in (*WHOLE, "scale") or ephemeral.is_meant(resource, subresource):
            raise not_allowed()
        raise errors.Unsupported(f"The {subresource} subresource of {resource.resource} is not simulated.")
