"""PriorityClass: how important Pods are."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("PriorityClass", "scheduling.k8s.io", generation=("value",))
