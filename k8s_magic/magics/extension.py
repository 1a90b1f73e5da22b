"""%load_ext and %unload_ext: registers the magics and completion on one shell, and takes all of it away again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from k8s_magic.cluster import Result
from k8s_magic.magics import cluster_line, manifest, settings, traffic_line
from k8s_magic.magics.completion import Completion
from k8s_magic.magics.laptop import with_kubectl
from k8s_magic.magics.lesson_line import Classroom
from k8s_magic.magics.session import Session, show

# Where a shell keeps its session.
ATTRIBUTE = "_k8s_magic"
# IPython expands no variable in a line whose function carries this: braces belong to jsonpath, `$NAME` to the shell.
# Source: IPython/core/magic.py (MAGIC_NO_VAR_EXPAND_ATTR)
_NO_VAR_EXPAND = "_ipython_magic_no_var_expand"


class Hook:
    """Shows values as the shell does, but none that a magic has just printed: a terminal writes no empty `Out[1]:`."""

    def __init__(self, shown: Any) -> None:
        self.shown = shown

    def __call__(self, result: object = None) -> None:
        shown = self.shown
        if isinstance(result, Result) and result.was_shown and hasattr(shown, "fill_exec_result"):
            result.was_shown = False
            shown.check_for_underscore()
            shown.update_user_ns(result)
            shown.fill_exec_result(result)
        else:
            shown(result)


class Magics:
    """The magics of one session, by kind and name."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.classroom = Classroom(session)

    def line_kubectl(self, line: str) -> Any:
        """Run one kubectl command on the notebook's cluster: %kubectl get pods | grep web"""
        return self._session.run(f"kubectl {line}")

    def cell_kubectl(self, line: str, cell: str) -> Any:
        """Run a cell of kubectl commands, one a line, with comments, $NAMES, $(…) and pipes."""
        return self._session.run(with_kubectl(f"{line}\n{cell}" if line.strip() else cell))

    def cell_manifest(self, line: str, cell: str) -> Any:
        """Apply the cell's YAML: %%manifest [NAME] [-n NAMESPACE] [--dry-run=server] [--diff] [--save]"""
        return manifest.run(self._session, line, cell)

    def line_cluster(self, line: str) -> Any:
        """The cluster itself, its time and its faults: %cluster help"""
        try:
            return cluster_line.run(self._session, line)
        except cluster_line.LineError as error:
            show("stderr", f"%cluster {line.split()[0] if line.split() else ''}: {error}\n")
        except KeyboardInterrupt:
            show("stderr", "^C\n")
        return None

    def line_curl(self, line: str) -> Any:
        """Send a request from outside the cluster: %curl http://node-1:30080/"""
        return self._session.run(f"curl {line}")

    def line_lesson(self, line: str) -> None:
        """A fresh cluster for a lesson of the tutorial, in English or Japanese: %lesson 5 ja"""
        self.classroom.begin(line)

    def line_check(self, line: str) -> None:
        """Say whether the answer to a question of the lesson is right, or what is missing: %check five-pods"""
        self.classroom.check(line)

    def line_traffic(self, line: str) -> Any:
        """Send load to a Service and see where it goes: %traffic svc/web --rate 50/s; %traffic --help"""
        try:
            return traffic_line.run(self._session, line)
        except traffic_line.LineError as error:
            show("stderr", f"%traffic: {error}\n")
        except KeyboardInterrupt:
            show("stderr", "^C\n")
        return None

    def all(self) -> list[tuple[str, str, Callable[..., Any]]]:
        """(kind, name, function) of each magic."""
        found = []
        for attribute in (
            "line_kubectl",
            "cell_kubectl",
            "cell_manifest",
            "line_cluster",
            "line_curl",
            "line_traffic",
            "line_lesson",
            "line_check",
        ):
            kind, _, name = attribute.partition("_")
            found.append((kind, name, _unexpanded(getattr(self, attribute))))
        return found


def _unexpanded(method: Callable[..., Any]) -> Callable[..., Any]:
    def function(*words: str) -> Any:
        return method(*words)

    function.__doc__ = method.__doc__
    setattr(function, _NO_VAR_EXPAND, True)
    return function


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by %load_ext."""
    unload_ipython_extension(shell)
    session = Session(shell.user_ns)
    magics = Magics(session)
    for kind, name, function in magics.all():
        # IPython's own types say that this takes a shell.
        shell.register_magic_function(function, kind, name)  # type: ignore[arg-type]
    completion = Completion(session, magics.classroom)
    completion.attach(shell)
    settings.attach(shell, session.speak)
    shell.display_trap.hook = Hook(shell.display_trap.hook)
    setattr(shell, ATTRIBUTE, (session, completion))


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Called by %unload_ext and by %reload_ext: leaves no magic, thread, completer or cluster behind."""
    found = getattr(shell, ATTRIBUTE, None)
    if found is None:
        return
    session, completion = found
    delattr(shell, ATTRIBUTE)
    completion.detach(shell)
    settings.detach(shell)
    if isinstance(shell.display_trap.hook, Hook):
        shell.display_trap.hook = shell.display_trap.hook.shown
    for kind, name, _ in Magics(session).all():
        shell.magics_manager.magics[kind].pop(name, None)
    session.close()
