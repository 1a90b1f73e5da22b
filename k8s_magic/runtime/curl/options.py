"""curl's command line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from k8s_magic.runtime.contract import encoded
from k8s_magic.runtime.filesystem import FileError

# Long names of the options that take no value, and of those that do. Those mapped to "" are accepted without effect.
_FLAGS = {
    "silent": "silent", "show-error": "show_error", "include": "include", "head": "head", "verbose": "verbose",
    "fail": "fail", "fail-with-body": "fail_with_body", "location": "location", "insecure": "insecure", "get": "get",
    "remote-name": "remote_name", "ipv4": "", "ipv6": "", "no-keepalive": "", "compressed": "", "http1.1": "",
    "http1.0": "http10", "http2": "", "no-buffer": "", "no-progress-meter": "no_meter", "globoff": "",
    "progress-bar": "",
    "retry-connrefused": "retry_refused", "retry-all-errors": "retry_refused", "tcp-nodelay": "", "raw": "",
    "path-as-is": "", "remote-name-all": "", "parallel": "", "version": "version", "help": "help",
}  # fmt: skip
_VALUES = {
    "output": "output", "write-out": "write_out", "max-time": "max_time", "connect-timeout": "connect_timeout",
    "request": "method", "data": "data", "data-raw": "data", "data-binary": "data", "data-ascii": "data",
    "data-urlencode": "data", "json": "data", "header": "header", "user-agent": "user_agent", "user": "user",
    "url": "url",
    "retry": "retry", "retry-delay": "retry_delay", "retry-max-time": "", "resolve": "resolve", "referer": "referer",
    "cookie": "cookie", "cookie-jar": "", "form": "form", "cacert": "", "cert": "", "key": "", "proxy": "",
    "noproxy": "",
    "interface": "", "limit-rate": "", "range": "range", "keepalive-time": "", "max-redirs": "max_redirs",
    "dump-header": "dump_header", "stderr": "", "connect-to": "", "unix-socket": "", "oauth2-bearer": "bearer",
}  # fmt: skip
_LETTERS = {
    "s": "silent", "S": "show-error", "i": "include", "I": "head", "v": "verbose", "f": "fail", "L": "location",
    "k": "insecure", "G": "get", "O": "remote-name", "4": "ipv4", "6": "ipv6", "N": "no-buffer", "g": "globoff",
    "#": "progress-bar", "0": "http1.0", "Z": "parallel", "V": "version", "h": "help",
    "o": "output", "w": "write-out", "m": "max-time", "X": "request", "d": "data", "H": "header", "A": "user-agent",
    "u": "user", "e": "referer", "b": "cookie", "c": "cookie-jar", "F": "form", "x": "proxy", "r": "range",
    "E": "cert", "D": "dump-header",
}  # fmt: skip


# What stands between a form's parts: curl draws it by lot, this simulation does not.
BOUNDARY = "------------------------d74496d66958873e"
_MEDIA = {"txt": "text/plain", "html": "text/html", "xml": "application/xml", "png": "image/png", "jpg": "image/jpeg",
          "json": "application/json", "pdf": "application/pdf", "svg": "image/svg+xml"}  # fmt: skip

# Raises: FileError.
Read = Callable[[str], str]


def _no_file(name: str) -> str:
    raise FileError("No such file or directory", name)


class BadUsage(Exception):
    """`str()` is what curl prints; exit code 2, or 26 for a form's file that is not there."""


@dataclass(slots=True)
class CurlOptions:
    urls: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    flags: frozenset[str] = frozenset()
    headers: list[str] = field(default_factory=list)
    data: str | None = None
    method: str = ""
    write_out: str = ""
    user_agent: str = "curl/7.88.1"
    max_time: float | None = None
    connect_timeout: float | None = None
    retry: int = 0
    retry_delay: float | None = None
    max_redirs: int = 50
    resolve: dict[tuple[str, int], str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)  # of a form
    warnings: list[str] = field(default_factory=list)
    read: Read = _no_file


