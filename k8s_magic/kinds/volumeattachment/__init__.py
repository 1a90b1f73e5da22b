"""VolumeAttachment."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("VolumeAttachment", "storage.k8s.io")
