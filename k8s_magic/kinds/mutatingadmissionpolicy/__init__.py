"""MutatingAdmissionPolicy: rules that change requests."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("MutatingAdmissionPolicy", "admissionregistration.k8s.io", generation=("spec",))
