"""CertificateSigningRequest: a request for a certificate."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour, text_at

KIND = Behaviour(
    "CertificateSigningRequest",
    "certificates.k8s.io",
    selectable_fields={"spec.signerName": text_at("spec", "signerName")},
)
