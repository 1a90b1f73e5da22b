"""Apache httpd. Source: httpd 2.4, server/{protocol,core}.c, modules/http/http_{filters,protocol}.c; observed."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING

from k8s_magic.runtime import web
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.runtime.http import manner
from k8s_magic.runtime.http.manner import KIBIBYTE, Manner, Refusal

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer

ALLOWED = "GET,POST,OPTIONS,HEAD,TRACE"
PAGE = "text/html; charset=iso-8859-1"
TITLES = {405: "Method Not Allowed", 414: "Request-URI Too Long", 416: "Requested Range Not Satisfiable",
          417: "Expectation Failed"}  # fmt: skip
_TEXTS = {
    400: "Your browser sent a request that this server could not understand.<br />\n{why}",
    403: "You don't have permission to access this resource.",
    404: "The requested URL was not found on this server.",
    405: "The requested method {method} is not allowed for this URL.",
    413: "The requested resource does not allow request data with {method} requests, or the amount of data provided in"
    "\nthe request exceeds the capacity limit.",
    414: "The requested URL's length exceeds the capacity\nlimit for this server.<br />\n",
    416: "None of the range-specifier values in the Range\nrequest-header field overlap the current extent\nof the "
    "selected resource.",
    417: "The expectation given in the Expect request-header\nfield could not be met by this server.\n"
    "The client sent<pre>\n    Expect: {why}\n</pre>\n</p><p>Only the 100-continue expectation is supported.",
    501: "{method} not supported for current URL.<br />\n",
}
# Its own order; what else an answer carries comes between Server and these.
_LAST = ("Content-Length", "Keep-Alive", "Connection", "Content-Range", "Content-Type")
_TOO_LONG = "Size of a request header field exceeds server limit."


def page(status: int, method: str = "GET", why: str = "", location: str = "") -> str:
    title = TITLES.get(status, web.REASONS.get(status, ""))
    text = _TEXTS.get(status, "").format(method=escape(method), why=why)
    if location:
        text = f'The document has moved <a href="{escape(location)}">here</a>.'
    return (
        '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n'
        f"<title>{status} {title}</title>\n</head><body>\n<h1>{title}</h1>\n<p>{text}</p>\n</body></html>\n"
    )


class Apache(Manner):
    longest_line = 8190  # LimitRequestLine, LimitRequestFieldSize
    longest_head = 100 * 8 * KIBIBYTE
    speaks_09 = True
    newest_major = 9
    needs_crlf = True
    folds = refuses_repeats = True
    odd_coding = 400
    chunks_in_10 = "taken"

    def __init__(self, server: str) -> None:
        self.server = server

    def check_target(self, path: str) -> None:
        super().check_target(path)
        if web.climbs_out(path):
            raise Refusal(400)

    def expects(self, expectation: str) -> bool:
        if expectation and expectation.lower() != "100-continue":
            raise Refusal(417, escape(expectation))
        return bool(expectation)

    def refusal(self, container: SimulatedContainer, refused: Refusal, request: HttpRequest) -> HttpResponse:
        status = 400 if refused.status == 431 else refused.status
        why = _TOO_LONG if refused.status == 431 else refused.why if status == 417 else ""
        response = HttpResponse(status, page(status, request.method, why), {"Connection": "close"})
        self.finish(container, request, response)
        return response

    def note(self, container: SimulatedContainer, request: HttpRequest, line: str, response: HttpResponse) -> None:
        container.log(web.combined_log(container, request, response, line).rsplit(' "', 2)[0])

    def finish(self, container: SimulatedContainer, request: HttpRequest, response: HttpResponse) -> None:
        own = response.headers
        if response.status >= 300 and response.body:
            own["Content-Type"] = PAGE
        if manner.has_body(response.status):
            own["Content-Length"] = str(response.size)
        if not manner.keeps_alive(request) or own.get("Connection") == "close":
            own["Connection"] = "close"
        elif request.version == "HTTP/1.0":
            own["Keep-Alive"], own["Connection"] = "timeout=5, max=100", "Keep-Alive"
        headers = {"Date": manner.date(container), "Server": self.server}
        headers |= {name: value for name, value in own.items() if name not in _LAST}
        response.headers = headers | {name: own[name] for name in _LAST if name in own}
        response.reason = response.reason or TITLES.get(response.status, "")
        if request.method == "HEAD":
            response.body = ""


@cache
def apache(server: str) -> Apache:
    return Apache(server)
