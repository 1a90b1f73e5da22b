"""alpine: a small distribution with busybox's tools."""

from k8s_magic.runtime.image import Image, matching

IMAGE = Image(
    repositories=("docker.io/library/alpine",),
    size=lambda tag: 3_650_000 + sum(tag.encode()) * 83,
    tags=matching(r"latest|edge|20\d{6}|2\.[67]|3(?:\.(?:[1-9]|1\d|2[0-3])(?:\.\d{1,2})?)?"),
    command=("/bin/sh",),
    base="alpine",
)
