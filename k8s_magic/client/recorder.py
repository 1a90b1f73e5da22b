"""Writes Event objects as client-go's recorder does: equal events raise a count, many similar ones are combined."""

from __future__ import annotations

from typing import Protocol

from k8s_magic.machinery.meta import Object


class EventRecorder(Protocol):
    """`event(obj, "Normal", "Scheduled", "Successfully assigned …")`: never raises for what it cannot write.

    `field_path` is involvedObject.fieldPath, e.g. `spec.containers{web}`.
    """

    def event(self, obj: Object, type: str, reason: str, message: str, *, field_path: str = "") -> None: ...
