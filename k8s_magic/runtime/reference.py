"""Image references as container runtimes read them: `nginx` is `docker.io/library/nginx:latest`.

Source: github.com/distribution/reference (normalize.go, regexp.go).
"""

from __future__ import annotations

import re
from typing import NamedTuple

_PATH = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\Z")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?\Z")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\Z")
_DIGEST = re.compile(r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}\Z")


class Reference(NamedTuple):
    """`repository` is canonical, e.g. `docker.io/library/nginx`; `tag` is "" only beside a digest."""

    repository: str
    tag: str
    digest: str

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.repository}{tag}{'@' + self.digest if self.digest else ''}"


def parse(text: str) -> Reference:
    """Raises: ValueError with the reference library's words."""
    name, _, digest = text.partition("@")
    if digest and not _DIGEST.match(digest):
        raise ValueError("invalid reference format")
    head, slash, last = name.rpartition("/")
    last, colon, tag = last.partition(":")
    name = head + slash + last
    if colon and not _TAG.match(tag):
        raise ValueError("invalid reference format")
    domain, slash, path = name.partition("/")
    if not slash or not ("." in domain or ":" in domain or domain == "localhost" or domain != domain.lower()):
        domain, path = "docker.io", name
    elif domain == "index.docker.io":
        domain = "docker.io"
    if domain == "docker.io" and "/" not in path:
        path = f"library/{path}"
    if path != path.lower():
        raise ValueError(f"invalid reference format: repository name ({path}) must be lowercase")
    if not _PATH.match(path) or not _DOMAIN.match(domain):
        raise ValueError("invalid reference format")
    return Reference(f"{domain}/{path}", tag or ("" if digest else "latest"), digest)
