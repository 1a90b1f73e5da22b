"""ServiceCIDR."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("ServiceCIDR", "networking.k8s.io")
