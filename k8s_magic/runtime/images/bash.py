"""bash: the shell on Alpine."""

from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.shell import toolsets

IMAGE = Image(
    repositories=("docker.io/library/bash",),
    size=6_400_000,
    tags=matching(r"latest|devel.*|[345](?:\.\d{1,2}){0,2}(?:-alpine.*)?"),
    command=("bash",),
    programs={"bash": lambda call: toolsets.program("bash")(call)},
    base="alpine",
)
