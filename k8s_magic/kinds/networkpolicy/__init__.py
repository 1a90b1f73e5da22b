"""NetworkPolicy: who may talk to whom."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("NetworkPolicy", "networking.k8s.io", generation=("spec",))
