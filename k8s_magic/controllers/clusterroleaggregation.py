"""Fills in the rules of ClusterRoles that are made up of others: `view`, `edit`, `admin` and people's own.

Source: pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.client.controller import Controller, Request, Result
from k8s_magic.machinery import meta, selectors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import CLUSTER_ROLES
from k8s_magic.machinery.protocols import WatchType, WriteOptions

COMPONENT = "clusterrole-aggregation-controller"
APPLY = WriteOptions(field_manager=COMPONENT, force=True)


class ClusterRoleAggregation:
    def __init__(self, context: Context) -> None:
        self._transport = context.transport(COMPONENT)
        self._roles = context.informer(CLUSTER_ROLES)
        self.controller = Controller(COMPONENT, context.kernel, self.reconcile)
        self.controller.watch(self._roles, self._note_role)

    def _note_role(self, type: WatchType, new: Object, old: Object | None) -> Iterable[Request]:
        """Whichever changed, all that are made up of others are looked at: there are few."""
        return [meta.key_of(role) for role in self._roles.list() if role.get("aggregationRule") is not None]

    def reconcile(self, request: Request) -> Result | None:
        role = self._roles.get("", request.name)
        if role is None or (aggregation := role.get("aggregationRule")) is None:
            return None
        rules: list[Object] = []
        others = sorted(self._roles.list(), key=meta.name_of)
        for chosen in aggregation.get("clusterRoleSelectors") or ():
            selector = selectors.from_label_selector(chosen)
            for other in others:
                if meta.name_of(other) != request.name and selector.matches(meta.labels_of(other)):
                    rules += [rule for rule in other.get("rules") or () if rule not in rules]
        if rules == (role.get("rules") or []):
            return None
        gvk = {"apiVersion": CLUSTER_ROLES.api_version, "kind": "ClusterRole"}
        body = {**gvk, "metadata": {"name": request.name}, "rules": rules}
        self._transport.patch(CLUSTER_ROLES, "", request.name, body, "apply", options=APPLY)
        return None


def build(context: Context) -> Component:
    return ClusterRoleAggregation(context).controller


CONTROLLER = ComponentRecord(COMPONENT, build)
