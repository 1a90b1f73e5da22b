"""Rollouts for a terminal: kubectl's sentence, a bar of letters, the band, and why a rollout is stuck."""

from __future__ import annotations

from collections.abc import Sequence

from k8s_magic.widgets.rollout_scene import Bar, Side
from k8s_magic.widgets.rollout_track import Counts

LEGEND = "O old ready  o old not ready  n new not ready  N new ready  ! failing  . free  | desired"
# A bar of more Pods than this is drawn to scale.
WIDEST = 60


def render(bars: Sequence[Bar]) -> str:
    """The whole picture as text, ending in a newline."""
    if not bars:
        return "No Deployments.\n"
    return "".join(_rollout(bar) for bar in bars) + f"{LEGEND}\n"


def counts_line(counts: Counts) -> str:
    """The counts in words, for a title or a screen reader."""
    return (
        f"{counts.old_ready} old ready, {counts.old_unready} old not ready, {counts.new_unready} new not ready, "
        f"{counts.new_ready} new ready"
    )


def _side(side: Side | None) -> str:
    return f"revision {side.revision} {','.join(side.images)}" if side else "nothing"


def _rollout(bar: Bar) -> str:
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
    lines = [
        f"{bar.name}  {_side(bar.old)} -> {_side(bar.new)}" if bar.old else f"{bar.name}  {_side(bar.new)}",
        f"  {bar.sentence}{' (paused)' if bar.is_paused else ''}",
        f"  0 [{letters[:place]}|{letters[place:]}] {end}  desired {counts.desired}, "
        f"at least {counts.minimum} available, at most {counts.maximum} in all",
    ]
    if bar.stuck:
        lines.append(f"  stuck: {bar.stuck}")
    for reason in bar.reasons:
        lines.append(f"  not ready: {reason.pods} {reason.reason}{': ' if reason.message else ''}{reason.message}")
    for leaving in bar.leavings:
        what = "fewer available than allowed" if leaving.fault == "below" else "more Pods than allowed"
        until = "now" if leaving.end is None else f"{leaving.end / 1e6:.3f}s"
        lines.append(f"  band left: {what}, {leaving.start / 1e6:.3f}s to {until}")
    return "\n".join(lines) + "\n"
