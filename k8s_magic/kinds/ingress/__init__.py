"""Ingress: HTTP routes from outside to Services."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("Ingress", "networking.k8s.io", generation=("spec",))
