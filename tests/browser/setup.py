"""Sees to it that the browser tests have their browser: Debian's Chromium, installed where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def main() -> int:
    if shutil.which("chromium"):
        return 0
    if shutil.which("apt-get") is None:
        print("the browser tests need Chromium; install it and run again", file=sys.stderr)
        return 1
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    subprocess.run([*sudo, "apt-get", "update", "-qq"], check=True)
    subprocess.run([*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
