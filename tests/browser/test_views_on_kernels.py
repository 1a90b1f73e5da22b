"""All three views in one page, on the kernels people have and in Notebook 7.

They are alive whatever the kernel does, led by their buttons and keys, readable for all, and gone without a trace.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator

import pytest
from axe import serious
from jupyter_lab import Lab, Notebook
from kernels import INSTALLED, VERSIONS, register

pytestmark = pytest.mark.browser

NOTEBOOK_7 = "notebook-7"
READY = ".k8sm-grid [data-name^='web-'][data-state='ready']"
CARD = ".k8sm-rollout[data-name='web']"
ROOTS = [".k8sm-grid", ".k8sm-rollouts", ".k8sm-traffic"]
SETUP = (
    "%load_ext k8s_magic\n%cluster new\n%cluster speed 5\n%kubectl create deployment web --image=nginx --replicas=3\n\
%kubectl expose deployment web --port=80\n%kubectl rollout status deployment/web"
)
CELLS = [SETUP, "%cluster view", "%cluster rollout web", "%traffic svc/web --rate 200/s --view", ""]
FRAMES = """roots => roots.map((root) => Number(document.querySelector(root).dataset.frames))"""
# So many frames of each view came while the last cell runs, which is busy still.
ALIVE = """([roots, before, most]) => {
    const last = window.jupyterapp.shell.currentWidget.content.widgets.at(-1);
    return last.node.querySelector('.jp-InputPrompt').textContent === '[*]:' && roots.every((root, index) =>
        Number(document.querySelector(root).dataset.frames) >= before[index] + most);
}"""
BUSY = """import pathlib, time
until = time.monotonic() + 60
while not pathlib.Path("{flag}").exists() and time.monotonic() < until:
    {work}
