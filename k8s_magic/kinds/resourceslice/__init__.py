"""ResourceSlice: devices that a driver offers."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour, text_at

KIND = Behaviour(
    "ResourceSlice",
    "resource.k8s.io",
    generation=("spec",),
    selectable_fields={"spec.nodeName": text_at("spec", "nodeName"), "spec.driver": text_at("spec", "driver")},
)
