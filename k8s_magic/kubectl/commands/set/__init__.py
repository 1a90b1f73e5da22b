"""`kubectl set`: a group."""

from __future__ import annotations

from typing import Any

from k8s_magic.kubectl.command import Command

COMMAND: Command[Any] = Command("set", "Set particular fields of objects", "set SUBCOMMAND", help_to_stderr=True)
