"""ReplicationControllers have as many Pods as they ask for; their selector knows equalities only.

Source: pkg/controller/replication (v1.36): the ReplicaSet controller behind an adapter
"""

from __future__ import annotations

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.controllers import _replicas
from k8s_magic.machinery import names, selectors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.selectors import Selector


def _selector(controller: Object) -> Selector:
    return selectors.from_label_selector({"matchLabels": controller["spec"].get("selector") or {}})


KIND = _replicas.ReplicaKind(
    kind="ReplicationController",
    resource=names.REPLICATION_CONTROLLERS,
    component="replication-controller",
    selector=_selector,
    counts_terminating=False,
)


def build(context: Context) -> Component:
    return _replicas.build(context, KIND)


CONTROLLER = ComponentRecord("replication-controller", build)
