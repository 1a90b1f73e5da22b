"""What the API server does to requests and answers that it passes on: headers, and links that must lead back to it.

Source: apimachinery/pkg/util/proxy/{upgradeaware,transport}.go, net/http/httputil/reverseproxy.go
"""

from __future__ import annotations

from collections.abc import Mapping

from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import HttpAnswer

# Who asks where a request does not say: kubectl on the machine of the API server.
SERVER_HOST, CLIENT = "127.0.0.1:6443", "127.0.0.1"
_HOP_BY_HOP = ("connection", "proxy-connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te",
               "trailer", "transfer-encoding", "upgrade")  # fmt: skip
# The authentication filter takes these off once it has read them.
_READ = ("authorization", "content-length")


def prefix(resource: GroupVersionResource, namespace: str, name: str) -> str:
    """The path that stands before what is passed on."""
    place = f"namespaces/{namespace}/" if namespace else ""
    return f"/api/{resource.version}/{place}{resource.resource}/{name}/proxy"


def host(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "host"), SERVER_HOST)


def outgoing(headers: Mapping[str, str], start: str, path: str) -> dict[str, str]:
    """The headers of a request as it is sent on."""
    named = {word.strip().lower() for name, text in headers.items() if name.lower() == "connection"
             for word in text.split(",")}  # fmt: skip
    sent = {"Host": host(headers)}
    for name, value in headers.items():
        if name.lower() not in (*_HOP_BY_HOP, *_READ, "host") and name.lower() not in named:
            sent[name] = value
    upgrade = next((value for name, value in headers.items() if name.lower() == "upgrade"), "")
    if "upgrade" in named and upgrade:  # the server at the end decides: most answer as if nothing was asked
        sent |= {"Connection": "Upgrade", "Upgrade": upgrade}
    length = next((value for name, value in headers.items() if name.lower() == "content-length"), "")
    if length:
        sent["Content-Length"] = length
    if not any(name.lower() == "accept-encoding" for name in sent):
        sent["Accept-Encoding"] = "gzip"
    before = next((value for name, value in headers.items() if name.lower() == "x-forwarded-for"), "")
    sent = {name: value for name, value in sent.items() if name.lower() != "x-forwarded-for"}
    sent["X-Forwarded-For"] = f"{before}, {CLIENT}" if before else CLIENT
    sent["X-Forwarded-Uri"] = start + "/" + path.partition("?")[0].lstrip("/")
    return sent


def incoming(answer: HttpAnswer, start: str, asked_host: str) -> HttpAnswer:
    """An answer as it is handed back."""
    # Go writes names in its own form, sorted.
    names = {name: "-".join(part.capitalize() for part in name.split("-")) for name in answer.headers}
    kept = [(names[name], value) for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP]
    headers = dict(sorted(kept))
    body = answer.body
    from k8s_magic.client import links  # slow to import, and seldom needed

    if "Location" in headers:
        headers["Location"] = links.led_back(headers["Location"], start, asked_host)
    elif headers.get("Content-Type", "").partition(";")[0].strip() == "text/html" and body:
        if "Content-Encoding" in headers:
            return HttpAnswer(answer.status, body, headers, answer.reason)
        body = links.rewritten(body, start, asked_host)
        if "Content-Length" in headers:
            headers["Content-Length"] = str(len(body.encode("utf-8", "surrogateescape")))
    return HttpAnswer(answer.status, body, headers, answer.reason)
