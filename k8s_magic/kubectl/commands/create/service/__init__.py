"""`kubectl create service`: a group."""

from __future__ import annotations

from typing import Any

from k8s_magic.kubectl.command import Command

COMMAND: Command[Any] = Command(
    "service", "Make a Service of one of four types", "service [flags]", aliases=("svc",), help_to_stderr=True
)
