"""Who may come in: requests for this host that carry the token.

A foreign Host header means that a page in somebody's browser was led here by its own name; it is refused whatever
token it carries.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import ApiError

LOCAL = ("127.0.0.1", "localhost", "[::1]")


class Guard:
    def __init__(self, token: str, port: int, hosts: list[str]) -> None:
        self._token = token
        names = [*LOCAL, *hosts]
        self._hosts = {name for host in names for name in (host, f"{host}:{port}")}

    def refusal(self, headers: Mapping[str, str]) -> ApiError | None:
        """What is answered to somebody who may not come in."""
        if headers.get("Host", "") not in self._hosts:
            return errors.failure(403, "Forbidden", "this server answers to its own address only")
        if headers.get("Origin") is not None and not self._is_own(headers["Origin"]):
            return errors.failure(403, "Forbidden", "requests from web pages are not answered")
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secrets.compare_digest(token.strip().encode(), self._token.encode()):
            # Source: apiserver/pkg/endpoints/filters/authentication.go
            return errors.failure(401, "Unauthorized", "Unauthorized")
        return None

    def _is_own(self, origin: str) -> bool:
        return origin.partition("://")[2] in self._hosts
