"""What a command reads and writes besides the API: text in and out, files, kubeconfig, environment, forwards."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from k8s_magic.sim import streams as chance

Write = Callable[[str], None]


class Files(Protocol):
    """The files that -f and its like may name. A name is a path as typed."""

    def write(self, name: str, content: bytes) -> None:
        """Make a file, or with a name that ends in `/` a folder. Raises: OSError."""

    def kind(self, name: str) -> str:
        """`file`, `directory`, or "" where there is no such name."""

    def entries(self, name: str) -> list[str]:
        """The names in a directory, sorted, without their path."""

    def read(self, name: str) -> bytes:
        """Raises: OSError."""

    def fetch(self, url: str) -> str:
        """What a web address answers. Raises: OSError whose text is for the person."""


class NoFiles:
    """A command line without any files."""

    def write(self, name: str, content: bytes) -> None:
        raise PermissionError(f"open {name}: read-only file system")

    def kind(self, name: str) -> str:
        return ""

    def entries(self, name: str) -> list[str]:
        return []

    def read(self, name: str) -> bytes:
        raise FileNotFoundError(f"open {name}: no such file or directory")

    def fetch(self, url: str) -> str:
        raise OSError(f"unable to read URL {url!r}")


class MemoryFiles(NoFiles):
    """Named texts (a notebook's cells); a name with slashes makes directories."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def kind(self, name: str) -> str:
        if name in self._texts:
            return "file"
        return "directory" if any(path.startswith(name.rstrip("/") + "/") for path in self._texts) else ""

    def entries(self, name: str) -> list[str]:
        prefix = name.rstrip("/") + "/"
        below = [path[len(prefix) :] for path in self._texts if path.startswith(prefix)]
        if name in ("", "."):
            below = list(self._texts)
        return sorted({path.partition("/")[0] for path in below if path})

    def read(self, name: str) -> bytes:
        if name not in self._texts:
            return super().read(name)
        return self._texts[name].encode("utf-8", "surrogateescape")


class DiskFiles(NoFiles):
    """Real files, read only, under a folder that stands for the current one; and the web."""

    # Our guess: a manifest that is larger, or a server that is slower, is a mistake.
    LARGEST = 16 << 20
    PATIENCE = 20.0

    def __init__(self, folder: str = ".") -> None:
        self._folder = folder

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, os.path.expanduser(name))

    def kind(self, name: str) -> str:
        path = self._path(name)
        return "directory" if os.path.isdir(path) else "file" if os.path.exists(path) else ""

    def entries(self, name: str) -> list[str]:
        return sorted(os.listdir(self._path(name)))

    def read(self, name: str) -> bytes:
        try:
            with open(self._path(name), "rb") as file:
                return file.read(self.LARGEST)
        except OSError as error:
            raise OSError(f"open {name}: {(error.strerror or str(error)).lower()}") from None

    def fetch(self, url: str) -> str:
        from urllib.error import HTTPError, URLError  # slow to import, and seldom needed
        from urllib.request import urlopen

        try:
            with urlopen(url, timeout=self.PATIENCE) as answer:  # the address is the person's own
                body: bytes = answer.read(self.LARGEST)
                return body.decode("utf-8", "replace")
        except HTTPError as error:
            text = f"{error.code} {error.reason}"
            raise OSError(f'unable to read URL "{url}", server reported {text}, status code={error.code}') from None
        except (URLError, ValueError) as error:
            raise OSError(f'Get "{url}": {getattr(error, "reason", error)}') from None


@dataclass(frozen=True, slots=True)
class Forward:
    """A local port that stands for something in the cluster (port-forward, proxy).

    `kind` is `pod` (then `target` is a port of that Pod) or `api`.
    """

    local: int
    kind: str
    namespace: str = ""
    name: str = ""
    target: int = 0


def new_config(cluster: str = "k8s-magic", server: str = "https://127.0.0.1:6443") -> dict[str, Any]:
    """A kubeconfig with one cluster, one user and one context of the same name."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": cluster, "cluster": {"server": server}}],
        "contexts": [{"name": cluster, "context": {"cluster": cluster, "user": cluster}}],
        "current-context": cluster,
        "users": [{"name": cluster, "user": {}}],
    }


class NoKeyboard(Exception):
    """Nothing can be typed here."""


class Keyboard(Protocol):
    """Where a person types while a command runs."""

    def ask(self, prompt: str) -> str | None:
        """The next line, without its end; None where the input was ended. Raises: NoKeyboard, KeyboardInterrupt."""


@dataclass(slots=True)
class Streams:
    """`out` and `err` get text as it is produced. `stdin` is all that was piped in; without it `keyboard` is asked.
    `config` is the kubeconfig, which `config` changes in place.

    `forwards` maps local ports to what port-forward and proxy made them stand for. `elsewhere(words, streams)` may do
    a command that is not implemented here, and answers its exit code, or None when it cannot either. `suffix` draws
    the random end of a name that kubectl makes up. `was_interrupted` says that Ctrl-C has ended the command.
    """

    stdin: str = ""
    keyboard: Keyboard | None = None
    out: Write = lambda text: None
    err: Write = lambda text: None
    files: Files = field(default_factory=NoFiles)
    config: dict[str, Any] = field(default_factory=new_config)
    env: Mapping[str, str] = field(default_factory=dict)
    forwards: dict[int, Forward] = field(default_factory=dict)
    elsewhere: Elsewhere | None = None
    was_interrupted: bool = False
    suffix: Callable[[], str] = field(default_factory=lambda: _suffixes())


def _suffixes() -> Callable[[], str]:
    stream = chance.Streams(0).stream("kubectl")
    return lambda: chance.name_suffix(stream)


Elsewhere = Callable[[list[str], Streams], int | None]
