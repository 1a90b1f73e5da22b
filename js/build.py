"""Bundles the views' modules into the one file that users get; they need no Node.

python js/build.py           write k8s_magic/widgets/static/
python js/build.py --check   fail where the committed files are not what the sources give
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
STATIC = HERE.parent / "k8s_magic" / "widgets" / "static"
FILES = ("views.js", "views.css")


def bundle(target: Path) -> None:
    if not (HERE / "node_modules" / ".bin" / "esbuild").exists():
        if shutil.which("npm") is None:
            sys.exit("esbuild makes the bundle, and npm installs it: install Node 18 or newer with npm")
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=HERE, check=True)
    esbuild = str(HERE / "node_modules" / ".bin" / "esbuild")
    options = ["--bundle", "--format=esm", "--target=es2022", "--minify-syntax", "--log-level=warning"]
    subprocess.run([esbuild, "src/widget.js", *options, f"--outfile={target / 'views.js'}"], cwd=HERE, check=True)
    style = ["src/views.css", "--minify", "--log-level=warning", f"--outfile={target / 'views.css'}"]
    subprocess.run([esbuild, *style], cwd=HERE, check=True)


def main() -> int:
    if "--check" not in sys.argv:
        bundle(STATIC)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        bundle(Path(folder))
        stale = [name for name in FILES if (Path(folder) / name).read_bytes() != (STATIC / name).read_bytes()]
    if stale:
        print(f"stale: {', '.join(stale)}; run `make bundle` and commit", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
