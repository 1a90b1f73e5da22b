"""Which images exist and what the registries answer.

The convention: a repository that `images/` knows has the tags its record names; asking for another is answered as
the registry would. A repository that nobody knows is taken to exist with every tag and runs as a plain process;
only names under the reserved top-level domains `.invalid` and `.example`, and Docker Hub repositories whose
name says so (`nonexistent`, `does-not-exist`, `no-such-image`, …), do not exist.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

from k8s_magic.runtime import images, reference
from k8s_magic.runtime.image import MEBIBYTE, Image, ImageVersion
from k8s_magic.runtime.plain import PLAIN

# The former name of registry.k8s.io, still written in old tutorials.
_MIRRORS = {"k8s.gcr.io/": "registry.k8s.io/", "gcr.io/google-containers/": "registry.k8s.io/",
            "gcr.io/google_containers/": "registry.k8s.io/", "gcr.io/google_samples/": "gcr.io/google-samples/",
            "us-docker.pkg.dev/google-samples/containers/gke/": "gcr.io/google-samples/",
            "public.ecr.aws/docker/library/": "docker.io/library/",
            "mirror.gcr.io/library/": "docker.io/library/"}  # fmt: skip
_ABSENT = re.compile(
    r"(?:.*[-_/])?(?:non-?existing|non-?existent|does-?not-?exist|no-?such-?image|notfound)(?:[-_/].*)?"
)


class PullError(Exception):
    """What the runtime says of an image it cannot have."""


def discover() -> list[Image]:
    """Every file's record, in order of file name."""
    found = []
    for module in sorted(pkgutil.iter_modules(images.__path__), key=lambda module: module.name):
        found.append(importlib.import_module(f"{images.__name__}.{module.name}").IMAGE)
    return found


class Catalog:
    """The images of one cluster: those of the package and those a person has added."""

    def __init__(self) -> None:
        self._by_repository = {name: image for image in discover() for name in image.repositories}

    def add(self, image: Image) -> None:
        """Know one more image (it replaces one of the same repository)."""
        for name in image.repositories:
            self._by_repository[name] = image

    def __iter__(self) -> Iterator[Image]:
        return iter(dict.fromkeys(self._by_repository.values()))

    def known(self, repository: str) -> Image | None:
        found = self._by_repository.get(repository)
        if found is None:
            for mirror, original in _MIRRORS.items():
                if repository.startswith(mirror):
                    return self._by_repository.get(original + repository[len(mirror) :])
        return found

    def find(self, text: str) -> ImageVersion:
        """The image behind a reference.

        Raises: PullError with containerd's words. Source: containerd client/pull.go, remotes/docker/resolver.go
        """
        try:
            wanted = reference.parse(text)
        except ValueError as error:
            raise PullError(
                f"rpc error: code = InvalidArgument desc = failed to parse image reference: {error}"
            ) from None
        name = str(wanted)
        resolving = f'failed to pull and unpack image "{name}": failed to resolve reference "{name}"'
        image = self.known(wanted.repository)
        if image is None:
            domain, _, path = wanted.repository.partition("/")
            if domain.endswith((".invalid", ".example")):
                raise PullError(
                    f"rpc error: code = Unknown desc = {resolving}: failed to do request: Head "
                    f'"https://{domain}/v2/{path}/manifests/{wanted.tag or wanted.digest}": dial tcp: lookup {domain}: '
                    f"no such host"
                )
            if _ABSENT.fullmatch(path):
                raise PullError(
                    f"rpc error: code = Unknown desc = {resolving}: pull access denied, repository does not exist or "
                    f"may require authorization: server message: insufficient_scope: authorization failed"
                )
            image = PLAIN
        elif not wanted.digest and not image.tags(wanted.tag):
            raise PullError(f"rpc error: code = NotFound desc = {resolving}: {name}: not found")
        return ImageVersion(image, wanted, _size(image, wanted))


def _size(image: Image, wanted: reference.Reference) -> int:
    """A few per cent apart between tags, so that no two images weigh the same. Our simplification."""
    if not image.modelled:
        # A guess: what an application's image weighs, from its name.
        return 40 * MEBIBYTE + sum(str(wanted).encode()) * 7919 % (60 * MEBIBYTE)
    return image.size_of(wanted.tag)
