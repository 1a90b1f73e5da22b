"""Rollouts for a terminal: kubectl's sentence, a bar of letters, the band, and why a rollout is stuck."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from k8s_magic.sim.time import SECOND, SimTime
from k8s_magic.widgets.rollout_scene import Bar, Side
from k8s_magic.widgets.rollout_track import Counts, Leaving
from k8s_magic.widgets.rollout_words import ENGLISH, RolloutWords, words_of

# A bar of more Pods than this is drawn to scale.
WIDEST = 60
_LETTERS = "OonN"


def render(bars: Sequence[Bar], language: str = "") -> str:
    """The whole picture as text, ending in a newline."""
    words = words_of(language)
    if not bars:
        return f"{words.none}\n"
    legend = [f"{letter} {part}" for letter, part in zip(_LETTERS, words.parts, strict=True)]
    legend += [f"! {words.failing}", f". {words.free}", f"| {words.wish}"]
    return "".join(_rollout(bar, words) for bar in bars) + "  ".join(legend) + "\n"


def counts_line(counts: Counts, words: RolloutWords = ENGLISH) -> str:
    """The counts in words, for a title or a screen reader."""
    return "; ".join(f"{count} {part}" for count, part in zip(counts[:4], words.parts, strict=True))


def state_of(bar: Bar) -> str:
    """rolling, done, paused or stuck."""
    return "stuck" if bar.is_stuck else "paused" if bar.is_paused else "done" if bar.is_done else "rolling"


def origin_of(bar: Bar) -> SimTime:
    """Where a person's clock of the rollout begins: with what set it off."""
    shown = [time for time, _ in bar.marks if time >= bar.start]
    return shown[0] if shown else bar.points[min(1, len(bar.points) - 1)].time if bar.points else bar.start


def span(time: SimTime) -> str:
    """`1m5s`; below ten seconds with a tenth: `2.5s`."""
    if time < 0:
        return f"-{span(-time)}"
    if time < 10 * SECOND and time % SECOND:
        return f"{time / SECOND:.1f}s"
    seconds = time // SECOND
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    text = (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes else "") + (f"{rest}s" if rest else "")
    return text or "0s"


def troubles(bar: Bar, words: RolloutWords) -> Iterator[tuple[bool, str]]:
    """Why it is stuck, which Pods are not ready and why, and when the band was left; with whether it is a fault."""
    if bar.stuck:
        yield True, f"{words.why}: {bar.stuck}"
    for one in bar.reasons:
        message = f": {one.message}" if one.message else ""
        yield bar.is_stuck, f"{words.not_ready}: {words.pods(one.pods)}: {one.reason}{message}"
    for leaving in bar.leavings:
        yield True, f"{words.band_left}: {_left(leaving, origin_of(bar), words)}"


def _left(leaving: Leaving, origin: SimTime, words: RolloutWords) -> str:
    lasted = words.still if leaving.end is None else words.lasted(span(leaving.end - leaving.start))
    ago = leaving.start - origin
    at = words.before(span(-ago)) if ago < 0 else words.after(span(ago))
    return words.left_at(words.left[leaving.fault], at, lasted)


def _side(side: Side | None, words: RolloutWords) -> str:
    return f"{words.revision(side.revision)} {','.join(side.images)}" if side else words.no_old


def _rollout(bar: Bar, words: RolloutWords) -> str:
    counts = bar.counts
    end = max(counts.maximum, counts.total, counts.desired, 1)
    size = min(end, WIDEST)

    def cells(pods: int) -> int:
        return pods * size // end

    bad, old_bad = bar.failing, bar.old_failing
    letters, at = "", 0
    for letter, pods in (
        ("O", counts.old_ready),
        ("!", old_bad),
        ("o", counts.old_unready - old_bad),
        ("!", bad),
        ("n", counts.new_unready - bad),
        ("N", counts.new_ready),
    ):
        letters += letter * (cells(at + pods) - cells(at))
        at += pods
    letters = letters.ljust(size, ".")
    place = cells(counts.desired)
    paused = f" ({words.states['paused']})" if bar.is_paused else ""
    ends = f"{_side(bar.old, words)} -> {_side(bar.new, words)}" if bar.old else _side(bar.new, words)
    lines = [
        f"{bar.name}  {ends}",
        f"  {bar.sentence}{paused}",
        f"  0 [{letters[:place]}|{letters[place:]}] {end}  {words.desired(counts.desired)}"
        f"{words.and_}{words.band(counts.minimum, counts.maximum)}",
        *(f"  {line}" for _, line in troubles(bar, words)),
    ]
    return "\n".join(lines) + "\n"
