"""CSINode."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("CSINode", "storage.k8s.io")
