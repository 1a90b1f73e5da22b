"""Secret: small sensitive data."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour, text_at

KIND = Behaviour("Secret", selectable_fields={"type": text_at("type")})