print("seen" if pathlib.Path("{flag}").exists() else "not seen")"""
WORKS = {
    "computes": "sum(range(20_000))",
    "sleeps": "time.sleep(0.5)",
    "awaits": "await __import__('asyncio').sleep(0.2)",
}


@pytest.fixture(scope="module")
def notebook_7(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    server = Lab(tmp_path_factory.mktemp("notebook"), app="notebook")
    yield server
    server.close()


@pytest.fixture(scope="module", params=[*VERSIONS, NOTEBOOK_7])
def trio(request: pytest.FixtureRequest, opened) -> Iterator[Notebook]:
    """The page with the three views; the last cell is for what a test types."""
    where = request.param
    server = request.getfixturevalue("notebook_7" if where == NOTEBOOK_7 else "lab")
    kernel = "python3" if where in (INSTALLED, NOTEBOOK_7) else register(server.data, where)
    with opened(server, CELLS, kernel) as notebook:
        notebook.start(4)
        notebook.wait("s => document.querySelectorAll(s).length === 3", READY)
        notebook.page.wait_for_selector(f"{CARD}[data-state='done']")
        notebook.page.wait_for_selector(".k8sm-t-row[data-state='ready']")
        assert notebook.page.evaluate("() => window.jupyterapp.name").startswith("Jupyter")
        version = "7." if where in (INSTALLED, NOTEBOOK_7) else where
        assert notebook.do("import ipykernel; print(ipykernel.__version__)").startswith(version)
        yield notebook


@pytest.fixture(autouse=True)
def nothing_amiss(trio: Notebook) -> Iterator[None]:
    since = trio.now()
    yield
    trio.check(since)


@pytest.mark.parametrize("work", WORKS)
def test_the_views_live_while_a_cell(trio: Notebook, work: str) -> None:
    flag = f"seen-{secrets.token_hex(4)}"
    before = trio.page.evaluate(FRAMES, ROOTS)
    trio.type(BUSY.format(flag=flag, work=WORKS[work]))
    trio.wait(ALIVE, [ROOTS, before, 6], 20)
    (trio.server.folder / flag).touch()
    trio.wait_done()
    assert trio.said().strip() == "seen"


def test_the_views_live_while_rollout_status_blocks_and_the_bar_ends_at_the_desired_line(trio: Notebook) -> None:
    trio.do("%cluster speed 1")
    before = trio.page.evaluate(FRAMES, ROOTS)
    trio.type("%kubectl scale deployment web --replicas=5\n%kubectl rollout status deployment/web")
    trio.wait(ALIVE, [ROOTS, before, 6], 20)
    trio.wait_done()
    assert 'deployment "web" successfully rolled out' in trio.said()
    # As many as are ready in the one view are in the other, and end at its line.
    trio.wait("s => document.querySelectorAll(s).length === 5", READY, 10)
    trio.wait(
        """card => {
            const view = document.querySelector(card);
            if (view.dataset.state !== 'done' || JSON.parse(view.dataset.counts)[3] !== 5) return false;
            const bar = view.querySelector(".k8sm-bar [data-part='newReady'] .k8sm-good");
            const line = Number(view.querySelector('.k8sm-bar .k8sm-desired').getAttribute('d').slice(1).split(' ')[0]);
            return Math.abs(Number(bar.getAttribute('x')) + Number(bar.getAttribute('width')) - line) < 0.3;
        }""",
        CARD,
        10,
    )


def test_the_views_live_while_a_watch_blocks_and_an_interrupt_ends_it(trio: Notebook) -> None:
    before = trio.page.evaluate(FRAMES, ROOTS)
    trio.type("answer = %kubectl get pods -w")
    trio.wait(ALIVE, [ROOTS, before, 6], 20)
    trio.interrupt()
    trio.wait_done()
    assert "web-" in trio.said()
    assert "^C" in trio.said()
    assert trio.do("print(answer.exit_code)").strip() == "130"


def test_all_buttons_lead_one_time(trio: Notebook) -> None:
    page = trio.page
    trio.do("%cluster speed 1")
    states = "state => [...document.querySelectorAll('.k8sm-controls')].every((one) => one.dataset.state === state)"
    clocks = """() => [...document.querySelectorAll('.k8sm-controls .k8sm-state')].map(({ textContent }) => {
        const [minutes, seconds] = textContent.split(' ')[0].split(':').map(Number);
        return minutes * 60 + seconds;
    })"""
    assert page.locator(".k8sm-controls").count() == 3
    page.locator(".k8sm-grid + .k8sm-controls [data-do='toggle']").click()
    trio.wait(states, "paused", 20)
    stood = page.evaluate(clocks)
    assert stood == [stood[0]] * 3
    sent = int(page.get_attribute(".k8sm-t-load", "data-sent"))
    page.wait_for_timeout(1100)
    assert page.evaluate(clocks) == stood, "paused time stands still"
    for root, seconds in ((".k8sm-rollouts", 1), (".k8sm-traffic", 10)):
        page.locator(f"{root} + .k8sm-controls [data-step='{seconds}']").click()
        stood = [one + seconds for one in stood]
        trio.wait(f"stood => ({clocks})().every((one, at) => one === stood[at])", stood, 20)
    trio.wait("sent => Number(document.querySelector('.k8sm-t-load').dataset.sent) === sent", sent + 11 * 200, 20)
    for speed in ("0.5", "1", "2", "5", "10"):
        page.locator(f".k8sm-traffic + .k8sm-controls [data-speed='{speed}']").click()
        pressed = f".k8sm-controls [data-speed='{speed}'][aria-pressed=true]"
        trio.wait("pressed => document.querySelectorAll(pressed).length === 3", pressed, 20)
    # The keys of the first toolbar: one stop for the tab key, arrows from button to button, p anywhere.
    first = page.locator(".k8sm-controls").first
    assert first.locator("[tabindex='0']").count() == 1
    first.locator("[data-do='toggle']").focus()
    page.keyboard.press("p")
    trio.wait(states, "running", 20)
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.dataset.step") == "1"
    page.keyboard.press("End")
    assert page.evaluate("() => document.activeElement.dataset.speed") == "10"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    pressed = ".k8sm-controls [data-speed='5'][aria-pressed=true]"
    trio.wait("pressed => document.querySelectorAll(pressed).length === 3", pressed, 20)
    assert trio.do("%cluster speed").strip() == "5"


def test_a_button_pressed_while_a_cell_runs_is_obeyed_when_it_can_be_heard(trio: Notebook) -> None:
    flag = f"seen-{secrets.token_hex(4)}"
    page = trio.page
    trio.type(BUSY.format(flag=flag, work=WORKS["computes"]))
    trio.wait(ALIVE, [ROOTS, page.evaluate(FRAMES, ROOTS), 1], 20)
    controls = page.locator(".k8sm-grid + .k8sm-controls")
    controls.locator("[data-do='toggle']").click()
    trio.wait(
        """() => {
            const controls = document.querySelector('.k8sm-grid + .k8sm-controls');
            const isHeard = controls.dataset.state === 'paused';
            return isHeard || controls.querySelector('.k8sm-note').textContent.includes('the kernel is busy');
        }""",
        seconds=20,
    )
    (trio.server.folder / flag).touch()
    trio.wait_done()
    page.wait_for_selector(".k8sm-grid + .k8sm-controls[data-state='paused']", timeout=20_000)
    assert controls.locator(".k8sm-note").inner_text() == ""
    trio.do("%cluster play")
    page.wait_for_selector(".k8sm-grid + .k8sm-controls[data-state='running']", timeout=20_000)


def test_a_rollout_of_many_pods_under_load_is_no_message_storm(trio: Notebook) -> None:
    since = trio.now()
    trio.do("%cluster speed 2\n%kubectl scale deployment web --replicas=60\n%kubectl rollout status deployment/web")
    trio.wait("s => document.querySelectorAll(s).length === 60", READY)
    trio.do(
        "%kubectl set image deployment web nginx=nginx:1.25\n%cluster speed 10\n%kubectl rollout status deployment web"
    )
    trio.do("%kubectl scale deployment web --replicas=4\n%cluster speed 5")
    trio.wait("s => document.querySelectorAll(s).length === 4", READY)
    trio.wait("() => !document.querySelector(\".k8sm-grid [data-state='terminating']\")")
    heard = trio.page.evaluate("since => window.watched.heard.filter(({ time }) => time >= since).length", since)
    assert heard >= 20, "frames come as messages of models"
    trio.check(since)


@pytest.mark.parametrize("is_dark", [True, False], ids=["dark", "light"])
def test_axe_finds_nothing_serious(trio: Notebook, is_dark: bool, request: pytest.FixtureRequest) -> None:
    trio.theme(is_dark)
    assert serious(trio.page) == []
    where = request.node.callspec.params["trio"]
    trio.shoot(".jp-Notebook", f"views-{where}-{'dark' if is_dark else 'light'}")


# The last: it takes the kernel away.
def test_a_kernel_that_is_shut_down_leaves_nothing_running(trio: Notebook) -> None:
    pid = int(trio.do("import os; print(os.getpid())"))
    trio.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    page = trio.page
    last = ".k8sm-controls[data-state='last']"
    trio.wait("last => document.querySelectorAll(last).length === 3", last, 30)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert "last picture" in page.inner_text(".k8sm-grid .k8sm-clock")
    for verb in page.locator(f"{CARD} [data-verb]").all():
        assert verb.is_disabled()
    trio.wait("() => !['interval', 'timeout', 'frame'].some((what) => what in window.watched.open())", seconds=30)
    # And what is still on show goes without a trace.
    trio.command("notebook:clear-all-cell-outputs")
    trio.wait("() => !document.querySelector('.k8sm')", seconds=20)
    assert trio.open() == {}
