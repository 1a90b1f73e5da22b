"""`kubectl rollout`: a group."""

from __future__ import annotations

from typing import Any

from k8s_magic.kubectl.command import Command

COMMAND: Command[Any] = Command(
    "rollout", "Look after the rollout of a resource", "rollout SUBCOMMAND", help_to_stderr=True
)
