"""curlimages/curl: curl on Alpine, and the shell."""

from __future__ import annotations

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.process import Steps
from k8s_magic.runtime.shell import lookup, toolsets


def entrypoint(call: Call) -> Steps | int:
    """`/entrypoint.sh WORDS`: a program if the first word names one, else curl's arguments."""
    words = call.argv[1:]
    program = None
    if words and not words[0].startswith("-"):
        program = lookup.find(call.container, words[0], unknown=False)
    call.argv = words if program is not None else ["curl", *words]
    call.process.argv = call.argv
    return (program or toolsets.program("curl"))(call)


IMAGE = Image(
    repositories=(
        "docker.io/curlimages/curl",
        "docker.io/radial/busyboxplus",
        "docker.io/yauritux/busybox-curl",
        "quay.io/curl/curl",
    ),
    size=9_301_512,
    tags=matching(r"latest|curl|[78]\.\d{1,2}\.\d{1,2}|master|edge|base"),
    entrypoint=("/entrypoint.sh",),
    command=("curl",),
    programs={"/entrypoint.sh": entrypoint},
    tools=("curl",),
    base="alpine",
    user="curl_user",
    working_dir="/home/curl_user",
)
