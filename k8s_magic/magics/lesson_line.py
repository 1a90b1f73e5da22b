"""%lesson and %check: a fresh cluster for a lesson, and what is still missing of an answer.

%lesson 5 [en|ja] [--manual]     a fresh cluster for lesson 5; the checks speak English or Japanese
%check NAME [WORD…]              says that the answer to a question is right, or what is missing
"""

from __future__ import annotations

import shlex

from k8s_magic.cluster import Cluster
from k8s_magic.magics import lessons
from k8s_magic.magics.lessons.reader import Reader
from k8s_magic.magics.lessons.verdict import Lesson, State, Verdict
from k8s_magic.magics.session import Session, show
from k8s_magic.sim.time import SECOND, SimTime

LANGUAGES = ("en", "ja")
NODES = 3
# How long a check waits for what is on its way. Our choice: Pods with small images start within it.
PATIENCE: SimTime = 30 * SECOND
FRESH = {
    "en": "Lesson {number}, {title}: a fresh cluster with a control plane and {nodes} worker nodes.\n",
    "ja": "レッスン {number}「{title}」: 新しいクラスター (コントロールプレーン 1 台、ワーカーノード {nodes} 台)。\n",
}
SAYS = {
    "en": {State.RIGHT: "✓ Right: {text}\n", State.MISSING: "Not yet: {text}\n", State.COMING: "Soon: {text}\n"},
    "ja": {
        State.RIGHT: "✓ 正解です。{text}\n",
        State.MISSING: "まだです。{text}\n",
        State.COMING: "もう少しです。{text}\n",
    },
}
NONE = {
    "en": "%check: run the first cell of a lesson before its questions\n",
    "ja": "%check: 先にレッスンの最初のセルを実行してください\n",
}


class Classroom:
    """The lesson that one shell is in."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lesson: Lesson | None = None
        self._language = "en"

    def begin(self, line: str) -> None:
        """%lesson."""
        found = lessons.discover()
        words = shlex.split(line)
        live = "--manual" not in words
        numbers = [word for word in words if word.isdecimal()]
        languages = [word for word in words if word in LANGUAGES]
        rest = len(words) - len(numbers) - len(languages) - words.count("--manual")
        if len(numbers) != 1 or int(numbers[0]) not in found or len(languages) > 1 or rest:
            show("stderr", f"usage: %lesson NUMBER [en|ja]   (lessons {min(found)} to {max(found)})\n")
            return
        self._lesson = found[int(numbers[0])]
        self._language = languages[0] if languages else "en"
        self._session.use(Cluster(NODES, live=live))
        self._session.speak(self._language)
        title = self._lesson.titles[self._language]
        show("stdout", FRESH[self._language].format(number=self._lesson.number, title=title, nodes=NODES))

    def lesson_words(self, words: list[str]) -> list[str]:
        """What may come next in a line of %lesson."""
        if not any(word.isdecimal() for word in words):
            return [str(number) for number in lessons.discover()]
        languages = () if set(words) & set(LANGUAGES) else LANGUAGES
        return [*languages, *(option for option in ("--manual",) if option not in words)]

    def check_words(self, words: list[str]) -> list[str]:
        """What may come next in a line of %check: a question of the lesson that the shell is in."""
        return [] if words or self._lesson is None else list(self._lesson.checks)

    def check(self, line: str) -> None:
        """%check."""
        if self._lesson is None:
            show("stderr", NONE[self._language])
            return
        words = line.split()
        checks = self._lesson.checks
        if not words or words[0] not in checks:
            show("stderr", f"usage: %check NAME   (lesson {self._lesson.number} asks: {', '.join(checks)})\n")
            return
        verdict = self._verdict(words[0], words[1:])
        show("stdout", SAYS[self._language][verdict.state].format(text=verdict.texts[self._language]))

    def _verdict(self, name: str, words: list[str]) -> Verdict:
        """What the check says, at the latest when its patience is at an end."""
        assert self._lesson is not None
        check, cluster = self._lesson.checks[name], self._session.cluster
        see = Reader(cluster)
        deadline = cluster.now + PATIENCE / SECOND
        verdict = check(see, words)
        while verdict.state is State.COMING and cluster.now < deadline:
            cluster.wait(lambda: False, SECOND // 2)
            verdict = check(see, words)
        return verdict
