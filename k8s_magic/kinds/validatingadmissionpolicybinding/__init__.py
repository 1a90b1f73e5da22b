"""ValidatingAdmissionPolicyBinding: where a policy holds."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("ValidatingAdmissionPolicyBinding", "admissionregistration.k8s.io", generation=("spec",))
