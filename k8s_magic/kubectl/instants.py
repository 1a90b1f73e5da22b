"""Timestamps as kubectl reads them: how long ago, by the cluster's own clock."""

from __future__ import annotations

from datetime import UTC, datetime

from k8s_magic.machinery.protocols import Transport
from k8s_magic.text import ages


def parse(text: str | None) -> datetime | None:
    """A metav1.Time or MicroTime; None where there is none."""
    if not text:
        return None
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def age(client: Transport, text: str | None) -> str:
    """`5m3s` since a timestamp; `<unknown>` without one (translateTimestampSince)."""
    instant = parse(text)
    if instant is None:
        return "<unknown>"
    return ages.human_duration(int((client.now() - instant).total_seconds()))
