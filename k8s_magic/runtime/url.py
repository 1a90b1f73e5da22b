"""URLs as curl reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_URL = re.compile(
    r"(?:([A-Za-z][A-Za-z0-9+.-]*)://)?(?:[^/@?#]*@)?(\[[0-9A-Fa-f:.]+\]|[^/:?#]*)(?::(\d{1,5}))?([/?#].*)?\Z",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Target:
    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        default = 443 if self.scheme == "https" else 80
        return f"{self.scheme}://{self.host}{f':{self.port}' if self.port != default else ''}{self.path}"


def parse_url(text: str) -> Target | None:
    """None for what curl calls a bad URL."""
    found = _URL.fullmatch(text)
    if not found or not found[2] or re.search(r"[\s\x00-\x1f]", text) or int(found[3] or 1) > 65535:
        return None
    scheme = (found[1] or "http").lower()
    path = (found[4] or "/").partition("#")[0] or "/"
    path = path if path.startswith("/") else "/" + path
    return Target(scheme, found[2], int(found[3] or (443 if scheme == "https" else 80)), path)
