"""One HTTP connection by its bytes: requests are cut out of what arrives, answered one after the other, and said.

Nothing depends on how the bytes are cut into pieces. Source: RFC 9112; where servers differ, the Manner decides.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.runtime import web
from k8s_magic.runtime.contract import Handler, HttpRequest, HttpResponse, NetworkError, decoded, encoded
from k8s_magic.runtime.http import manner
from k8s_magic.runtime.http.manner import Refusal

if TYPE_CHECKING:
    from k8s_magic.runtime.http.server import HttpServer

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VERSION = re.compile(r"HTTP/(\d{1,3})\.(\d{1,3})")
_ABSOLUTE = re.compile(r"https?://([^/?#]*)([/?#].*)?", re.IGNORECASE | re.DOTALL)
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
# What may stand before a chunk: its size in hexadecimal and extensions. Our bound.
_LONGEST_CHUNK_LINE = 4096


class HttpConversation:
    """contract.Conversation. `serve` answers whole requests: the server itself, or the way to it."""

    def __init__(self, server: HttpServer, source_ip: str, serve: Handler) -> None:
        self._server = server
        self._manner = server.manner
        self._source_ip = source_ip
        self._serve = serve
        self._held = bytearray()
        self._request: HttpRequest | None = None  # whose body is still to come
        self._is_answered = False  # though it is still to come
        self._was_taken = False
        self._line = ""
        self._left = 0  # bytes of the body, or of its present chunk
        self._is_chunked = False
        self._body = bytearray()
        self._largest = 0
        self._seen = 0  # so much of the head has been looked at in vain
        self.has_ended = False
        self.problem = ""

    def receive(self, data: bytes) -> bytes:
        self._held += data
        answers = bytearray()
        while not self.has_ended:
            try:
                try:
                    part = self._step()
                except Refusal as refused:
                    part = self._refused(refused)
            except NetworkError:  # it closes the connection without a word
                self.has_ended = True
            except Unsupported as problem:
                self.has_ended, self.problem = True, str(problem)
            else:
                if part is None:
                    break
                answers += part
        if self.has_ended:
            self._held.clear()
        return bytes(answers)

    def _step(self) -> bytes | None:
        """Do what can be done next; None: more must arrive first. Raises: Refusal."""
        if self._request is None:
            return self._head()
        if not (self._chunk() if self._is_chunked else self._plain()):
            return None
        request, self._request = self._request, None
        request.body = decoded(bytes(self._body))
        self._body.clear()
        if self._is_answered:
            self._is_answered = False
            return b""
        return self._answered(request)

    # -- the head

    def _head(self) -> bytes | None:
        held = self._held
        if self._seen and len(held) <= self._manner.longest_line and held.find(b"\n", self._seen) < 0:
            self._seen = len(held)
            return None
        self._seen = 0
        blank = 0
        while blank < len(held) and held[blank] in (10, 13):  # a client that ends its last body with a line
            blank += 1
        del held[:blank]
        if not held:
            return None
        end = held.find(b"\n")
        # However it arrives, what is too long is refused at the same byte.
        if (end if end >= 0 else len(held)) > self._manner.longest_line:
            self._line = decoded(bytes(held[: self._manner.longest_line]))
            raise Refusal(414)
        if end < 0:
            return None
        self._line = decoded(bytes(held[:end])).removesuffix("\r")
        method, path, version, host = self._request_line(self._line, held[max(end - 1, 0)] == 13)
        if version == "HTTP/0.9":
            del held[: end + 1]
            return self._answered(HttpRequest(method, path, "", {}, "", self._source_ip, version))
        lines, after = self._lines(end + 1)
        if after < 0:
            self._seen = len(held)
            return None
        headers, hosts = self._headers(lines)
        del held[:after]
        request = HttpRequest(method, path, host or (hosts[0] if hosts else ""), headers, "", self._source_ip, version)
        self._manner.check_host(hosts, version)
        return self._begun(request)

    def _request_line(self, line: str, has_cr: bool) -> tuple[str, str, str, str]:
        """Method, path, version, and the host of an absolute URL. Raises: Refusal."""
        words = line.split(" ")
        if self._manner.needs_crlf and not has_cr:
            raise Refusal(400)
        if not self._manner.method.fullmatch(words[0]):
            raise Refusal(400)
        if len(words) == 2 and self._manner.speaks_09 and words[0] == "GET" and words[1].startswith("/"):
            return words[0], words[1], "HTTP/0.9", ""
        version = _VERSION.fullmatch(words[2]) if len(words) == 3 else None
        if version is None:
            raise Refusal(400)
        target, host = words[1], ""
        absolute = _ABSOLUTE.fullmatch(target)
        if absolute:
            host, target = absolute[1], absolute[2] or "/"
            target = target if target.startswith("/") else "/" + target
        if not target.startswith("/") and not (target == "*" and words[0] == "OPTIONS" and self._manner.takes_star):
            raise Refusal(400)
        if any(letter < " " or letter == "\x7f" for letter in target):
            raise Refusal(400)
        if int(version[1]) > self._manner.newest_major:
            raise Refusal(505)
        if int(version[1]) < 1:
            raise Refusal(400)
        return words[0], target, "HTTP/1.0" if words[2] == "HTTP/1.0" else "HTTP/1.1", host

    def _lines(self, start: int) -> tuple[list[str], int]:
        """The header lines and where the body begins; -1 while their end has not come. Raises: Refusal."""
        held, lines, at = self._held, list[str](), start
        while True:
            end = held.find(b"\n", at)
            if (end if end >= 0 else len(held)) - at > self._manner.longest_line:
                raise Refusal(431)
            if (end if end >= 0 else len(held)) > self._manner.longest_head:
                raise Refusal(431)
            if end < 0:
                return [], -1
            line = decoded(bytes(held[at:end]))
            at = end + 1
            if self._manner.needs_crlf and not line.endswith("\r"):
                raise Refusal(400)
            line = line.removesuffix("\r")
            if not line:
                return lines, at
            if line[0] in " \t" and lines and self._manner.folds:
                lines[-1] += " " + line.strip()
            else:
                lines.append(line)

    def _headers(self, lines: list[str]) -> tuple[dict[str, str], list[str]]:
        """By name as it first came, those of one name joined; and every Host. Raises: Refusal."""
        headers: dict[str, str] = {}
        names: dict[str, str] = {}
        hosts: list[str] = []
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon and self._manner.skips_colonless and _NAME.fullmatch(name):
                continue
            if not colon or not _NAME.fullmatch(name):
                raise Refusal(400, "invalid header name" if colon else "")
            value = value.strip(" \t")
            if "\0" in value or "\r" in value:
                raise Refusal(400, "invalid header value")
            key = name.lower()
            if key == "host":
                hosts.append(value)
            if key == "content-length" and key in names:
                if self._manner.refuses_repeats or headers[names[key]] != value:
                    raise Refusal(400)
                continue
            held = names.setdefault(key, name)
            headers[held] = f"{headers[held]}, {value}" if held in headers else value
        return headers, hosts

    # -- the body

    def _begun(self, request: HttpRequest) -> bytes | None:
        """Whether a body follows, and how long it is. Raises: Refusal."""
        coding = web.header(request, "Transfer-Encoding").lower()
        length = web.header(request, "Content-Length", "-")
        self._largest = min(self._server.largest(request), manner.MAX_BODY)
        self._is_chunked, self._left = False, 0
        try:
            if coding and request.version == "HTTP/1.0" and self._manner.chunks_in_10 != "taken":
                if self._manner.chunks_in_10 == "refused":
                    raise Refusal(400)
                coding = ""
            if coding:
                if length != "-" and self._manner.refuses_two_lengths:
                    raise Refusal(400)
                if coding != "chunked":
                    raise Refusal(self._manner.odd_coding)
                self._is_chunked = True
                if length != "-":  # smuggled perhaps: nothing more is read from this client
                    request.headers = {**request.headers, "Connection": "close"}
            elif length != "-":
                if not (length.isascii() and length.isdigit()):
                    raise Refusal(400)
                self._left = int(length[:18])
                if self._left > self._largest:
                    raise Refusal(413)
            expected = self._manner.expects(web.header(request, "Expect")) and request.version == "HTTP/1.1"
        except Refusal as refused:
            return self._refused(refused, request)
        if not self._is_chunked and not self._left:
            return self._answered(request)
        self._request = request
        if not self._is_chunked and not self._server.reads_body(request):
            # It does not wait for a body that it has no use for: that is dropped when it comes.
            answer = self._answered(request)
            self._is_answered = True
            return (CONTINUE if expected and self._was_taken else b"") + answer
        return CONTINUE if expected else b""

    def _plain(self) -> bool:
        if len(self._held) < self._left:
            return False
        self._body += self._held[: self._left]
        del self._held[: self._left]
        return True

    def _chunk(self) -> bool:
        """Take chunks off; whether the last has come. Raises: Refusal."""
        held = self._held
        while True:
            if self._left:
                if len(held) < self._left + 1:
                    return False
                end = self._left + (2 if held[self._left] == 13 else 1)
                if len(held) < end:
                    return False
                if held[end - 1] != 10:
                    raise Refusal(400)
                self._body += held[: self._left]
                del held[:end]
                self._left = 0
            end = held.find(b"\n", 0, _LONGEST_CHUNK_LINE)
            if end < 0:
                if len(held) >= _LONGEST_CHUNK_LINE:
                    raise Refusal(400)
                return False
            found = _CHUNK.fullmatch(bytes(held[: end + 1]))
            if found is None:
                raise Refusal(400)
            size = int(found[1], 16)
            if not size:
                return self._trailer(end + 1)
            if len(self._body) + size > self._largest:
                raise Refusal(413)
            del held[: end + 1]
            self._left = size

    def _trailer(self, start: int) -> bool:
        """What follows the last chunk is headers, which nobody reads here."""
        lines, after = self._lines(start)
        if after >= 0:
            self._headers(lines)
            del self._held[:after]
        return after >= 0

    # -- the answer

    def _answered(self, request: HttpRequest) -> bytes:
        response = self._serve(request)
        self._was_taken = response.status < 400
        self.has_ended = _is_last(request, response)
        return said(request, response)

    def _refused(self, refused: Refusal, request: HttpRequest | None = None) -> bytes:
        request = request or self._request
        if request is None:
            method = self._line.partition(" ")[0]
            request = HttpRequest("GET" if not method.isalpha() else method, "/", "", {}, "", self._source_ip)
        self.has_ended = True
        return said(request, self._server.refuse(refused, request, self._line))


def _is_last(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the server closes the connection after an answer."""
    if not manner.keeps_alive(request) or request.version == "HTTP/0.9":
        return True
    words = {name.lower(): value.lower() for name, value in response.headers.items()}
    if words.get("connection") == "close":
        return True
    is_framed = "content-length" in words or "transfer-encoding" in words or request.method == "HEAD"
    if request.version == "HTTP/1.0" and words.get("connection") != "keep-alive":
        return True
    return manner.has_body(response.status) and not is_framed


def said(request: HttpRequest, response: HttpResponse) -> bytes:
    """An answer's bytes."""
    content = response.content
    if request.version == "HTTP/0.9":
        return content
    lines = [f"{response.version} {response.status} {response.reason or web.REASONS.get(response.status, '')}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    head = encoded("\r\n".join([*lines, "", ""]))
    if response.headers.get("Transfer-Encoding") == "chunked":
        content = b"%x\r\n%b\r\n0\r\n\r\n" % (len(content), content) if content else b"0\r\n\r\n"
    return head + content
