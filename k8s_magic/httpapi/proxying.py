"""The proxy subresource over HTTP: a whole request goes to a container's server, and its whole answer comes back.

Source: apimachinery/pkg/util/proxy/upgradeaware.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8s_magic.httpapi.paths import Target

if TYPE_CHECKING:
    from k8s_magic.httpapi.handler import ApiHandler

# What an answer without a body may not carry, or what the connection to the client decides.
_OWN = ("content-length", "transfer-encoding", "connection")


async def answer(handler: ApiHandler, target: Target) -> None:
    """Raises: ApiError, Unsupported."""
    request, method = handler.request, handler.request.method or "GET"
    # The path as it was asked for: what a server makes of its escapes is its own business.
    parts = request.path.split("/")
    rest = parts[parts.index("proxy", 5) + 1 :]
    query = f"?{request.query}" if request.query else ""
    if not rest and method in ("GET", "HEAD"):
        handler.set_status(301)
        handler.clear_header("Content-Type")
        handler.set_header("Location", f"{request.path}/{query}")
        handler.finish()
        return
    headers = dict(request.headers)
    body = request.body.decode("utf-8", "surrogateescape")
    if body:
        headers.setdefault("Content-Length", str(len(request.body)))
    named: dict[str, Any] = {"method": method, "headers": headers, "body": body}
    positional = (target.namespace, target.name, "/" + "/".join(rest) + query)
    transport = handler.backend.transport(handler.warn)
    with handler.backend.gate.enter("proxy", resource=target.resource, positional=positional, named=named):
        found = transport.proxy(target.resource, *positional, **named)
    handler.backend.hurry()
    handler.set_status(found.status, found.reason or None)
    handler.clear_header("Content-Type")
    content = found.body.encode("utf-8", "surrogateescape")
    for name, value in found.headers.items():
        if name.lower() not in _OWN:
            handler.set_header(name, value)
    if found.status >= 200 and found.status not in (204, 304):
        length = next((value for name, value in found.headers.items() if name.lower() == "content-length"), None)
        handler.set_header("Content-Length", length if method == "HEAD" and length else str(len(content)))
    if method != "HEAD":
        handler.write(content)
    # Written at once: tornado would think of a tag of its own for an answer that is finished whole.
    await handler.flush()
    handler.finish()
