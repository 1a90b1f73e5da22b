"""APIService."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("APIService", "apiregistration.k8s.io")
