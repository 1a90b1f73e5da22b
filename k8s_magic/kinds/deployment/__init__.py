"""Deployment: a template rolled out through ReplicaSets."""

from __future__ import annotations

from k8s_magic.kinds import pod_selector
from k8s_magic.kinds.record import Behaviour
from k8s_magic.machinery.kind import Scale

KIND = Behaviour(
    "Deployment",
    "apps",
    template=("spec", "template"),
    generation=("spec", "metadata.annotations"),
    fixed_by_status=("spec", "metadata.labels"),
    scale=Scale(selector=pod_selector.of_label_selector),
    pod_selector=pod_selector.of_label_selector,
)
