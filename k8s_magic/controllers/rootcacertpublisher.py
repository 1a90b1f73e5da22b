"""Every namespace has a ConfigMap with the certificate that the API server is known by.

Source: pkg/controller/certificates/rootcacertpublisher/publisher.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result
from k8s_magic.controllers import _writes
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.protocols import WatchType

COMPONENT = "root-ca-cert-publisher"
NAME = "kube-root-ca.crt"
DESCRIPTION = (
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the "
    "internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes "
    "clusters."
)
# Our simplification: the simulated cluster speaks no TLS; a text of a certificate's form that says so.
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
VGhpcyBpcyBhIHNpbXVsYXRlZCBjbHVzdGVyOiBpdCBoYXMgbm8gY2VydGlmaWNhdGUu
-----END CERTIFICATE-----
"""


class RootCaPublisher:
    """`context.services["root_ca"]` overrides the certificate's text."""

    def __init__(self, context: Context) -> None:
        self._transport = context.transport(COMPONENT)
        self._namespaces = context.informer(names.NAMESPACES)
        self._maps = context.informer(names.CONFIG_MAPS)
        self._data = {"ca.crt": context.services.get("root_ca", CERTIFICATE)}
        self.controller = Controller(COMPONENT, context.kernel, self.reconcile)
        self.controller.watch(self._namespaces, self._note_namespace)
        self.controller.watch(self._maps, self._note_map)

    def _note_namespace(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        return () if type == "DELETED" else (ObjectKey("", meta.name_of(new)),)

    def _note_map(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        if type == "ADDED" or meta.name_of(new) != NAME:
            return ()
        return (ObjectKey("", meta.namespace_of(new)),)

    def reconcile(self, request: Request) -> Result | None:
        namespace = self._namespaces.get("", request.name)
        if namespace is None or (namespace.get("status") or {}).get("phase", "Active") != "Active":
            return None
        held = self._maps.get(request.name, NAME)
        annotations = {"kubernetes.io/description": DESCRIPTION}
        try:
            if held is None:
                body = {
                    "apiVersion": "v1",
                    "kind": "ConfigMap",
                    "metadata": {"name": NAME, "namespace": request.name, "annotations": annotations},
                    "data": self._data,
                }
                self._transport.create(names.CONFIG_MAPS, request.name, body, options=_writes.AS_MANAGER)
            elif held.get("data") != self._data:
                marked = meta.with_metadata(held, annotations=meta.annotations_of(held) | annotations)
                body = {**marked, "data": self._data}
                self._transport.update(names.CONFIG_MAPS, request.name, NAME, body, options=_writes.AS_MANAGER)
        except ApiError as error:
            if not error.is_already_exists and not _writes.namespace_is_going(error):
                raise
        return None


def build(context: Context) -> Component:
    return RootCaPublisher(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
