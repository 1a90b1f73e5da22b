"""agnhost netexec's endpoints over HTTP. Source: test/images/agnhost/netexec/netexec.go"""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.runtime import web
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import HttpRequest, HttpResponse, NetworkError, decoded, encoded
from k8s_magic.runtime.http.go import PLAIN
from k8s_magic.runtime.shell import times
from k8s_magic.sim.time import SECOND

# Go's own words for what strconv and mime/multipart refuse are not needed: these endpoints have theirs.
_INTEGER = "argument 'code' must be {}, got {}\n"
DIAL_PATIENCE = 5 * SECOND


def text(status: int, body: str) -> HttpResponse:
    return HttpResponse(status, body, {"Content-Type": PLAIN})


def failure(status: int, body: str) -> HttpResponse:
    """http.Error."""
    return HttpResponse(status, body + "\n", {"Content-Type": PLAIN, "X-Content-Type-Options": "nosniff"})


def form(request: HttpRequest) -> tuple[dict[str, str], dict[str, str]]:
    """The values of a form, the body's before the query's, and its files. Source: net/http (Request.FormValue)"""
    values, files = dict[str, str](), dict[str, str]()
    media = web.header(request, "Content-Type")
    kind = media.partition(";")[0].strip().lower()
    if request.method in ("POST", "PUT", "PATCH") and kind == "application/x-www-form-urlencoded":
        pairs = parse_qsl(request.body, keep_blank_values=True, errors="surrogateescape")
        for name, value in pairs:
            values.setdefault(name, value)
    elif request.method == "POST" and kind == "multipart/form-data":
        from email.parser import BytesParser  # slow to import, and seldom needed
        from email.policy import HTTP

        message = BytesParser(policy=HTTP).parsebytes(encoded(f"Content-Type: {media}\r\n\r\n") + encoded(request.body))
        for part in message.iter_parts() if message.is_multipart() else ():
            held = part.get_payload(decode=True)
            content = decoded(held) if isinstance(held, bytes) else ""
            name = str(part.get_param("name", "", "content-disposition"))
            (files if part.get_filename() is not None else values).setdefault(name, content)
    for name, value in parse_qsl(request.path.partition("?")[2], keep_blank_values=True, errors="surrogateescape"):
        values.setdefault(name, value)
    return values, files


def answer(call: Call, request: HttpRequest) -> tuple[HttpResponse, str]:
    """What netexec answers, and what it logs."""
    path = request.path.partition("?")[0]
    values, files = form(request)
    pod = call.container.sandbox.hostname or call.container.sandbox.name
    code = values.get("code", "")
    if path in ("/hostname", "/hostName"):
        return text(200, pod), f"GET {path}"
    if path == "/echo":
        said = f"GET /echo?msg={values.get('msg', '')}&code={code}"
        if code and not _is_integer(code):
            return text(200, _INTEGER.format("an integer or empty", _quoted(code))), said
        return text(int(code or 200), values.get("msg", "")), said
    if path == "/clientip":
        return text(200, f"{request.source_ip}:40000"), "GET /clientip"
    if path == "/header":
        return text(200, web.header(request, values.get("key", ""))), f"GET /header?key={values.get('key', '')}"
    if path == "/healthz":
        return text(200, ""), "GET /healthz"
    if path == "/redirect":
        return _redirect(request, values.get("location", ""), code)
    if path in ("/exit", "/shutdown"):
        if code and not _is_integer(code, 0, 127):
            return text(200, _INTEGER.format("an integer [0-127] or empty", _quoted(code))), f"GET {path}?code={code}"
        call.process.kernel.call_after(1, call.process.finish, int(code or 0))
        return text(200, ""), f"GET {path}?code={code}"
    if path == "/upload":
        return _upload(call, files)
    if path == "/dial":
        return _dial(call, values)
    if path == "/shell":
        raise Unsupported("k8s-magic does not model agnhost netexec's /shell: use kubectl exec")
    moment = times.at(call.container, call.now)
    running = (call.now - call.container.started_at) / SECOND
    stamp = f"{times.strftime(moment, '%Y-%m-%d %H:%M:%S')}.{moment.microsecond:06d}000 +0000 UTC m=+{running:.9f}"
    return text(200, f"NOW: {stamp}"), "GET /"


def _is_integer(word: str, lowest: int = 100, highest: int = 999) -> bool:
    return word.isascii() and word.isdigit() and lowest <= int(word[:9]) <= highest


def _quoted(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)


def _redirect(request: HttpRequest, location: str, code: str) -> tuple[HttpResponse, str]:
    said = f"{request.method} /redirect?msg={location}&code={code}"
    if code and not _is_integer(code):
        return text(200, _INTEGER.format("an integer or empty", _quoted(code))), said
    status = int(code or 302)
    body = f'<a href="{location}">{web.REASONS.get(status, "")}</a>.\n\n' if request.method in ("GET", "HEAD") else ""
    return HttpResponse(status, body, {"Content-Type": "text/html; charset=utf-8", "Location": location}), said


def _upload(call: Call, files: dict[str, str]) -> tuple[HttpResponse, str]:
    if "file" not in files:
        return text(200, json.dumps({"error": "Unable to upload file."}, separators=(",", ":"))), "GET /upload"
    fs = call.fs
    if not fs.is_dir("/uploads"):
        fs.make_dir("/uploads", parents=True, now=call.now)
    stream = call.container.world.streams.stream(f"agnhost/{call.container.sandbox.uid}")
    name = f"/uploads/upload{stream.getrandbits(30)}"
    fs.write(name, files["file"], now=call.now)
    return text(201, json.dumps({"output": name}, separators=(",", ":"))), f"Wrote upload to {name}"


def _dial(call: Call, values: dict[str, str]) -> tuple[HttpResponse, str]:
    host, port, wanted = values.get("host", ""), values.get("port", ""), values.get("request", "")
    protocol, tries = values.get("protocol", ""), values.get("tries", "")
    said = f"GET /dial?host={host}&protocol={protocol}&port={port}&request={wanted}&tries={tries}"
    if tries and not (tries.isascii() and tries.isdigit()):
        words = f"tries parameter is invalid. strconv.Atoi: parsing {_quoted(tries)}: invalid syntax"
        return failure(400, words), said
    if not wanted:
        return failure(400, "request parameter not specified. <nil>"), said
    if protocol.lower() in ("udp", "sctp"):
        raise Unsupported(f"k8s-magic does not model agnhost netexec's /dial by {protocol}")
    if protocol.lower() not in ("", "http"):
        return failure(400, f"unsupported protocol. {protocol}"), said
    net = call.container.world.net
    answers, errors, latency = list[str](), list[str](), 0
    url = f"http://{host}:{port}/{wanted}"
    for _ in range(min(int(tries or 1), 100)):
        try:
            if net is None:
                raise NetworkError("no_route")
            headers = {"Host": f"{host}:{port}", "User-Agent": "Go-http-client/1.1"}
            inner = HttpRequest("GET", f"/{wanted}", f"{host}:{port}", headers)
            response = net.http(call.container.sandbox, url, inner, DIAL_PATIENCE)
        except NetworkError as error:
            latency += error.elapsed
            why = {"refused": "connect: connection refused", "unknown_host": "no such host"}.get(error.kind)
            errors.append(f'Get "{url}": dial tcp {error.address or host}: {why or "i/o timeout"}')
        else:
            latency += response.latency
            answers.append(response.body)
    found = {**({"errors": errors} if errors else {}), **({"responses": answers} if answers else {})}
    done = text(200, json.dumps(found, separators=(",", ":"), ensure_ascii=False))
    done.latency = latency
    return done, said
