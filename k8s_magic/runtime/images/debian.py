"""debian, ubuntu and their like: a shell that finds no input and ends."""

from k8s_magic.runtime.image import Image, matching

IMAGE = Image(
    repositories=("docker.io/library/debian", "docker.io/library/ubuntu"),
    size=lambda tag: 28_000_000 + sum(tag.encode()) * 23_011,
    tags=matching(
        r"latest|stable|testing|sid|rolling|devel|(?:\d{1,2}(?:\.\d{1,2})?|[a-z]+)(?:-slim|-\d{8}(?:-slim)?|-backports)?"
    ),
    command=("bash",),
    base="debian",
)
