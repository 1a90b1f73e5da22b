"""CustomResourceDefinition: a kind that users add."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("CustomResourceDefinition", "apiextensions.k8s.io", generation=("spec",))
