"""The files that `-f` may name: first a notebook's own (cells named by %%manifest, output of `>`), then the disk's."""

from __future__ import annotations

from k8s_magic.kubectl.streams import DiskFiles, MemoryFiles
from k8s_magic.machinery.errors import Unsupported


class Files:
    """Shape: `texts` maps a name to its text; it is shared with whoever writes cells' files.

    What is written goes there and never to the disk; bytes that are no text are carried as lone surrogates.
    """

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts
        self._own = MemoryFiles(texts)
        self._disk = DiskFiles()

    def kind(self, name: str) -> str:
        return self._own.kind(name) or self._disk.kind(name)

    def entries(self, name: str) -> list[str]:
        own = self._own.entries(name)
        disk = self._disk.entries(name) if self._disk.kind(name) == "directory" else []
        return sorted({*own, *disk})

    def read(self, name: str) -> bytes:
        return self._own.read(name) if self._own.kind(name) == "file" else self._disk.read(name)

    def write(self, name: str, content: bytes) -> None:
        """Raises: Unsupported for what is above the notebook's folder."""
        if name.startswith(("/", "../")):
            plain = name.rstrip("/")
            raise Unsupported(f"A notebook's own files are all in one folder: name one in it instead of {plain}.")
        self.texts[name] = content.decode("utf-8", "surrogateescape")

    def fetch(self, url: str) -> str:
        return self._disk.fetch(url)
