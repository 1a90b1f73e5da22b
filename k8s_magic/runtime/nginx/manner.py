"""How nginx speaks HTTP. Source: nginx 1.22 to 1.29, src/http/ngx_http_{parse,request,header_filter_module,
special_response}.c; observed on 1.22.1 (tests/golden/http/nginx.json)."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from k8s_magic.runtime import web
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.runtime.http import conditions, manner
from k8s_magic.runtime.http.manner import Manner, Refusal
from k8s_magic.sim.time import SECOND, SimTime

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer

# client_max_body_size where the configuration does not say. Source: ngx_http_core_module.c
MAX_BODY = 1 << 20
TITLES = {302: "Moved Temporarily", 405: "Not Allowed", 408: "Request Time-out", 418: "",
          503: "Service Temporarily Unavailable", 504: "Gateway Time-out"}  # fmt: skip
_TOO_LONG = "Request Header Or Cookie Too Large"
# Its own order of headers; what else an answer carries comes at the end.
_FIRST = ("Server", "Date", "Content-Type", "Content-Length", "Last-Modified", "Location", "Transfer-Encoding",
          "Connection")  # fmt: skip


def title(status: int) -> str:
    return TITLES.get(status, web.REASONS.get(status, ""))


def error_page(status: int, version: str) -> str:
    """Source: ngx_http_special_response.c"""
    shown = f"{status} {title(status)}"
    return _page(shown, f"<center><h1>{shown}</h1></center>\r\n", version)


def _page(shown: str, middle: str, version: str) -> str:
    return (
        f"<html>\r\n<head><title>{shown}</title></head>\r\n<body>\r\n{middle}"
        f"<hr><center>{version}</center>\r\n</body>\r\n</html>\r\n"
    )


def etag(since_1970: SimTime, size: int) -> str:
    return f'"{since_1970 // SECOND:x}-{size:x}"'


def filtered(request: HttpRequest, response: HttpResponse, version: str) -> HttpResponse:
    """A file's answer, after what the client has of it already and which part it wants."""
    if not conditions.is_special(request):
        return response
    status = conditions.not_modified(request, response, exact=True)
    if status == 412:
        return HttpResponse(412, error_page(412, version), {"Content-Type": "text/html"})
    if status == 304:
        kept = {name: response.headers[name] for name in ("Last-Modified", "ETag")}
        return HttpResponse(304, "", kept)
    size = len(response.content)
    try:
        wanted = conditions.ranges(request, response)
    except ValueError:
        wanted = []
    if wanted is None:
        return response
    if not wanted:
        headers = {"Content-Type": "text/html", "Content-Range": f"bytes */{size}"}
        return HttpResponse(416, error_page(416, version), headers)
    conditions.cut(response, wanted)
    return response


class Nginx(Manner):
    method = re.compile(r"[A-Z_-]+")
    speaks_09 = True
    skips_colonless = True
    takes_star = False
    refuses_repeats = refuses_two_lengths = True
    chunks_in_10 = "refused"

    def __init__(self, version: str, server: str = "") -> None:
        self.version = version
        self.server = server or version

    def check_target(self, path: str) -> None:
        super().check_target(path)
        if web.climbs_out(path) or "%00" in path.partition("?")[0]:
            raise Refusal(400)

    def refusal(self, container: SimulatedContainer, refused: Refusal, request: HttpRequest) -> HttpResponse:
        status = 400 if refused.status == 431 else refused.status
        page = error_page(status, self.version)
        if refused.status == 431:
            middle = f"<center><h1>400 Bad Request</h1></center>\r\n<center>{_TOO_LONG}</center>\r\n"
            page = _page(f"400 {_TOO_LONG}", middle, self.version)
        response = HttpResponse(status, page, {"Content-Type": "text/html", "Connection": "close"})
        self.finish(container, request, response)
        return response

    def note(self, container: SimulatedContainer, request: HttpRequest, line: str, response: HttpResponse) -> None:
        container.log(web.combined_log(container, request, response, line) + ' "-"')

    def finish(self, container: SimulatedContainer, request: HttpRequest, response: HttpResponse) -> None:
        own = response.headers
        own["Server"] = self.server
        own["Date"] = manner.date(container)
        if manner.has_body(response.status) and "Transfer-Encoding" not in own:
            own["Content-Length"] = str(response.size)
        is_last = own.get("Connection") == "close" or not manner.keeps_alive(request)
        own["Connection"] = "close" if is_last else "keep-alive"
        response.headers = {name: own[name] for name in _FIRST if name in own} | own
        response.reason = response.reason or title(response.status)
        if request.method == "HEAD":
            response.body = ""


@cache
def nginx(version: str) -> Nginx:
    return Nginx(version)
