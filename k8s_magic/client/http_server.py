"""Where an API server is and how to be let in, from a kubeconfig."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from k8s_magic.machinery.protocols import UserInfo

AGENT = "kubectl/v1.36.4 (k8s-magic)"


class Server(NamedTuple):
    """Shape: `context` is None for plain HTTP. `acting_as` is whom requests are made for, where it is somebody else."""

    url: str
    token: str = ""
    context: ssl.SSLContext | None = None
    acting_as: UserInfo | None = None

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
    def headers(self) -> list[tuple[str, str]]:
        """A name may come several times."""
        found = [("User-Agent", AGENT)]
        if self.token:
            found.append(("Authorization", f"Bearer {self.token}"))
        if (user := self.acting_as) is not None:
            # Source: client-go/transport/round_trippers.go (impersonatingRoundTripper)
            found.append(("Impersonate-User", user.username))
            found += [("Impersonate-Group", group) for group in user.groups]
            if user.uid:
                found.append(("Impersonate-Uid", user.uid))
            found += [
                (f"Impersonate-Extra-{quote(key, safe='')}", value)
                for key, values in user.extra.items()
                for value in values
            ]
        return found


def _named(config: Mapping[str, Any], section: str, name: str) -> Mapping[str, Any]:
    for entry in config.get(section) or ():
        if entry["name"] == name:
            found: Mapping[str, Any] = entry
            return found
    raise KeyError(f"{section} has no {name!r}")
