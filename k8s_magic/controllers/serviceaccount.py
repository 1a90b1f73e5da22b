"""Every namespace has a ServiceAccount named default.

Source: pkg/controller/serviceaccount/serviceaccounts_controller.go (v1.36)
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

COMPONENT = "service-account-controller"
NAME = "default"


class ServiceAccountController:
    def __init__(self, context: Context) -> None:
        self._transport = context.transport(COMPONENT)
        self._namespaces = context.informer(names.NAMESPACES)
        self._accounts = context.informer(names.SERVICE_ACCOUNTS)
        self.controller = Controller(COMPONENT, context.kernel, self.reconcile)
        self.controller.watch(self._namespaces, self._note_namespace)
        self.controller.watch(self._accounts, self._note_account)

    def _note_namespace(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        return () if type == "DELETED" else (ObjectKey("", meta.name_of(new)),)

    def _note_account(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        return (ObjectKey("", meta.namespace_of(new)),) if type == "DELETED" else ()

    def reconcile(self, request: Request) -> Result | None:
        namespace = self._namespaces.get("", request.name)
        if namespace is None or (namespace.get("status") or {}).get("phase", "Active") != "Active":
            return None
        if self._accounts.get(request.name, NAME) is not None:
            return None
        body = {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": NAME, "namespace": request.name},
        }
        try:
            self._transport.create(names.SERVICE_ACCOUNTS, request.name, body, options=_writes.AS_MANAGER)
        except ApiError as error:
            if not error.is_already_exists and not _writes.namespace_is_going(error):
                raise
        return None


def build(context: Context) -> Component:
    return ServiceAccountController(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
