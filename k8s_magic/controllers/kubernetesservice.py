"""The Service `kubernetes` in `default`, by which Pods reach the API server, with its Endpoints and slice.

The API server itself keeps these on a real cluster.
Source: pkg/controlplane/controller/kubernetesservice, pkg/controlplane/reconcilers (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object, ObjectKey
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import WatchType, WriteOptions

COMPONENT = "kube-apiserver"
NAMESPACE, NAME = "default", "kubernetes"
# The first address of the Service range 10.96.0.0/12. Source: kubeadm's default
CLUSTER_IP = "10.96.0.1"
# Our simplification: where the simulated API server listens, unless the cluster says otherwise.
ADDRESS, PORT = "192.168.49.2", 6443
AS_SERVER = WriteOptions(field_manager="kube-apiserver")
REQUEST = ObjectKey(NAMESPACE, NAME)


class KubernetesService:
    """`context.services["api_server"]` may give (address, port)."""

    def __init__(self, context: Context) -> None:
        self._transport = context.transport(COMPONENT)
        self._namespaces = context.informer(names.NAMESPACES)
        self._address, self._port = context.services.get("api_server", (ADDRESS, PORT))
        self._parts = {
            resource: context.informer(resource)
            for resource in (names.SERVICES, names.ENDPOINTS, names.ENDPOINT_SLICES)
        }
        self.controller = Controller("kubernetes-service", context.kernel, self.reconcile)
        self.controller.watch(self._namespaces, self._note_namespace)
        for informer in self._parts.values():
            self.controller.watch(informer, self._note_part)

    def _note_namespace(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        return (REQUEST,) if type == "ADDED" and meta.name_of(new) == NAMESPACE else ()

    def _note_part(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        return (REQUEST,) if type == "DELETED" and meta.key_of(new) == REQUEST else ()

    def reconcile(self, request: Request) -> Result | None:
        if self._namespaces.get("", NAMESPACE) is None:
            return None
        self._ensure(names.SERVICES, self._service())
        self._ensure(names.ENDPOINTS, self._endpoints())
        self._ensure(names.ENDPOINT_SLICES, self._slice())
        return None

    def _ensure(self, resource: GroupVersionResource, body: Object) -> None:
        if self._parts[resource].get(NAMESPACE, NAME) is not None:
            return
        try:
            self._transport.create(resource, NAMESPACE, body, options=AS_SERVER)
        except ApiError as error:
            if not error.is_already_exists:
                raise

    def _service(self) -> Object:
        port = {"name": "https", "protocol": "TCP", "port": 443, "targetPort": self._port}
        return {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {
                "name": NAME,
                "namespace": NAMESPACE,
                "labels": {"component": "apiserver", "provider": "kubernetes"},
            },
            "spec": {
                "ports": [port],
                "clusterIP": CLUSTER_IP,
                "ipFamilyPolicy": "SingleStack",
                "sessionAffinity": "None",
                "type": "ClusterIP",
            },
        }

    def _endpoints(self) -> Object:
        port = {"name": "https", "port": self._port, "protocol": "TCP"}
        return {
            "apiVersion": "v1",
            "kind": "Endpoints",
            "metadata": {
                "name": NAME,
                "namespace": NAMESPACE,
                "labels": {"endpointslice.kubernetes.io/skip-mirror": "true"},
            },
            "subsets": [{"addresses": [{"ip": self._address}], "ports": [port]}],
        }

    def _slice(self) -> Object:
        return {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": {
                "name": NAME,
                "namespace": NAMESPACE,
                "labels": {"kubernetes.io/service-name": NAME},
            },
            "addressType": "IPv4",
            "endpoints": [{"addresses": [self._address], "conditions": {"ready": True}}],
            "ports": [{"name": "https", "protocol": "TCP", "port": self._port}],
        }


def build(context: Context) -> Component:
    return KubernetesService(context).controller


CONTROLLER = ComponentRecord("kubernetes-service", build)
