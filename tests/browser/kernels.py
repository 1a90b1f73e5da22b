"""Kernels that differ from this Python in one thing: the version of ipykernel. Made once and kept below `sys.prefix`.

Each is an environment that looks into this one's packages after its own, so what is tested is this checkout and what
is installed beside it; nothing but ipykernel, and what that version needs and is not here, is fetched.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
KEPT = Path(sys.prefix) / "kernels"
# ipykernel before 7, Binder's, and the installed one.
INSTALLED = "installed"
VERSIONS = ["6.31.0", "7.0.1", INSTALLED]
ASK = "import ipykernel, k8s_magic; print(ipykernel.__version__, k8s_magic.__file__)"


def python_with(version: str) -> Path:
    """The Python of an environment with this ipykernel, made where there is none that works."""
    home = KEPT / version
    if not _works(home, version):
        shutil.rmtree(home, ignore_errors=True)
        KEPT.mkdir(exist_ok=True)
        # Made aside and moved, so that what stands at its place is whole.
        new = Path(tempfile.mkdtemp(prefix=f"{version}-", dir=KEPT))
        try:
            _make(new, version)
            new.rename(home)
        finally:
            shutil.rmtree(new, ignore_errors=True)
        if not _works(home, version):
            raise RuntimeError(f"{home} was made and does not hold ipykernel {version} and this checkout")
    return home / "bin" / "python"


def register(data: Path, version: str) -> str:
    """Tells a server whose Jupyter data folder this is of the kernel; its name there."""
    name = f"ipykernel-{version}"
    folder = data / "kernels" / name
    folder.mkdir(parents=True, exist_ok=True)
    spec = {
        "argv": [str(python_with(version)), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": f"ipykernel {version}",
        "language": "python",
    }
    (folder / "kernel.json").write_text(json.dumps(spec))
    return name


def _make(home: Path, version: str) -> None:
    venv.create(home, with_pip=False, symlinks=True)
    ours = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    paths = {"base": str(home), "platbase": str(home)}
    own = Path(sysconfig.get_path("purelib", "venv", vars=paths))
    # This checkout before one that may be installed; `addsitedir` also follows the .pth files of the outer environment.
    lines = [f"import site; site.addsitedir({folder!r})\n" for folder in dict.fromkeys(ours)]
    (own / "outer.pth").write_text("".join([f"{CHECKOUT}\n", *lines]))
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "--disable-pip-version-check",
         "install", "--quiet", f"ipykernel=={version}"],
        check=True,
    )  # fmt: skip


def _works(home: Path, version: str) -> bool:
    python = home / "bin" / "python"
    if not python.exists():
        return False
    # From another folder: what is found is what the environment finds by itself.
    done = subprocess.run([python, "-c", ASK], cwd=os.sep, capture_output=True, text=True)
    return done.stdout.split() == [version, str(CHECKOUT / "k8s_magic" / "__init__.py")]
