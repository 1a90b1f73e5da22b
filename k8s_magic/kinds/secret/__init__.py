"""Secret: small sensitive data."""

from __future__ import annotations

from base64 import b64decode

from k8s_magic.kinds.record import Behaviour, text_at
from k8s_magic.machinery.meta import Object


def warnings(obj: Object, old: Object | None) -> list[str]:
    """A TLS secret without PEM. Source: pkg/registry/core/secret/strategy.go, crypto/tls X509KeyPair

    Our simplification: whether the key fits the certificate is not looked at.
    """
    if obj.get("type") != "kubernetes.io/tls":
        return []
    for key, what in (("tls.crt", "certificate"), ("tls.key", "key")):
        if b"-----BEGIN" not in b64decode((obj.get("data") or {}).get(key) or ""):
            return [f"tls: failed to find any PEM data in {what} input"]
    return []


KIND = Behaviour("Secret", selectable_fields={"type": text_at("type")}, warnings=warnings)
