"""The files that `-f` may name: first a notebook's own (cells named by %%manifest, output of `>`), then the disk's."""

from __future__ import annotations

from k8s_magic.kubectl.streams import DiskFiles, MemoryFiles


class Files:
    """Shape: `texts` maps a name to its text; it is shared with whoever writes cells' files."""

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

    def fetch(self, url: str) -> str:
        return self._disk.fetch(url)
