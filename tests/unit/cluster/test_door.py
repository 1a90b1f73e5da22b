import os
import signal
import threading

import pytest

from k8s_magic.cluster.door import Door, dump, load
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.pace import Pace
from k8s_magic.sim.time import MILLISECOND, SECOND


def door(**pace: object) -> Door:
    kernel = Kernel()
    return Door(kernel, Pace(kernel, **pace))


def test_what_enters_is_logged_with_its_instant_after_what_was_due() -> None:
    it, seen = door(manual=True), []
    it.kernel.call_at(0, seen.append, "due")
    with it.enter("create", name="web"):
        seen.append("acted")
    assert seen == ["due", "acted"]
    assert load(dump(it.log)) == it.log == [(0, "create", {"name": "web"})]


def test_a_manual_wait_runs_to_the_very_step_that_makes_it_ready() -> None:
    it, seen = door(manual=True), []
    for second in range(1, 10):
        it.kernel.call_at(second * SECOND, seen.append, second)
    assert it.wait(lambda: len(seen) == 3)
    assert it.kernel.now == 3 * SECOND
    assert not it.wait(lambda: False, timeout=4 * SECOND)
    assert (it.kernel.now, seen[-1]) == (7 * SECOND, 7)


def test_a_live_wait_follows_the_pace() -> None:
    it, seen = door(speed=100.0), []
    it.kernel.call_at(5 * SECOND, seen.append, "due")
    assert it.wait(lambda: bool(seen))
    assert 5 * SECOND <= it.kernel.now < 60 * SECOND


def test_a_blocking_wait_moves_a_paused_cluster() -> None:
    it, seen = door(speed=10.0), []
    it.pace.pause()
    it.kernel.call_at(it.kernel.now + SECOND, seen.append, "due")
    assert it.wait(lambda: bool(seen))


def test_an_interrupt_waits_for_the_end_of_the_step() -> None:
    it, done = door(manual=True), []
    with pytest.raises(KeyboardInterrupt), it.enter("create"):
        os.kill(os.getpid(), signal.SIGINT)
        done.append("whole")
    assert done == ["whole"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_ends_a_wait_between_steps() -> None:
    it = door(manual=True)

    def again() -> None:
        it.kernel.call_after(MILLISECOND, again)

    again()
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        it.wait(lambda: False)
    assert it.kernel.next_time() is not None
