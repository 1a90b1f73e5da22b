"""PriorityLevelConfiguration: a share of the API server."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("PriorityLevelConfiguration", "flowcontrol.apiserver.k8s.io", generation=("spec",))
