"""busybox: the shell and its tools; without a command it is a shell that finds no input and ends."""

from k8s_magic.runtime.image import Image, matching

IMAGE = Image(
    repositories=("docker.io/library/busybox", "registry.k8s.io/busybox", "registry.k8s.io/e2e-test-images/busybox"),
    size=lambda tag: 2_219_949 if tag == "latest" else 1_900_000 + sum(tag.encode()) * 211,
    tags=matching(
        r"latest|stable|unstable|glibc|musl|uclibc|stable-(?:glibc|musl|uclibc)|test|"
        r"1(?:\.(?:2[1-9]|3[0-8])(?:\.[0-4])?)?(?:-glibc|-musl|-uclibc|-\d)?"
    ),
    command=("sh",),
    base="busybox",
)
