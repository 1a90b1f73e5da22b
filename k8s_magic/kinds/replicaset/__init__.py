"""ReplicaSet: a number of Pods of one template."""

from __future__ import annotations

from k8s_magic.kinds import pod_selector
from k8s_magic.kinds.record import Behaviour, number_at
from k8s_magic.machinery.kind import Scale

KIND = Behaviour(
    "ReplicaSet",
    "apps",
    template=("spec", "template"),
    generation=("spec",),
    selectable_fields={"status.replicas": number_at("status", "replicas")},
    scale=Scale(selector=pod_selector.of_label_selector),
    pod_selector=pod_selector.of_label_selector,
)
