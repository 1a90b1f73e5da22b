"""What `kubectl cp` sends through tar: the archive of local files, and local files out of a container's archive.

Source: kubectl/pkg/cmd/cp/{cp,filespec}.go
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from posixpath import basename, dirname, normpath
from typing import NamedTuple

from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.streams import Files

CORRUPTED = "tar contents corrupted"


class Place(NamedTuple):
    """`[[namespace/]pod:]path`; `pod` is "" for a local path."""

    path: str
    pod: str = ""
    namespace: str = ""


def place(text: str) -> Place:
    """Raises: KubectlError."""
    wrong = KubectlError("filespec must match the canonical format: [[namespace/]pod:]file/path")
    pod, colon, path = text.partition(":")
    if not colon:
        return Place(_unslashed(text))
    parts = pod.split("/")
    if not pod or len(parts) > 2:
        raise wrong
    return Place(_unslashed(path.replace("\\", "/")), parts[-1], parts[0] if len(parts) == 2 else "")


def _unslashed(path: str) -> str:
    return path[:-1] if path != "/" and path.endswith("/") else path


def joined(folder: str, name: str) -> str:
    """filepath.Join."""
    return normpath("/".join(part for part in (folder, name) if part))


def packed(files: Files, source: str, target: str) -> bytes:
    """An archive of a local file or folder, under the last part of the path where it is to be. Raises: OSError."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.GNU_FORMAT) as archive:
        _pack(archive, files, normpath(source), basename(normpath(target)))
    return made.getvalue()


def _pack(archive: tarfile.TarFile, files: Files, source: str, name: str) -> None:
    if files.kind(source) != "directory":
        content = files.read(source)
        info = tarfile.TarInfo(name)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
        return
    entries = files.entries(source)
    for entry in entries:
        _pack(archive, files, joined(source, entry), joined(name, entry))
    if not entries:
        info = tarfile.TarInfo(name)
        info.type, info.mode = tarfile.DIRTYPE, 0o755
        archive.addfile(info)


def unpack(files: Files, data: bytes, source: str, target: str, warn: Callable[[str], None], advice: str) -> None:
    """Write what an archive of a container's path holds to a local path. Raises: KubectlError.

    `advice` is the first time said of a link, which is skipped.
    """
    prefix = _without_shortcuts(normpath(source.lstrip("/\\") or "."))
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for member in archive:
                name = member.name + ("/" if member.isdir() else "")
                if not name.startswith(prefix):
                    raise KubectlError(CORRUPTED)
                path = joined(target, _unslashed(name[len(prefix) :].replace("\\", "/")) or ".")
                if not _is_below(target, path):
                    warn(f'warning: file "{path}" is outside target destination, skipping\n')
                elif member.isdir():
                    _write(files, f"{path}/", b"")
                elif member.issym() or member.islnk():
                    warn(f'warning: skipping symlink: "{path}" -> "{member.linkname}"{advice}\n')
                    advice = ""
                else:
                    content = archive.extractfile(member)
                    _write(files, path, content.read() if content is not None else b"")
    except tarfile.ReadError as error:
        if data.strip(b"\0"):
            raise KubectlError(f"archive/tar: invalid tar header: {error}") from None


def _write(files: Files, path: str, content: bytes) -> None:
    """Raises: KubectlError in the words of the operating system."""
    kind, plain = files.kind(path.rstrip("/")), path.rstrip("/")
    if path.endswith("/"):
        if kind == "file":
            raise KubectlError(f"mkdir {plain}: not a directory")
        if not kind:
            files.write(path, b"")
        return
    if kind == "directory":
        raise KubectlError(f"open {path}: is a directory")
    above = dirname(path)
    while above not in ("", "/", "."):
        if files.kind(above) == "file":
            raise KubectlError(f"mkdir {above}: not a directory")
        above = dirname(above)
    try:
        files.write(path, content)
    except OSError as error:
        raise KubectlError(str(error)) from None


def _without_shortcuts(path: str) -> str:
    while path.startswith("../"):
        path = path[3:]
    return "" if path in (".", "..") else path.removeprefix("/")


def _is_below(base: str, path: str) -> bool:
    base = normpath(base)
    if base == ".":
        return not path.startswith(("/", "../")) and path != ".."
    return path == base or path.startswith(f"{base.rstrip('/')}/")
