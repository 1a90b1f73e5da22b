"""Where an API server is and how to be let in, from a kubeconfig."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit

AGENT = "kubectl/v1.36.4 (k8s-magic)"


class Server(NamedTuple):
    """Shape: `context` is None for plain HTTP."""

    url: str
    token: str = ""
    context: ssl.SSLContext | None = None

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Server:
        """From a kubeconfig's current context. Raises: KeyError when it has none."""
        current = _named(config, "contexts", config["current-context"])["context"]
        cluster = _named(config, "clusters", current["cluster"])["cluster"]
        user = _named(config, "users", current["user"]).get("user") or {}
        context = None
        if cluster["server"].startswith("https:"):
            data = cluster.get("certificate-authority-data")
            text = base64.b64decode(data).decode() if data else None
            context = ssl.create_default_context(cadata=text, cafile=cluster.get("certificate-authority"))
            if cluster.get("insecure-skip-tls-verify"):
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return cls(cluster["server"].rstrip("/"), user.get("token", ""), context)

    def connect(self) -> HTTPConnection:
        parts = urlsplit(self.url)
        if self.context is not None:
            return HTTPSConnection(parts.hostname or "", parts.port, context=self.context)
        return HTTPConnection(parts.hostname or "", parts.port)

    @property
    def headers(self) -> dict[str, str]:
        found = {"User-Agent": AGENT}
        return {**found, "Authorization": f"Bearer {self.token}"} if self.token else found


def _named(config: Mapping[str, Any], section: str, name: str) -> Mapping[str, Any]:
    for entry in config.get(section) or ():
        if entry["name"] == name:
            found: Mapping[str, Any] = entry
            return found
    raise KeyError(f"{section} has no {name!r}")
