"""Answers that depend on what the client has already: 304 and 412, and the ranges of a file it asks for.

Source: RFC 9110 sections 13 and 14; nginx src/http/modules/ngx_http_{not_modified,range}_filter_module.c; Apache
modules/http/http_protocol.c (ap_meets_conditions), byterange_filter.c
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime

from k8s_magic.runtime import web
from k8s_magic.runtime.contract import HttpRequest, HttpResponse, decoded

# What stands between the parts of an answer with several ranges: nginx counts, this simulation does not.
BOUNDARY = "00000000000000000001"


def is_special(request: HttpRequest) -> bool:
    """Whether a request says anything that is looked at here."""
    return any(name[:3].lower() == "if-" or name.lower() == "range" for name in request.headers)


def not_modified(request: HttpRequest, response: HttpResponse, *, exact: bool) -> int:
    """200, 304 or 412. `exact`: a date counts only if it is the file's own, and a tag and a date must both agree."""
    headers = {name.lower(): value for name, value in request.headers.items() if name[:3].lower() == "if-"}
    if not headers:
        return 200
    modified, tag = _seconds(response.headers.get("Last-Modified", "")), response.headers.get("ETag", "")
    unmodified = _seconds(headers.get("if-unmodified-since", ""))
    if unmodified is not None and modified is not None and modified > unmodified:
        return 412
    if "if-match" in headers and not _matches(headers["if-match"], tag, weak=False):
        return 412
    since = _seconds(headers.get("if-modified-since", ""))
    is_since = since is not None and modified is not None and (since == modified if exact else modified <= since)
    if "if-none-match" in headers:
        if exact and "if-modified-since" in headers and not is_since:
            return 200
        return 304 if _matches(headers["if-none-match"], tag, weak=True) else 200
    return 304 if is_since else 200


def _seconds(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except ValueError:
        return None


def _matches(wanted: str, tag: str, *, weak: bool) -> bool:
    words = [word.strip() for word in wanted.split(",")]
    return "*" in words or tag in ([word.removeprefix("W/") for word in words] if weak else words)


def ranges(request: HttpRequest, response: HttpResponse) -> list[tuple[int, int]] | None:
    """The (first, last) bytes that are wanted; None: all; []: none of them is there.

    Raises: ValueError for what is no range.
    """
    wanted = web.header(request, "Range")
    if not wanted.startswith("bytes="):
        return None
    condition = web.header(request, "If-Range")
    if condition and condition not in (response.headers.get("ETag"), response.headers.get("Last-Modified")):
        return None
    size = response.size
    found: list[tuple[int, int]] = []
    for part in wanted.removeprefix("bytes=").split(","):
        both = re.fullmatch(r"\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", part)
        if both is None or not (both[1] or both[2]):
            raise ValueError(part)
        if not both[1]:
            first, last = max(size - int(both[2]), 0), size - 1
        else:
            first, last = int(both[1]), min(int(both[2] or size), size - 1)
        if both[1] and both[2] and int(both[2]) < int(both[1]):
            raise ValueError(part)
        if first <= last:
            found.append((first, last))
    return found if sum(last - first + 1 for first, last in found) <= size else None


def cut(response: HttpResponse, wanted: list[tuple[int, int]]) -> None:
    """Make of a whole file the answer with some of its bytes."""
    content = response.content
    response.status = 206
    response.headers.pop("Accept-Ranges", None)
    if len(wanted) == 1:
        first, last = wanted[0]
        response.body = decoded(content[first : last + 1])
        response.headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
        return
    media, body = response.headers["Content-Type"], b""
    for first, last in wanted:
        head = (
            f"\r\n--{BOUNDARY}\r\nContent-Type: {media}\r\nContent-Range: bytes {first}-{last}/{len(content)}\r\n\r\n"
        )
        body += head.encode() + content[first : last + 1]
    response.body = decoded(body + f"\r\n--{BOUNDARY}--\r\n".encode())
    response.headers["Content-Type"] = f"multipart/byteranges; boundary={BOUNDARY}"
