"""Opens the tutorial in JupyterLab; on a machine without a screen runs it and says where the page is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TUTORIAL = HERE / "kubernetes-basics.ipynb"


def has_screen() -> bool:
    if sys.platform in ("darwin", "win32"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def main() -> int:
    if has_screen():
        return subprocess.call([sys.executable, "-m", "jupyter", "lab", str(TUTORIAL)])
    page = HERE / "kubernetes-basics.html"
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--execute", str(TUTORIAL)]
    code = subprocess.call([*command, "--output", page.name, "--log-level", "WARN"])
    if code == 0:
        print(f"No screen here: the tutorial was run from its first cell to its last. Read it in {page}")
    return code


if __name__ == "__main__":
    sys.exit(main())
