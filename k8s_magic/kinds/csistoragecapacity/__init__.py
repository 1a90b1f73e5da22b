"""CSIStorageCapacity."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("CSIStorageCapacity", "storage.k8s.io")
