"""The kubeconfig by which clients find the listener: address, certificate, token."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

from k8s_magic.text import yaml_out

NAME = "k8s-magic"


def document(url: str, certificate: str, token: str) -> dict[str, Any]:
    data = base64.b64encode(certificate.encode()).decode()
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": NAME, "cluster": {"server": url, "certificate-authority-data": data}}],
        "contexts": [{"name": NAME, "context": {"cluster": NAME, "user": NAME}}],
        "current-context": NAME,
        "users": [{"name": NAME, "user": {"token": token}}],
    }


def write(path: Path, config: dict[str, Any]) -> None:
    """Readable by its owner only, and complete from the moment it is there."""
    path = path.absolute()
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(yaml_out.dump(config))
    fresh.replace(path)
