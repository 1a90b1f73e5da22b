"""perl: the Job example's pi; other programs are not modelled."""

from __future__ import annotations

import re

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.process import Steps
from k8s_magic.sim.time import MILLISECOND

# bignum's bpi(2000) takes some seconds on a machine of today; the time grows with the square. A guess.
DIGITS_2000 = 4000 * MILLISECOND
MAX_DIGITS = 10_000


def pi(digits: int) -> str:
    """Pi to so many significant digits, rounded, by Machin's formula."""
    unity = 10 ** (digits + 10)
    value = 0
    term5, term239 = unity // 5, unity // 239
    n, sign = 1, 1
    while term5:
        value += sign * (16 * term5 // n - 4 * term239 // n)
        term5, term239 = term5 // 25, term239 // 57121
        n, sign = n + 2, -sign
    text = str((value + 5 * 10**10) // 10**11)
    return f"{text[0]}.{text[1:]}"


def perl(call: Call) -> Steps:
    line = " ".join(call.argv[1:])
    found = re.search(r"print bpi\((\d{1,6})\)", line)
    if found:
        digits = min(max(int(found[1]), 2), MAX_DIGITS)
        yield DIGITS_2000 * digits * digits // 4_000_000 + 30 * MILLISECOND
        call.out(pi(digits) + "\n")
        return 0
    simple = re.search(r"-w?l?e (?:print|say) [\"']?([\w ,.!]*)[\"']?;?$", line)
    if simple:
        call.out(simple[1] + "\n")
        return 0
    if call.argv[1:2] == ["-v"]:
        call.out("\nThis is perl 5, version 42, subversion 0 (v5.42.0) built for x86_64-linux-gnu\n")
        return 0
    raise Unsupported("k8s-magic's perl knows only the Job example: perl -Mbignum=bpi -wle 'print bpi(2000)'")


IMAGE = Image(
    repositories=("docker.io/library/perl", "registry.k8s.io/perl"),
    size=336_000_000,
    tags=matching(
        r"(?:latest|stable|devel|5|5\.\d{1,2}(?:\.\d{1,2})?)(?:-slim|-threaded|-bookworm|-trixie|-slim-bookworm)?|slim"
    ),
    command=("perl", "-de0"),
    programs={"perl": perl},
)
