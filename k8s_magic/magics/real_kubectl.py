"""What our kubectl does not implement is done by the real one, where it is installed, over the cluster's HTTP API.

`pip install k8s-magic[kubectl]` installs it. Without it, and for what a notebook or a simulated container cannot give
it, the refusal stands.
"""

from __future__ import annotations

import codecs
import copy
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Any

from k8s_magic.cluster import Cluster
from k8s_magic.httpapi import kubeconfig
from k8s_magic.kubectl import Streams, tree

INTERRUPTED = 130
# How long a program that was told to end may take.
PATIENCE = 5.0
# While the program runs, output is looked for and stopped time goes on this often.
SLICE = 0.05
# What needs an editor or a terminal, holds the cell for ever, is about the notebook's own kubeconfig, or needs a tar in
# the container.
_NEVER = (("edit",), ("attach",), ("config",), ("apply", "edit-last-applied"), ("cp",), ("port-forward",), ("proxy",))
# A command that names another server is not for this cluster, and none leaves the simulation by mistake.
_ELSEWHERE = ("--kubeconfig", "--server", "--cluster", "--context", "--user", "--token")

Output = queue.SimpleQueue[tuple[str, str | None]]


def program() -> str | None:
    """The real kubectl: the one installed beside this Python first."""
    return shutil.which("kubectl", path=str(Path(sys.executable).parent)) or shutil.which("kubectl")


class RealKubectl:
    """Implements kubectl.Streams.elsewhere for one cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def __call__(self, words: list[str], streams: Streams) -> int | None:
        """Run the command and answer its exit code; None when it cannot be run here."""
        path = program()
        if path is None or _is_refused(words):
            return None
        was_served = self._cluster.is_served
        try:
            http = self._cluster.serve()
        except OSError:
            return None  # no port to be had
        try:
            with tempfile.TemporaryDirectory(prefix="k8s-magic-") as folder:
                config = Path(folder) / "config"
                kubeconfig.write(config, _with_namespace(http.config, streams.config))
                words = _on_disk(words, self._cluster.files, Path(folder) / "files")
                own = {name: value for name, value in streams.env.items() if name.startswith("KUBECTL_")}
                # An editor that a command were to open after all must not wait for a person.
                env = {**os.environ, **own, "KUBECONFIG": str(config), "KUBE_EDITOR": "false"}
                return self._run([path, *words], env, streams)
        finally:
            if not was_served:
                self._cluster.unserve()

    def _run(self, command: list[str], env: dict[str, str], streams: Streams) -> int | None:
        pipe = subprocess.PIPE
        try:
            process = subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe, stderr=pipe)
        except (OSError, ValueError):
            return None  # words that no program can be given
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        heard: Output = queue.SimpleQueue()
        threads = [
            threading.Thread(target=_feed, args=(process.stdin, streams.stdin), daemon=True),
            threading.Thread(target=_read, args=("stdout", process.stdout, heard), daemon=True),
            threading.Thread(target=_read, args=("stderr", process.stderr, heard), daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            self._pass_on(heard, streams)
            return process.wait()
        except KeyboardInterrupt:
            streams.was_interrupted = True
            return INTERRUPTED
        finally:
            _end(process)
            for thread in threads:
                thread.join(PATIENCE)

    def _pass_on(self, heard: Output, streams: Streams) -> None:
        """Until both streams have ended. Time that stands still goes on as the clock does: the command may wait."""
        write, pace = {"stdout": streams.out, "stderr": streams.err}, self._cluster.pace
        left = len(write)
        while left:
            try:
                stream, text = heard.get(timeout=SLICE)
            except queue.Empty:
                if pace.is_manual or pace.is_paused:
                    self._cluster.run(SLICE)
                continue
            if text is None:
                left -= 1
            else:
                write[stream](text)


def _is_refused(words: list[str]) -> bool:
    plain = tuple(tree.without_flags(words, tree.find(words).flags))
    if any(plain[: len(start)] == start for start in _NEVER):
        return True
    return any(word.partition("=")[0] in ("--edit", *_ELSEWHERE) or word.startswith("-s") for word in words)


def _with_namespace(config: dict[str, Any], notebook: dict[str, Any]) -> dict[str, Any]:
    """How to connect, in the namespace that the notebook's current context has."""
    current = notebook.get("current-context", "")
    for entry in notebook.get("contexts") or ():
        if entry["name"] == current and (entry.get("context") or {}).get("namespace"):
            config = copy.deepcopy(config)
            config["contexts"][0]["context"]["namespace"] = entry["context"]["namespace"]
    return config


def _on_disk(words: list[str], files: dict[str, str], folder: Path) -> list[str]:
    """The words, with those that name a notebook's own file or folder naming a copy on the disk instead."""
    changed = []
    for word in words:
        flag, mark, name = word.partition("=") if word.startswith("-") else ("", "", word)
        start = name.rstrip("/") + "/"
        meant = [path for path in files if path == name or path.startswith(start)] if name else []
        for path in meant:
            place = (folder / path).resolve()
            if place.is_relative_to(folder.resolve()):
                (place if path.endswith("/") else place.parent).mkdir(parents=True, exist_ok=True)
                if not path.endswith("/"):
                    place.write_text(files[path], encoding="utf-8", errors="surrogateescape")
        changed.append(f"{flag}{mark}{folder / name}" if meant else word)
    return changed


def _feed(stdin: IO[bytes], text: str) -> None:
    try:
        stdin.write(text.encode(errors="replace"))
        stdin.close()
    except OSError:
        return  # it has ended without reading all


def _read(stream: str, pipe: IO[bytes], heard: Output) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    with pipe:
        while data := os.read(pipe.fileno(), 65536):
            heard.put((stream, decoder.decode(data)))
    heard.put((stream, None))


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
