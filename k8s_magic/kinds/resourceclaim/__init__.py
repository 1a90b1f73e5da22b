"""ResourceClaim."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("ResourceClaim", "resource.k8s.io")
