"""Job: Pods that run to an end."""

from __future__ import annotations

from k8s_magic.kinds import pod_selector
from k8s_magic.kinds.job.selector import generate
from k8s_magic.kinds.record import Behaviour, number_at

KIND = Behaviour(
    "Job",
    "batch",
    template=("spec", "template"),
    generation=("spec",),
    selectable_fields={"status.successful": number_at("status", "succeeded")},
    prepare_create=generate,
    pod_selector=pod_selector.of_label_selector,
)
