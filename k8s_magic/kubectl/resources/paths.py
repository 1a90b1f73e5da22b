"""-f: files, folders, patterns, the standard input and web addresses. Source: cli-runtime/pkg/resource/builder.go."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator

from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.mapper import Mapper
from k8s_magic.kubectl.resources import documents, visitors
from k8s_magic.kubectl.resources.query import Query
from k8s_magic.kubectl.resources.visitors import Walk
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import listed
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text.go_values import quoted


class Files:
    """The walks over what -f names, and what is wrong with the names. Nothing is read before it is walked."""

    def __init__(self, query: Query, client: Transport, streams: Streams, mapper: Mapper | None) -> None:
        self._query = query
        self._client = client
        self._streams = streams
        self._mapper = mapper
        self._has_directory = False
        self._has_stream = False
        self.walks: list[Walk] = []
        self.errors: list[Exception] = []

    @property
    def single(self) -> bool:
        """Whether one file was named (its content is printed without a List around it)."""
        return not self._has_directory and not self._has_stream and len(self.walks) == 1

    def read_names(self) -> None:
        """Raises: Unsupported for -k."""
        query = self._query
        if query.filenames and query.kustomize:
            self.errors.append(KubectlError("only one of -f or -k can be specified"))
            return
        if query.kustomize and query.recursive:
            self.errors.append(KubectlError("the -k flag can't be used with -f or -R"))
            return
        if query.kustomize:
            raise Unsupported("kustomize is not part of this simulation: build the manifests elsewhere and use -f")
        for name in query.filenames:
            if name == "-":
                if self._has_stream:
                    self.errors.append(KubectlError("standard input cannot be used for multiple arguments"))
                self._has_stream = True
                self.walks.append(self._walk(lambda name: self._streams.stdin, documents.STDIN))
            elif name.startswith(("http://", "https://")):
                self.walks.append(self._walk(self._fetch, name))
            else:
                self._expand(name)

    def _walk(self, read: Callable[[str], str], source: str) -> Walk:
        def walk(visit: visitors.Visitor) -> None:
            documents.stream(read(source), source, self._client, self._mapper, self._query.validate)(visit)

        return walk

    def _fetch(self, url: str) -> str:
        try:
            return self._streams.files.fetch(url)
        except OSError as error:
            raise KubectlError(str(error)) from None

    def _read(self, path: str) -> str:
        try:
            return documents.decode_text(self._streams.files.read(path))
        except OSError as error:
            raise KubectlError(str(error)) from None

    def _expand(self, name: str) -> None:
        files = self._streams.files
        matches = [name] if files.kind(name) else self._glob(name)
        if not matches:
            self.errors.append(KubectlError(f"the path {quoted(name)} does not exist"))
            return
        for match in matches:
            found = [match] if files.kind(match) == "file" else list(self._below(match))
            if len(found) > 1:
                self._has_directory = True
            self.walks += [self._walk(self._read, path) for path in found]
        if not self.walks and not self.errors:
            extensions = listed(documents.EXTENSIONS)
            self.errors.append(
                KubectlError(f"error reading {listed(matches)}: recognized file extensions are {extensions}")
            )

    def _glob(self, pattern: str) -> list[str]:
        if not any(letter in pattern for letter in "*?["):
            return []
        folder, slash, last = pattern.rpartition("/")
        if any(letter in folder for letter in "*?["):
            raise Unsupported("a pattern in a folder's name is not read: use it in the file's name only")
        entries = self._streams.files.entries(folder or ".")
        return [folder + slash + entry for entry in entries if fnmatch.fnmatchcase(entry, last)]

    def _below(self, folder: str) -> Iterator[str]:
        """The files of a folder whose names say that they are manifests."""
        for entry in self._streams.files.entries(folder):
            path = f"{folder.rstrip('/')}/{entry}"
            if self._streams.files.kind(path) == "directory":
                if self._query.recursive:
                    yield from self._below(path)
            elif entry.endswith(documents.EXTENSIONS):
                yield path
