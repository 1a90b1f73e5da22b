"""Tab completion of verbs, kinds, names, flags, namespaces, lessons and checks on our lines, and on no others."""

from __future__ import annotations

import re
from typing import Any

from IPython.core.completer import CompletionContext, SimpleCompletion, context_matcher
from IPython.core.interactiveshell import InteractiveShell

from k8s_magic.magics import cluster_line, traffic_line
from k8s_magic.magics.lesson_line import Classroom
from k8s_magic.magics.session import Session

_LINE = re.compile(r"^\s*(?:(?:[A-Za-z_]\w*\s*=\s*)?%|!)?(?P<magic>kubectl|cluster|traffic)\s+(?P<rest>.*)$")
# A program may well have variables of these names: only with the sign.
_LESSON = re.compile(r"^\s*%(?P<magic>lesson|check)\s+(?P<rest>.*)$")
_NONE: dict[str, Any] = {"completions": [], "suppress": False}


class Completion:
    def __init__(self, session: Session, classroom: Classroom) -> None:
        self._session = session
        self._classroom = classroom

        @context_matcher(priority=200)  # type: ignore[untyped-decorator]
        def k8s_magic_matcher(context: CompletionContext) -> dict[str, Any]:
            return self.complete(
                context.full_text, context.cursor_line, context.line_with_cursor, context.cursor_position
            )

        self._matcher = k8s_magic_matcher

    def attach(self, shell: InteractiveShell) -> None:
        shell.Completer.custom_matchers.append(self._matcher)

    def detach(self, shell: InteractiveShell) -> None:
        if self._matcher in shell.Completer.custom_matchers:
            shell.Completer.custom_matchers.remove(self._matcher)

    def complete(self, text: str, row: int, line: str, column: int) -> dict[str, Any]:
        before = line[:column]
        found = _LINE.match(before) or _LESSON.match(before)
        if found is None and text.lstrip().startswith("%%kubectl") and row > 0:
            found = _LINE.match(
                f"kubectl {before.strip().removeprefix('kubectl').lstrip()}" + (" " if before.endswith(" ") else "")
            )
        if found is None:
            return _NONE
        rest = re.split(r"[|;]|&&", found["rest"])[-1]
        words = rest.split()
        fragment = "" if not words or rest.endswith(" ") else words.pop()
        if found["magic"] == "cluster":
            candidates = self._cluster(words)
        elif found["magic"] == "traffic":
            candidates = self._traffic(words)
        elif found["magic"] == "lesson":
            candidates = self._classroom.lesson_words(words)
        elif found["magic"] == "check":
            candidates = self._classroom.check_words(words)
        else:
            candidates = self._kubectl(words, fragment)
        matches = [SimpleCompletion(text=each, type="kubectl") for each in candidates if each.startswith(fragment)]
        return {"completions": matches, "suppress": True, "matched_fragment": fragment}

    def _cluster(self, words: list[str]) -> list[str]:
        if not words:
            return list(cluster_line.ACTIONS)
        if words[0] in ("fail", "heal"):
            return self._kubectl(["cordon"], "")
        return ["--nodes", "--cpu", "--memory", "--pods", "--bare", "--seed", "--manual"] if words[0] == "new" else []

    def _traffic(self, words: list[str]) -> list[str]:
        if not words:
            return [f"svc/{name}" for name in self._kubectl(["get", "services"], "")]
        options = {"--pattern": ["steady", "ramp", "spike", "wave"], "--from": ["pod", "node", "outside"]}
        return options.get(words[-1], [option for option in traffic_line.OPTIONS if option not in words])

    def _kubectl(self, words: list[str], fragment: str) -> list[str]:
        return self._session.cluster.complete([*words, fragment])
