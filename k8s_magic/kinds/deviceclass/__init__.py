"""DeviceClass: a kind of device that claims may ask for."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("DeviceClass", "resource.k8s.io", generation=("spec",))
