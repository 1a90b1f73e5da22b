"""IngressClass: which controller serves an Ingress."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("IngressClass", "networking.k8s.io", generation=("spec",))
