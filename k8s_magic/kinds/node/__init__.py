"""Node: a machine of the cluster."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour, flag_at

KIND = Behaviour(
    "Node",
    keeps_status=True,
    selectable_fields={"spec.unschedulable": flag_at("spec", "unschedulable")},
)
