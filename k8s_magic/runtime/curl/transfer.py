"""Makes curl's requests and prints what curl prints."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass
from urllib.parse import urljoin

from k8s_magic.runtime import web
from k8s_magic.runtime.contract import HttpRequest, HttpResponse, NetworkError, encoded
from k8s_magic.runtime.curl.options import BadUsage, CurlOptions, Read, parse
from k8s_magic.runtime.pipes import Writer
from k8s_magic.runtime.shell.words import unescape
from k8s_magic.runtime.url import Target, parse_url
from k8s_magic.sim.time import MILLISECOND, SECOND, SimTime

Send = Callable[[str, HttpRequest, SimTime | None], HttpResponse]
Save = Callable[[str, str], None]

VERSION = """curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.17 zlib/1.2.13
Release-Date: 2023-02-20, security patched: 7.88.1-10+deb12u12
Protocols: dict file ftp ftps http https
Features: alt-svc AsynchDNS HSTS HTTP2 HTTPS-proxy IPv6 Largefile libz SSL threadsafe TLS-SRP UnixSockets
"""


@dataclass(slots=True)
class _Outcome:
    """One request as far as it came."""

    response: HttpResponse | None
    error: NetworkError | None
    elapsed: SimTime
    url: str
    host: str
    port: int
    redirects: int = 0


def curl(
    words: list[str],
    send: Send,
    out: Writer,
    err: Writer,
    save: Save,
    read: Read | None = None,
    *,
    is_screen: bool = False,
) -> Generator[SimTime | None, None, int]:
    """`words` is what follows `curl`. Steps over simulated time; returns the exit code.

    `is_screen`: a person looks at `out`, who is spared bytes that are no text.
    """
    try:
        options = parse(words, read) if read is not None else parse(words)
    except BadUsage as bad:
        err.write(str(bad))
        return 26 if "(26)" in str(bad) else 2
    for warning in options.warnings:
        err.write(warning)
    if "version" in options.flags:
        out.write(VERSION)
        return 0
    if "help" in options.flags:
        out.write("Usage: curl [options...] <url>\n")
        return 0
    status = 0
    for index, url in enumerate(_expanded(options.urls)):
        target = options.outputs[index] if index < len(options.outputs) else ""
        if "remote_name" in options.flags and not target:
            target = url.partition("?")[0].rstrip("/").rpartition("/")[2] or "curl_response"
        status = yield from _Transfer(options, send, out, err, save, target, is_screen).run(url)
    return status


def _expanded(urls: list[str]) -> list[str]:
    """`[1-3]` and `{a,b}` in URLs, up to a thousand."""
    found = []
    for url in urls:
        span = re.search(r"\[(\d{1,4})-(\d{1,4})\]", url)
        choice = re.search(r"\{([^{}]*,[^{}]*)\}", url)
        if span and not re.search(r"\[[0-9A-Fa-f]*:", url):
            values = [str(number) for number in range(int(span[1]), min(int(span[2]), int(span[1]) + 1000) + 1)]
            found += _expanded([url[: span.start()] + value + url[span.end() :] for value in values])
        elif choice:
            found += _expanded([url[: choice.start()] + value + url[choice.end() :] for value in choice[1].split(",")])
        else:
            found.append(url)
    return found[:1000]


class _Transfer:
    def __init__(
        self, options: CurlOptions, send: Send, out: Writer, err: Writer, save: Save, target: str, is_screen: bool
    ) -> None:
        self.options = options
        self.flags = options.flags
        self.send = send
        self.out = out
        self.err = err
        self.save = save
        self.target = target if target != "-" else ""
        self.is_screen = is_screen and target != "-"
        self.kept = ""  # of what goes to the file

    def run(self, url: str) -> Generator[SimTime | None, None, int]:
        attempts = self.options.retry
        delay = 1.0
        while True:
            status, transient = yield from self._once(url)
            if not transient or attempts <= 0:
                return status
            wait = self.options.retry_delay if self.options.retry_delay is not None else delay
            self._warn(f"Warning: Problem: {transient}. Will retry in {wait:g} seconds. {attempts} retries left.\n")
            attempts -= 1
            delay = min(delay * 2, 600)
            yield round(wait * SECOND)

    def _warn(self, text: str) -> None:
        if "silent" not in self.flags or "show_error" in self.flags:
            self.err.write(text)

    def _fail(self, code: int, words: str) -> int:
        self._warn(f"curl: ({code}) {words}\n")
        return code

    def _once(self, url: str) -> Generator[SimTime | None, None, tuple[int, str]]:
        """One try: the exit code, and why another try may do better ("": it may not)."""
        target = parse_url(url)
        if target is None:
            return self._fail(3, "URL using bad/illegal format or missing URL"), ""
        if target.scheme not in ("http", "https"):
            return self._fail(1, f'Protocol "{target.scheme}" not supported or disabled in libcurl'), ""
        started: SimTime = 0
        redirects = 0
        method = self._method()
        body = self.options.data if "get" not in self.flags else None
        if "get" in self.flags and self.options.data:
            joint = "&" if "?" in target.path else "?"
            target = Target(target.scheme, target.host, target.port, f"{target.path}{joint}{self.options.data}")
        meter = self._meter_shown()
        if meter:
            self.err.write(_METER_HEAD)
        while True:
            outcome = self._request(target, method, body, started)
            yield outcome.elapsed
            started += outcome.elapsed
            outcome.redirects = redirects
            outcome.elapsed = started
            response = outcome.response
            location = web_header(response, "Location") if response is not None else ""
            if response is None or not location or "location" not in self.flags or not 300 <= response.status < 400:
                break
            if redirects >= self.options.max_redirs:
                return self._fail(47, f"Maximum ({self.options.max_redirs}) redirects followed"), ""
            self._show(outcome, method, body, last=False)
            redirects += 1
            following = parse_url(urljoin(target.url, location))
            if following is None:
                return self._fail(3, "URL using bad/illegal format or missing URL"), ""
            target = following
            if response.status in (301, 302, 303) and method == "POST" and not self.options.method:
                method, body = "GET", None
        if response is None:
            assert outcome.error is not None
            if meter:
                self.err.write(_METER_EMPTY + "\n")
            code, words = self._why(outcome)
            self._write_out(outcome, code)
            transient = code == 28 or (code == 7 and "retry_refused" in self.flags) or code == 6
            return self._fail(code, words), {28: "timeout", 7: "connection refused", 6: "timeout"}[
                code
            ] if transient else ""
        self._show(outcome, method, body, last=True)
        failed = response.status >= 400 and bool({"fail", "fail_with_body"} & self.flags)
        shown = not failed or "fail_with_body" in self.flags
        if meter:
            self.err.write(_meter(response, outcome.elapsed, shown))
        if shown and response.body:
            if self.target:
                self.save(self.target, self.kept + response.body)
            elif "\0" in response.body and self.is_screen:
                self._warn(_BINARY)
                return 23, ""
            else:
                self.out.write(response.body)
        elif self.target and shown:
            self.save(self.target, self.kept)
        code = 22 if failed else 0
        self._write_out(outcome, code)
        if failed:
            self._fail(22, f"The requested URL returned error: {response.status}")
        transient = response.status in (408, 429, 500, 502, 503, 504)
        return code, f"HTTP error {response.status}" if transient and self.options.retry else ""

    def _method(self) -> str:
        if self.options.method:
            return self.options.method
        if "head" in self.flags:
            return "HEAD"
        return "POST" if self.options.data is not None and "get" not in self.flags else "GET"

    def _meter_shown(self) -> bool:
        if "silent" in self.flags or "no_meter" in self.flags:
            return False
        return bool(self.target) or not self.out.is_terminal

    # -- the request

    def _headers(self, target: Target, body: str | None) -> dict[str, str]:
        port = "" if target.port == (443 if target.scheme == "https" else 80) else f":{target.port}"
        headers = {"Host": f"{target.host}{port}", "User-Agent": self.options.user_agent, "Accept": "*/*"}
        own: dict[str, str] = {}
        for line in self.options.headers:
            name, colon, value = line.partition(":")
            name = name.rstrip(";").strip()
            held = next((key for key in (*headers, *own) if key.lower() == name.lower()), name)
            if colon and not value.strip():
                headers.pop(held, None)
            elif held in headers:
                headers[held] = value.strip()
            else:
                own[held] = value.strip()
        headers |= own
        if body is not None:
            headers["Content-Length"] = str(len(encoded(body)))
            if not any(name.lower() == "content-type" for name in headers):
                headers["Content-Type"] = "application/x-www-form-urlencoded"
        return headers

    def _version(self) -> str:
        return "HTTP/1.0" if "http10" in self.flags else "HTTP/1.1"

    def _request(self, target: Target, method: str, body: str | None, used: SimTime) -> _Outcome:
        headers = self._headers(target, body)
        request = HttpRequest(method, target.path, headers.get("Host", ""), headers, body or "")
        request.version = self._version()
        limit = self.options.max_time
        left = None if limit is None else max(round(limit * SECOND) - used, 1)
        connect = self.options.connect_timeout
        patience = left
        if connect is not None:
            patience = min(round(connect * SECOND), left) if left is not None else round(connect * SECOND)
        address = self.options.resolve.get((target.host, target.port))
        url = target.url if address is None else Target(target.scheme, address, target.port, target.path).url
        try:
            response = self.send(url, request, patience)
        except NetworkError as error:
            if error.kind == "timeout" and patience is not None:
                error.elapsed = patience + MILLISECOND  # curl's clock has just passed its limit
            return _Outcome(None, error, error.elapsed, target.url, target.host, target.port)
        if left is not None and response.latency > left:
            late = NetworkError("slow", elapsed=left + MILLISECOND, address=response.address)
            return _Outcome(None, late, left + MILLISECOND, target.url, target.host, target.port)
        return _Outcome(response, None, response.latency, target.url, target.host, target.port)

    def _why(self, outcome: _Outcome) -> tuple[int, str]:
        error = outcome.error
        assert error is not None
        milliseconds = error.elapsed // MILLISECOND
        if error.kind == "unknown_host":
            return 6, f"Could not resolve host: {outcome.host}"
        if error.kind == "slow":
            return 28, f"Operation timed out after {milliseconds} milliseconds with 0 bytes received"
        if error.kind == "timeout" and (self.options.max_time is not None or self.options.connect_timeout is not None):
            return 28, f"Connection timed out after {milliseconds} milliseconds"
        if error.kind == "reset":
            return 56, "Recv failure: Connection reset by peer"
        if error.kind == "empty":
            return 52, "Empty reply from server"
        host = f"{outcome.host} port {outcome.port}"
        code = 28 if error.kind == "timeout" else 7
        if "verbose" in self.flags:
            self._trace_failure(outcome)
        return code, f"Failed to connect to {host} after {milliseconds} ms: Couldn't connect to server"

    # -- what is shown

    def _show(self, outcome: _Outcome, method: str, body: str | None, last: bool) -> None:
        response = outcome.response
        assert response is not None
        head = f"{response.version} {response.status} {response.reason or web.REASONS.get(response.status, '')}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in response.headers.items()) + "\r\n"
        if "verbose" in self.flags:
            self._trace(outcome, method, body, head, last)
        if {"include", "head"} & self.flags:
            if self.target:
                self.kept += head
            else:
                self.out.write(head)

    def _trace(self, outcome: _Outcome, method: str, body: str | None, head: str, last: bool) -> None:
        response = outcome.response
        assert response is not None
        address, _, port = response.address.rpartition(":")
        target = parse_url(outcome.url)
        assert target is not None
        lines = [
            f"*   Trying {address}:{port}...",
            f"* Connected to {outcome.host} ({address}) port {outcome.port} (#0)",
        ]
        lines.append(f"> {method} {target.path} {self._version()}")
        lines += [f"> {name}: {value}" for name, value in self._headers(target, body).items()]
        lines.append("> ")
        text = "\n".join(lines) + "\n"
        show_data = bool(self.target) or not self.out.is_terminal
        if body is not None and show_data:
            text += f"}} [{len(encoded(body))} bytes data]\n"
        text += "".join(f"< {line}\r\n" for line in head.removesuffix("\r\n").split("\r\n"))
        if response.body and show_data:
            text += f"{{ [{len(response.content)} bytes data]\n"
        self.err.write(text + f"* Connection #0 to host {outcome.host} left intact\n")

    def _trace_failure(self, outcome: _Outcome) -> None:
        error = outcome.error
        assert error is not None
        address, _, port = error.address.rpartition(":")
        reason = {"refused": "Connection refused", "timeout": "Connection timed out"}.get(
            error.kind, "No route to host"
        )
        words = f"Failed to connect to {outcome.host} port {outcome.port} after {error.elapsed // MILLISECOND} ms"
        self.err.write(
            f"*   Trying {address}:{port}...\n* connect to {address} port {port} failed: {reason}\n"
            f"* {words}: Couldn't connect to server\n* Closing connection 0\n"
        )

    def _write_out(self, outcome: _Outcome, code: int) -> None:
        if not self.options.write_out:
            return
        response = outcome.response
        address, _, port = (response.address if response is not None else "").rpartition(":")
        total = outcome.elapsed / SECOND
        size = len(response.content) if response is not None else 0
        values = {
            "http_code": f"{response.status if response is not None else 0:03d}",
            "time_total": f"{total:.6f}", "time_starttransfer": f"{total:.6f}", "time_connect": f"{total / 2:.6f}",
            "time_namelookup": f"{total / 4:.6f}", "time_pretransfer": f"{total / 2:.6f}", "time_redirect": "0.000000",
            "time_appconnect": "0.000000", "size_download": str(size),
            "speed_download": str(int(size / total) if total else 0),
            "remote_ip": address, "remote_port": port or "0", "url_effective": outcome.url, "url": outcome.url,
            "num_redirects": str(outcome.redirects), "exitcode": str(code), "method": self._method(),
            "http_version": "1.1",
            "scheme": "HTTP", "content_type": web_header(response, "Content-Type") if response is not None else "",
            "redirect_url": web_header(response, "Location") if response is not None else "", "num_connects": "1",
        }  # fmt: skip
        values["response_code"] = values["http_code"]
        text = re.sub(r"%\{([a-z_]+)\}", lambda found: values.get(found[1], found[0]), unescape(self.options.write_out))
        self.out.write(text.replace("%%", "%"))


def web_header(response: HttpResponse, name: str) -> str:
    return next((value for key, value in response.headers.items() if key.lower() == name.lower()), "")


# Source: curl src/tool_cb_wrt.c
_BINARY = (
    'Warning: Binary output can mess up your terminal. Use "--output -" to tell \n'
    'Warning: curl to output it to your terminal anyway, or consider "--output \n'
    'Warning: <FILE>" to save to a file.\n'
)
_METER_HEAD = (
    "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
    "                                 Dload  Upload   Total   Spent    Left  Speed\n"
)
_METER_EMPTY = "\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0"


def _meter(response: HttpResponse, elapsed: SimTime, shown: bool) -> str:
    size = len(response.content) if shown else 0
    speed = size * SECOND // max(elapsed, 1)
    rate = f"{speed}" if speed < 100_000 else f"{speed // 1024}k"
    done = 100 if size else 0
    counts = f"{done:3d} {size:5d}  {done:3d} {size:5d}"
    return f"{_METER_EMPTY}\r{counts}    0     0 {rate:>6}      0 --:--:-- --:--:-- --:--:-- {rate:>5}\n"
