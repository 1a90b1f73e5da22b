"""ReplicaSets have as many Pods as they ask for.

Source: pkg/controller/replicaset (v1.36)
"""

from __future__ import annotations

from k8s_magic.client.context import Component, ComponentRecord, Context
from k8s_magic.controllers import _replicas
from k8s_magic.machinery import names, selectors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.selectors import Selector


def _selector(replica_set: Object) -> Selector:
    return selectors.from_label_selector(replica_set["spec"].get("selector"))


KIND = _replicas.ReplicaKind(
    kind="ReplicaSet",
    resource=names.REPLICA_SETS,
    component="replicaset-controller",
    selector=_selector,
    counts_terminating=True,
)


def build(context: Context) -> Component:
    return _replicas.build(context, KIND)


CONTROLLER = ComponentRecord("replicaset-controller", build)
