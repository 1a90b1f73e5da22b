import pytest

from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.pace import Pace
from k8s_magic.sim.time import HOUR, SECOND


class Wall:
    """A wall clock that stands where the test puts it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_live_time_is_wall_time_times_speed() -> None:
    kernel, wall = Kernel(), Wall()
    pace = Pace(kernel, speed=10, wall=wall)
    wall.now += 3
    pace.catch_up()
    assert kernel.now == 30 * SECOND
    assert pace.wall_until(40 * SECOND) == 1.0


def test_nothing_runs_between_looks_and_a_pause_stands_still() -> None:
    kernel, wall = Kernel(), Wall()
    pace = Pace(kernel, wall=wall)
    wall.now += 5
    assert kernel.now == 0
    pace.pause()
    wall.now += 50
    pace.catch_up()
    assert kernel.now == 5 * SECOND
    pace.play()
    wall.now += 1
    pace.catch_up()
    assert kernel.now == 6 * SECOND


def test_a_change_of_speed_keeps_the_instant() -> None:
    kernel, wall = Kernel(), Wall()
    pace = Pace(kernel, wall=wall)
    wall.now += 2
    pace.set_speed(0.5)
    wall.now += 2
    pace.catch_up()
    assert kernel.now == 3 * SECOND
    with pytest.raises(ValueError, match="above 0"):
        pace.set_speed(0)


def test_what_does_not_fit_into_the_budget_is_let_go() -> None:
    kernel, wall = Kernel(), Wall()
    pace = Pace(kernel, wall=wall)

    def slow() -> None:
        wall.now += 0.3
        kernel.call_after(SECOND, slow)

    kernel.call_after(SECOND, slow)
    wall.now += 10 * 3600
    pace.catch_up(budget=1.0)
    assert 3 * SECOND <= kernel.now < HOUR
    assert pace.wall_until(kernel.now + SECOND) == pytest.approx(1.0)


def test_manual_time_moves_only_when_told_to() -> None:
    kernel, wall = Kernel(), Wall()
    pace = Pace(kernel, manual=True, wall=wall)
    wall.now += 1000
    pace.catch_up()
    assert kernel.now == 0
    pace.skip(7 * SECOND)
    assert kernel.now == 7 * SECOND
