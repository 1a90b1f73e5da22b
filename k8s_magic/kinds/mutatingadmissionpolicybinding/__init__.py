"""MutatingAdmissionPolicyBinding: where a mutating policy holds."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("MutatingAdmissionPolicyBinding", "admissionregistration.k8s.io", generation=("spec",))
