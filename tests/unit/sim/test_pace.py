import pytest

from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.pace import BUDGET, BUDGET_SHARE, LEAST_BUDGET, Pace
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


def test_an_instant_that_takes_too_long_is_done_in_parts() -> None:
    kernel, wall = Kernel(), Wall()
    pace = Pace(kernel, wall=wall)
    done: list[int] = []

    def slow(number: int) -> None:
        wall.now += 0.3
        done.append(number)

    for number in range(10):
        kernel.call_at(SECOND, slow, number)
    kernel.call_at(2 * SECOND, slow, 10)
    wall.now += 1
    pace.catch_up(budget=1.0)
    assert (done, kernel.now) == ([0, 1, 2, 3], SECOND)
    pace.catch_up(budget=1.0)
    assert (done, kernel.now) == ([0, 1, 2, 3, 4, 5, 6, 7], SECOND)
    pace.catch_up(budget=1.0)
    assert done[:10] == list(range(10))
    assert SECOND <= kernel.now <= 2 * SECOND
    wall.now += 5
    pace.catch_up(budget=1.0)
    assert done == list(range(11)), "each call once, in order"


def test_who_looks_again_at_once_waits_only_a_little() -> None:
    kernel, wall = Kernel(), Wall()
    pace = Pace(kernel, wall=wall)

    def slow() -> None:
        wall.now += 0.01
        kernel.call_after(1, slow)

    def look() -> float:
        before = wall.now
        pace.catch_up()
        return wall.now - before

    kernel.call_after(0, slow)
    wall.now += 600
    assert look() == pytest.approx(BUDGET, abs=0.02)
    wall.now += 0.1
    assert look() == pytest.approx(BUDGET_SHARE * 0.1, abs=0.02)
    wall.now += 0.001
    assert look() == pytest.approx(LEAST_BUDGET, abs=0.02)


def test_manual_time_knows_no_budget() -> None:
    kernel, wall = Kernel(), Wall()
    pace = Pace(kernel, manual=True, wall=wall)
    done: list[int] = []

    def slow(number: int) -> None:
        wall.now += 10
        done.append(number)

    for number in range(5):
        kernel.call_at(0, slow, number)
    pace.catch_up(budget=0.1)
    assert done == [0, 1, 2, 3, 4]


def test_manual_time_moves_only_when_told_to() -> None:
    kernel, wall = Kernel(), Wall()
    pace = Pace(kernel, manual=True, wall=wall)
    wall.now += 1000
    pace.catch_up()
    assert kernel.now == 0
    pace.skip(7 * SECOND)
    assert kernel.now == 7 * SECOND
