"""Sees to it that the tests have the programs that pip does not bring: Chromium and Node, from Debian where it may."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# Program -> Debian's package.
NEEDED = {"chromium": "chromium", "node": "nodejs", "npm": "npm"}


def main() -> int:
    missing = [package for program, package in NEEDED.items() if shutil.which(program) is None]
    if not missing:
        return 0
    if shutil.which("apt-get") is None:
        print(f"the tests need {', '.join(missing)}; install what is missing and run again", file=sys.stderr)
        return 1
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    subprocess.run([*sudo, "apt-get", "update", "-qq"], check=True)
    subprocess.run([*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