def parse(words: list[str], read: Read = _no_file) -> CurlOptions:
    """The words after `curl`. `read` gives the text of a file, or of standard input (`-`). Raises: BadUsage."""
    options = CurlOptions(read=read)
    flags: dict[str, None] = {}
    queue = list(words)
    plain = False
    while queue:
        word = queue.pop(0)
        if plain or not word.startswith("-") or word == "-":
            options.urls.append(word)
        elif word == "--":
            plain = True
        elif word.startswith("--"):
            name = word[2:]
            if name.startswith("no-") and name[3:] in _FLAGS:
                flags.pop(_FLAGS[name[3:]], None)
            elif name in _FLAGS:
                flags[_FLAGS[name]] = None
            elif name in _VALUES:
                if not queue:
                    raise BadUsage(_usage(f"option {word}: requires parameter"))
                _take(options, _VALUES[name], queue.pop(0), word, name)
            else:
                raise BadUsage(_usage(f"option {word}: is unknown"))
        else:
            letters = word[1:]
            while letters:
                letter, letters = letters[0], letters[1:]
                name = _LETTERS.get(letter, "")
                if not name:
                    raise BadUsage(_usage(f"option {word}: is unknown"))
                if name in _FLAGS:
                    flags[_FLAGS[name]] = None
                    continue
                if not letters and not queue:
                    raise BadUsage(_usage(f"option {word}: requires parameter"))
                _take(options, _VALUES[name], letters or queue.pop(0), word, name)
                break
    options.flags = frozenset(flags)
    if options.parts:
        end = f"--{BOUNDARY}"
        options.data = "".join(f"{end}\r\n{part}\r\n" for part in options.parts) + f"{end}--\r\n"
        options.headers.append(f"Content-Type: multipart/form-data; boundary={BOUNDARY}")
    if not options.urls and not {"version", "help"} & options.flags:
        raise BadUsage("curl: try 'curl --help' or 'curl --manual' for more information\n")
    return options


def _usage(words: str) -> str:
    return f"curl: {words}\ncurl: try 'curl --help' or 'curl --manual' for more information\n"


def _number(text: str, word: str) -> float:
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text):
        raise BadUsage(_usage(f"option {word}: expected a proper numerical parameter"))
    return float(text)


def _data(options: CurlOptions, value: str, name: str) -> str:
    """Source: curl src/tool_getparam.c: `@` names a file, of which -d leaves out the lines' ends."""
    if name == "data-urlencode":
        found = re.match(r"([^=@]*)([=@])(.*)", value, re.DOTALL)
        if found is None:
            return quote(encoded(value), safe="-._~")
        text = _file(options, found[3]) if found[2] == "@" else found[3]
        start = f"{found[1]}=" if found[1] else ""
        return start + quote(encoded(text), safe="-._~")
    if name == "data-raw" or not value.startswith("@"):
        return value
    text = _file(options, value[1:])
    return text if name in ("data-binary", "json") else re.sub(r"[\r\n\0]", "", text)


def _file(options: CurlOptions, name: str) -> str:
    try:
        return options.read(name)
    except FileError:
        words = f'Couldn\'t read data from file "{name}", this makes an empty'
        options.warnings.append(f"Warning: {words} \nWarning: POST.\n")
        return ""


def _part(options: CurlOptions, value: str) -> str:
    """`name=text`, `name=@file;filename=x;type=y`, `name=<file`. Raises: BadUsage."""
    name, equals, text = value.partition("=")
    if not equals:
        raise BadUsage(_usage("option -F: is badly used here"))
    more, media = "", ""
    if text[:1] in ("@", "<"):
        file, *words = text[1:].split(";")
        given = dict(word.strip().partition("=")[::2] for word in words)
        if text[0] == "@":
            shown = given.get("filename", file.rpartition("/")[2])
            more = f'; filename="{shown}"'
            media = given.get("type") or _MEDIA.get(file.rpartition(".")[2], "application/octet-stream")
        try:
            text = options.read(file)
        except FileError:
            raise BadUsage("curl: (26) Failed to open/read local data from file/application\n") from None
    else:
        text, _, media = text.partition(";type=")
    kind = f"Content-Type: {media}\r\n" if media else ""
    return f'Content-Disposition: form-data; name="{name}"{more}\r\n{kind}\r\n{text}'


def _take(options: CurlOptions, target: str, value: str, word: str, name: str) -> None:
    if target == "url":
        options.urls.append(value)
    elif target == "output":
        options.outputs.append(value)
    elif target == "header":
        options.headers.append(value)
    elif target == "data":
        text = _data(options, value, name)
        joint = "" if name == "json" else "&"
        options.data = text if options.data is None else f"{options.data}{joint}{text}"
        if name == "json":
            options.headers += ["Content-Type: application/json", "Accept: application/json"]
    elif target == "form":
        options.parts.append(_part(options, value))
    elif target in ("method", "write_out", "user_agent"):
        setattr(options, target, value)
    elif target in ("max_time", "connect_timeout", "retry_delay"):
        setattr(options, target, _number(value, word))
    elif target in ("retry", "max_redirs"):
        setattr(options, target, int(_number(value, word)))
    elif target == "bearer":
        options.headers.append(f"Authorization: Bearer {value}")
    elif target in ("referer", "cookie", "range"):
        header = {"referer": "Referer", "cookie": "Cookie", "range": "Range"}[target]
        options.headers.append(f"{header}: {'bytes=' if target == 'range' else ''}{value}")
    elif target == "user":
        import base64

        options.headers.append(f"Authorization: Basic {base64.b64encode(value.encode()).decode()}")
    elif target == "resolve":
        host, _, rest = value.partition(":")
        port, _, address = rest.partition(":")
        if port.isdigit():
            options.resolve[(host, int(port))] = address
