"""Requests by hand, by a plain HTTP client that knows nothing of our Transport."""

from __future__ import annotations

import json
from http.client import HTTPResponse
from typing import Any

from k8s_magic import Cluster
from k8s_magic.client.http import Server


class Api:
    """Requests by hand: `ask` answers (status, headers, body), the body as data where it is JSON."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.http = cluster.serve()
        self.server = Server.of(self.http.config)

    def open(self, method: str, path: str, body: Any = None, **headers: str | None) -> HTTPResponse:
        given: dict[str, str | None] = dict(self.server.headers)
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        if content is not None:
            given.setdefault("Content-Type", "application/json")
        connection = self.server.connect()
        connection.putrequest(method, path, skip_host="Host" in given)
        for name, value in given.items():
            if value is not None:
                connection.putheader(name, value)
        if content is not None:
            connection.putheader("Content-Length", str(len(content)))
        connection.endheaders(content)
        return connection.getresponse()

    def ask(self, method: str, path: str, body: Any = None, **headers: str | None) -> tuple[int, Any, Any]:
        response = self.open(method, path, body, **headers)
        content = response.read()
        is_json = (response.headers["Content-Type"] or "").startswith("application/json")
        return response.status, response.headers, json.loads(content) if is_json else content.decode()
