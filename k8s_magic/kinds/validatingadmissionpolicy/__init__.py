"""ValidatingAdmissionPolicy: rules that requests must keep."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("ValidatingAdmissionPolicy", "admissionregistration.k8s.io", generation=("spec",))
