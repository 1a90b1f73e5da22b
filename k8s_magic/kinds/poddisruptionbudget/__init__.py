"""PodDisruptionBudget: how many Pods may be away at once."""

from __future__ import annotations

from k8s_magic.kinds import pod_selector
from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("PodDisruptionBudget", "policy", generation=("spec",), pod_selector=pod_selector.of_label_selector)
