"""CronJob: Jobs made by the clock."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour(
    "CronJob",
    "batch",
    template=("spec", "jobTemplate", "spec", "template"),
    generation=("spec",),
)
