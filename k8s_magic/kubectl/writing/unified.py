"""What `diff -u` prints for two texts.

A shortest edit by Myers' algorithm; runs of changed lines that could stand elsewhere are moved down as far as they
go, as GNU diff does (diffutils/src/analyze.c shift_boundaries).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

CONTEXT = 3


def unified(before: str, after: str) -> str:
    """The hunks, without the header; "" where the texts are the same."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if old == new:
        return ""
    removed, added = _changes(old, new)
    _Side(old, removed, added).settle()
    _Side(new, added, removed).settle()
    return "".join(_hunks(old, new, removed, added))


def _changes(old: Sequence[str], new: Sequence[str]) -> tuple[list[bool], list[bool]]:
    """Which lines of each side a shortest edit takes out and puts in."""
    reach = {1: 0}
    trail: list[dict[int, int]] = []
    steps = 0
    while True:
        trail.append(dict(reach))
        for diagonal in range(-steps, steps + 1, 2):
            x = _start(reach, diagonal, steps)
            while x < len(old) and x - diagonal < len(new) and old[x] == new[x - diagonal]:
                x += 1
            reach[diagonal] = x
            if x >= len(old) and x - diagonal >= len(new):
                return _back(trail, len(old), len(new))
        steps += 1


def _start(reach: dict[int, int], diagonal: int, steps: int) -> int:
    down = diagonal == -steps or (diagonal != steps and reach[diagonal - 1] < reach[diagonal + 1])
    return reach[diagonal + 1] if down else reach[diagonal - 1] + 1


def _back(trail: list[dict[int, int]], x: int, y: int) -> tuple[list[bool], list[bool]]:
    removed, added = [False] * x, [False] * y
    for steps in range(len(trail) - 1, 0, -1):
        reach, diagonal = trail[steps], x - y
        down = diagonal == -steps or (diagonal != steps and reach[diagonal - 1] < reach[diagonal + 1])
        x = reach[diagonal + 1 if down else diagonal - 1]
        y = x - (diagonal + 1 if down else diagonal - 1)
        if down:
            added[y] = True
        else:
            removed[x] = True
    return removed, added


class _Side:
    """One text's changed lines, and the place in the other text that goes with a line of this one."""

    def __init__(self, lines: Sequence[str], changed: list[bool], other: Sequence[bool]) -> None:
        self.lines = lines
        self.changed = changed
        self.other = other
        self.start = self.end = 0  # the run that is being moved
        self.across = 0  # where the other side stands: behind its changes that go with the run

    def settle(self) -> None:
        """Moves each run of changes up and down, joining those it meets.

        It ends as far down as it goes, or beside the last change of the other side on the way.
        """
        while self._next_run():
            size = -1
            beside: int | None = None
            while size != self.end - self.start:
                size = self.end - self.start
                self._up_all()
                beside = self._down_all()
            while beside is not None and beside < self.end:
                self._up()

    def _next_run(self) -> bool:
        self.start = self.end
        while self.start < len(self.lines) and not self.changed[self.start]:
            self.across = self._behind(self.across) + 1
            self.start += 1
        if self.start == len(self.lines):
            return False
        self.end = self.start
        self._join_below()
        self.across = self._behind(self.across)
        return True

    def _behind(self, place: int) -> int:
        while place < len(self.other) and self.other[place]:
            place += 1
        return place

    def _join_below(self) -> None:
        while self.end < len(self.lines) and self.changed[self.end]:
            self.end += 1

    def _other_before(self) -> bool:
        return self.across > 0 and self.other[self.across - 1]

    def _up(self) -> None:
        self.start -= 1
        self.end -= 1
        self.changed[self.start], self.changed[self.end] = True, False
        self.across -= 1
        while self.across > 0 and self.other[self.across]:
            self.across -= 1

    def _up_all(self) -> None:
        while self.start and self.lines[self.start - 1] == self.lines[self.end - 1]:
            self._up()
            while self.start and self.changed[self.start - 1]:
                self.start -= 1

    def _down_all(self) -> int | None:
        """The last end of the run that is beside a change of the other side."""
        beside = self.end if self._other_before() else None
        while self.end < len(self.lines) and self.lines[self.start] == self.lines[self.end]:
            self.changed[self.start], self.changed[self.end] = False, True
            self.start += 1
            self._join_below()
            self.across += 1
            if self.across < len(self.other) and self.other[self.across]:
                beside = self.end
                self.across = self._behind(self.across)
        return beside


def _hunks(old: Sequence[str], new: Sequence[str], removed: Sequence[bool], added: Sequence[bool]) -> Iterator[str]:
    edits = list(_edits(old, new, removed, added))
    marked = [index for index, (mark, _) in enumerate(edits) if mark != " "]
    groups: list[tuple[int, int]] = []
    for index in marked:
        if groups and index - groups[-1][1] <= 2 * CONTEXT + 1:
            groups[-1] = (groups[-1][0], index)
        else:
            groups.append((index, index))
    for first, last in groups:
        start, end = max(0, first - CONTEXT), min(len(edits), last + CONTEXT + 1)
        olds = [sum(mark != "+" for mark, _ in edits[low:high]) for low, high in ((0, start), (start, end))]
        news = [sum(mark != "-" for mark, _ in edits[low:high]) for low, high in ((0, start), (start, end))]
        yield f"@@ -{_range(*olds)} +{_range(*news)} @@\n"
        for mark, line in edits[start:end]:
            yield f"{mark}{line}" if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"


def _edits(
    old: Sequence[str], new: Sequence[str], removed: Sequence[bool], added: Sequence[bool]
) -> Iterator[tuple[str, str]]:
    x = y = 0
    while x < len(old) or y < len(new):
        if x < len(old) and removed[x]:
            yield "-", old[x]
            x += 1
        elif y < len(new) and added[y]:
            yield "+", new[y]
            y += 1
        else:
            yield " ", old[x]
            x += 1
            y += 1


def _range(before: int, count: int) -> str:
    if count == 1:
        return str(before + 1)
    return f"{before + 1 if count else before},{count}"
