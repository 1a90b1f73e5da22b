"""One container's files: what its image brought, what it wrote itself, and the volumes mounted over it.

Texts only. What a container writes goes with it; what it writes to a volume is seen by all who mount the volume.
Errors carry the words of strerror(3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from k8s_magic.runtime.contract import Mount
from k8s_magic.runtime.pipes import MAX_TEXT

# A file of an image: its text, or how it is made at first look (/etc/hosts).
FileText = str | Callable[[], str]


class FileError(Exception):
    """`str()` is strerror's text; `path` what was asked for; `writing`: it was to be made."""

    def __init__(self, text: str, path: str, writing: bool = False) -> None:
        super().__init__(text)
        self.path = path
        self.writing = writing


def normal(path: str, cwd: str = "/") -> str:
    """An absolute path without `.`, `..` and doubled slashes."""
    parts: list[str] = []
    for part in (path if path.startswith("/") else f"{cwd}/{path}").split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part and part != ".":
            parts.append(part)
    return "/" + "/".join(parts)


class FileSystem:
    __slots__ = ("_aliases", "_image", "_mounts", "_own", "changed")

    def __init__(
        self, image: Mapping[str, FileText], mounts: Iterable[Mount] = (), aliases: Mapping[str, str] | None = None
    ) -> None:
        self._image = image  # a key that ends in "/" is a directory
        self._aliases = aliases or {}  # links between directories: {"/bin": "/usr/bin"}
        self._mounts = sorted(mounts, key=lambda mount: -len(mount.path))
        self._own: dict[str, str | None] = {}  # as in the image; None: removed
        self.changed: dict[str, int] = {}  # path -> instant of its last change, where known

    # -- where a path leads

    def _alias(self, path: str) -> str:
        for link, target in self._aliases.items():
            if path.startswith(link) and (len(path) == len(link) or path[len(link)] == "/"):
                return target + path[len(link) :]
        return path

    def _volume(self, path: str) -> tuple[Mount, str] | None:
        """The mount that holds a path and the path inside its volume ("" is the volume's root)."""
        for mount in self._mounts:
            root = mount.path.rstrip("/")
            if path == root or path.startswith(root + "/"):
                inside = path[len(root) + 1 :]
                return mount, "/".join(part for part in (mount.sub_path.strip("/"), inside) if part)
        return None

    def read(self, path: str) -> str:
        text = self._find(path)
        if text is None:
            raise FileError("Is a directory" if self.is_dir(path) else "No such file or directory", path)
        return text

    def _find(self, path: str) -> str | None:
        path = self._alias(path)
        volume = self._volume(path)
        if volume is not None:
            return volume[0].files.get(volume[1]) if volume[1] else None
        if path in self._own:
            return self._own[path]
        if path == "/dev/null":
            return ""
        found = self._image.get(path)
        return found() if callable(found) else found

    def is_file(self, path: str) -> bool:
        return self._find(path) is not None

    def is_dir(self, path: str) -> bool:
        path = self._alias(path)
        if path == "/":
            return True
        volume = self._volume(path)
        if volume is not None:
            mount, inside = volume
            if not inside or (inside == mount.sub_path.strip("/") and inside not in mount.files):
                return True
            return any(name.startswith(inside + "/") for name in mount.files)
        key = path + "/"
        if self._own.get(key, "") is None:
            return False
        if any(mount.path.startswith(key) for mount in self._mounts):
            return True
        return any(text is not None and name.startswith(key) for name, text in self._own.items()) or any(
            name.startswith(key) and self._own.get(name, "") is not None for name in self._image
        )

    def exists(self, path: str) -> bool:
        return self.is_file(path) or self.is_dir(path)

    def names(self, path: str) -> list[str]:
        """What a directory holds, sorted."""
        if not self.is_dir(path):
            if self.is_file(path):
                raise FileError("Not a directory", path)
            raise FileError("No such file or directory", path)
        path = self._alias(path)
        prefix = path if path.endswith("/") else path + "/"
        found: dict[str, None] = {}
        volume = self._volume(path)
        if volume is not None:
            inside = volume[1] + "/" if volume[1] else ""
            keys: list[str] = [name[len(inside) :] for name in volume[0].files if name.startswith(inside)]
        else:
            keys = [
                name[len(prefix) :]
                for name in self._image
                if name.startswith(prefix) and self._own.get(name, "") is not None
            ]
            keys += [
                name[len(prefix) :] for name, text in self._own.items() if text is not None and name.startswith(prefix)
            ]
            if path == "/":
                keys += [link[1:] for link in self._aliases]
        keys += [mount.path[len(prefix) :] for mount in self._mounts if mount.path.startswith(prefix)]
        for key in keys:
            name = key.split("/", 1)[0]
            if name:
                found[name] = None
        return sorted(found)

    # -- changes

    def _writable(self, path: str) -> tuple[dict[str, str], str] | None:
        """The volume's files and the key to write to; None for the container's own files."""
        volume = self._volume(path)
        if volume is None:
            return None
        if volume[0].read_only:
            raise FileError("Read-only file system", path)
        return volume[0].files, volume[1]

    def write(self, path: str, text: str, *, append: bool = False, now: int = 0) -> None:
        path = self._alias(path)
        if path in ("/dev/null", "/dev/stdout", "/dev/stderr"):
            return
        if self.is_dir(path):
            raise FileError("Is a directory", path)
        parent = path.rpartition("/")[0] or "/"
        if not self.is_dir(parent):
            raise FileError("Not a directory" if self.is_file(parent) else "No such file or directory", path)
        if append:
            text = (self._find(path) or "") + text
        if len(text) > MAX_TEXT:
            raise FileError("No space left on device", path)
        target = self._writable(path)
        if target is None:
            self._own[path] = text
        else:
            target[0][target[1]] = text
        self.changed[path] = now

    def make_dir(self, path: str, *, parents: bool = False, now: int = 0) -> None:
        path = self._alias(path)
        if self.exists(path):
            if parents and self.is_dir(path):
                return
            raise FileError("File exists", path)
        parent = path.rpartition("/")[0] or "/"
        if not self.is_dir(parent):
            if not parents:
                raise FileError("No such file or directory", path)
            self.make_dir(parent, parents=True, now=now)
        target = self._writable(path)
        if target is None:
            self._own[path + "/"] = ""
        else:
            target[0][target[1] + "/"] = ""
        self.changed[path] = now

    def remove(self, path: str) -> None:
        """Remove a file, or a directory with all that is in it."""
        path = self._alias(path)
        if not self.exists(path):
            raise FileError("No such file or directory", path)
        if path == "/" or any((mount.path + "/").startswith(path + "/") for mount in self._mounts):
            raise FileError("Device or resource busy", path)
        parent = path.rpartition("/")[0]
        target = self._writable(path)
        if target is not None:
            files, inside = target
            for name in [name for name in files if name == inside or name.startswith(inside + "/")]:
                del files[name]
            if "/" in inside and not any(name.startswith(inside.rpartition("/")[0] + "/") for name in files):
                files[inside.rpartition("/")[0] + "/"] = ""
            return
        prefix = path + "/"
        for name in [name for name in (*self._image, *self._own) if name == path or name.startswith(prefix)]:
            self._own[name] = None
        if parent and not self.is_dir(parent):
            self._own[parent + "/"] = ""
