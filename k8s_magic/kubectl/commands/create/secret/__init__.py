"""`kubectl create secret`: a group."""

from __future__ import annotations

from typing import Any

from k8s_magic.kubectl.command import Command

COMMAND: Command[Any] = Command(
    "secret",
    "Make a Secret of one of three kinds",
    "secret (docker-registry | generic | tls)",
    help_to_stderr=True,
)
