"""The starter's promise: it sets up once, heals what was cut off, and says in one sentence why it can't."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.setup.starter import HOUSE, Checkout, load, new_checkout

NOBODY = 65534
NETWORK = (
    "needs the network and no package registry answered: connect, or point pip and npm at a mirror, and run ./desk "
    "again; what is already there is kept."
)


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    # Not pytest's temporary folder: the checkout must be open to another user.
    with TemporaryDirectory(prefix="desk-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield new_checkout(Path(name))


@pytest.fixture
def ready(checkout: Checkout) -> Checkout:
    """A checkout where everything is done and the programs only tell how they were called."""
    for name in ("python", "crisis-desk", "npm", "node", "pytest"):
        checkout.program(name, 'echo "$(basename "$0") $*"')
    checkout.mark_done(*load(checkout.place).STEPS)
    return checkout


def _output(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, said = process.communicate(timeout=60)
    return process.returncode, out, said


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


# ---- words ----------------------------------------------------------------------------------------------------------


def test_run_passes_its_arguments_to_the_desk(ready: Checkout) -> None:
    assert _output(ready.begin("run", "--port", "0")) == (0, "crisis-desk run --port 0\n", "")


def test_any_other_word_is_a_command_of_the_desk(ready: Checkout) -> None:
    assert _output(ready.begin("journal", "verify")) == (0, "crisis-desk journal verify\n", "")


def test_test_with_arguments_runs_only_these_tests(ready: Checkout) -> None:
    assert _output(ready.begin("test", "-k", "a name")) == (0, "pytest -k a name\n", "")


def test_test_runs_every_check_and_fails_when_one_fails(ready: Checkout) -> None:
    for name in ("ruff", "lint-imports"):
        ready.program(name, f"echo {name}")
    ready.program("mypy", "exit 1")
    code, out, said = _output(ready.begin("test"))
    tests = " ".join(("pytest", *load(ready.place).SIDE_BY_SIDE))
    assert (code, said) == (1, "Failed: mypy\n")
    assert [line for line in out.splitlines() if line] == [
        "== ruff check .", "ruff", "== mypy", "== lint-imports", "lint-imports", f"== {tests}", tests,
    ]


def test_the_exit_code_of_the_desk_is_handed_on(ready: Checkout) -> None:
    ready.program("crisis-desk", "exit 2")
    assert ready.start("check") == (2, "")


def test_without_a_word_it_says_which_there_are(checkout: Checkout) -> None:
    code, out, _ = _output(checkout.begin())
    assert (code, out.splitlines()[0].split("  ")[0]) == (2, "usage: ./desk run [--host HOST] [--port PORT]")


# ---- doing nothing twice --------------------------------------------------------------------------------------------


def test_a_warm_start_takes_well_under_half_a_second(ready: Checkout) -> None:
    times = []
    for _ in range(5):
        before = time.monotonic()
        assert ready.start("run") == (0, "")
        times.append(time.monotonic() - before)
    assert min(times) < 0.5


@pytest.mark.parametrize(
    ("changed", "doing"),
    [
        ("static/src/look.css", "scripts and styles"),
        ("templates/room/page.html", "scripts and styles"),
        ("crisis_desk/translations/vi/room.po", "the translations"),
        ("requirements/run.txt", "the Python packages"),
        ("setup.cfg", "the desk itself"),
    ],
)
def test_a_changed_input_repeats_its_step_and_no_other(ready: Checkout, changed: str, doing: str) -> None:
    path = ready.place / changed
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("changed")
    assert _output(ready.begin("run"))[2] == f"Setting up: {doing} ...\n"
    assert _output(ready.begin("run"))[2] == ""


def test_a_removed_output_repeats_its_step(ready: Checkout) -> None:
    (ready.place / "static/dist/manifest.json").unlink()
    ready.program("node", "[ $1 = --version ] && echo v22.0.0 || echo {} > static/dist/manifest.json")
    assert _output(ready.begin("run"))[2] == "Setting up: scripts and styles ...\n"


def test_packages_of_the_tests_include_those_of_the_run(checkout: Checkout) -> None:
    checkout.mark_done("test-packages")
    starter = load(checkout.place)
    assert starter.is_done(starter.STEPS["packages"])


# ---- failing --------------------------------------------------------------------------------------------------------


def test_no_network_for_python_packages(checkout: Checkout) -> None:
    assert checkout.start("run") == (1, f"Set-up of a Python environment {NETWORK}")


def test_no_network_for_the_packages_of_the_pages(ready: Checkout) -> None:
    for name in ("npm", "node"):
        (ready.place / ".venv" / "bin" / name).unlink()
    (ready.place / "node_modules/.package-lock.json").unlink()
    assert ready.start("run") == (1, f"Set-up of the packages of the pages {NETWORK}")


def test_an_old_python_is_refused_in_words_that_it_can_parse(checkout: Checkout) -> None:
    source = (HOUSE / "desk").read_text()
    ast.parse(source, feature_version=(3, 7))
    # A Python that calls itself 3.9, on a PATH without another one.
    (checkout.place / "sitecustomize.py").write_text("import sys; sys.version_info = (3, 9, 2, 'final', 0)")
    checkout.environment.update(PYTHONPATH=str(checkout.place), PATH="/nowhere")
    assert checkout.start("run") == (
        1,
        "The desk needs Python 3.11 or newer and this is 3.9: install it (python3.11 on PATH is enough) and run "
        "./desk again.",
    )


def test_an_old_python_hands_over_to_a_newer_one_on_the_path(checkout: Checkout) -> None:
    newer = checkout.place / "python3.12"
    newer.write_text('#!/bin/sh\n[ "$1" = -c ] || echo "newer $*"\n')
    newer.chmod(0o755)
    (checkout.place / "sitecustomize.py").write_text("import sys; sys.version_info = (3, 9, 2, 'final', 0)")
    checkout.environment.update(PYTHONPATH=str(checkout.place), PATH=f"{checkout.place}:/bin:/usr/bin")
    assert _output(checkout.begin("run", "--port", "1")) == (0, f"newer {checkout.place}/desk run --port 1\n", "")


def test_a_python_that_cannot_make_environments(checkout: Checkout) -> None:
    (checkout.place / "hidden").mkdir()
    for name in ("ensurepip", "pip"):
        (checkout.place / "hidden" / f"{name}.py").write_text(f"raise ImportError('no {name}')")
    (checkout.place / "hidden" / "venv.py").write_text("raise SystemExit('ensurepip is not available')")
    checkout.environment["PYTHONPATH"] = str(checkout.place / "hidden")
    version = "{}.{}".format(*sys.version_info)
    assert checkout.start("run") == (
        1,
        "This Python can't make environments: install its missing part (on Debian and Ubuntu: "
        f"apt install python{version}-venv) and run ./desk again.",
    )


def test_npm_is_missing_and_the_registry_brings_none(ready: Checkout) -> None:
    for name in ("npm", "node"):
        (ready.place / ".venv" / "bin" / name).unlink()
    ready.environment["PATH"] = "/nowhere"
    ready.program("python", "exit 0")
    (ready.place / "node_modules/.package-lock.json").unlink()
    assert ready.start("run") == (
        1, "npm is missing: install Node.js 20 or newer with its npm, and run ./desk again."
    )


def test_a_node_that_is_too_old_is_not_used(ready: Checkout) -> None:
    ready.program("node", "echo v18.19.0")
    ready.program("python", 'echo "$*" > "$VIRTUAL_ENV/asked"')
    (ready.place / "node_modules/.package-lock.json").unlink()
    ready.start("run")
    assert (ready.place / ".venv" / "asked").read_text().split()[-1] == "requirements/node.txt"


def test_a_full_disk(checkout: Checkout) -> None:
    # /dev/full refuses every byte as a full disk does.
    (checkout.place / ".cache" / "set-up").mkdir(parents=True)
    (checkout.place / ".cache" / "set-up" / "output.log").symlink_to("/dev/full")
    assert checkout.start("run") == (1, load(checkout.place).FULL_DISK)


def test_a_checkout_that_may_not_be_written(checkout: Checkout) -> None:
    checkout.place.chmod(0o555)
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    python = sys.executable if os.geteuid() else _python_for_everybody()
    assert checkout.start("run", python=python, **user) == (1, load(checkout.place).CLOSED)
    checkout.place.chmod(0o755)


def _python_for_everybody() -> str:
    """A Python 3.11 or newer that another user may start; the one of these tests may lie in root's own folder."""
    for path in ("/usr/bin/python3", "/usr/local/bin/python3", str(Path(sys.executable).resolve())):
        probe = [path, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        try:
            if subprocess.call(probe, user=NOBODY, group=NOBODY, extra_groups=[], cwd="/") == 0:
                return path
        except OSError:
            continue
    pytest.fail("No Python 3.11 on this machine may be started by another user than root: install one for everybody.")


@pytest.mark.parametrize(
    ("printed", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full: make room"),
        ("npm error code ENOSPC", "The disk is full: make room"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "Set-up was refused: a downloaded package is not the one"),
        ("npm error code EINTEGRITY", "Set-up was refused: a downloaded package is not the one"),
        ("npm error code EAI_AGAIN", "Set-up needs the network"),
        ("ERROR: No matching distribution found for typst==0.15.2", "Set-up failed: the package registry has no ready"),
        ("npm error EACCES: permission denied", "Set-up has to write below"),
        ("Error: it broke\nhint: see above", "Set-up failed (Error: it broke); the whole of its output is in a.log"),
    ],
)
def test_what_a_program_printed_becomes_one_sentence(checkout: Checkout, printed: str, sentence: str) -> None:
    told = load(checkout.place).explain("Set-up", f"$ program\n{printed}\n", Path("a.log"))
    assert told.startswith(sentence)
    assert told.count("\n") == 0


# ---- cut off, and two at once ---------------------------------------------------------------------------------------


def _slow_bundle(checkout: Checkout) -> None:
    begun, count = checkout.place / "begun", checkout.place / "count"
    checkout.program(
        "node",
        f"[ $1 = --version ] && echo v22.0.0 && exit; echo x >> {count}; touch {begun}; "
        f"while [ ! -e {checkout.place}/go ]; do sleep 0.05; done; echo {{}} > static/dist/manifest.json",
    )
    (checkout.place / "static/dist/manifest.json").unlink()


def test_a_second_start_waits_and_does_nothing_twice(ready: Checkout) -> None:
    _slow_bundle(ready)
    first = ready.begin("run")
    _wait_for((ready.place / "begun").exists)
    second = ready.begin("run")
    assert second.stderr is not None
    told = second.stderr.readline()
    (ready.place / "go").touch()
    assert told == "Another ./desk is setting up this checkout; waiting until it is done ...\n"
    assert _output(first)[:2] == (0, "crisis-desk run\n")
    assert _output(second) == (0, "crisis-desk run\n", "")
    assert (ready.place / "count").read_text() == "x\n"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_stopping_it_stops_the_step_and_the_next_start_goes_on(ready: Checkout, ending: signal.Signals) -> None:
    _slow_bundle(ready)
    first = ready.begin("run")
    _wait_for((ready.place / "begun").exists)
    first.send_signal(ending)
    code, _, said = _output(first)
    assert code == 1
    assert said.splitlines()[-1] == "Stopped; what set-up had finished is kept, and ./desk goes on from there."
    (ready.place / "go").touch()
    assert _output(ready.begin("run")) == (0, "crisis-desk run\n", "Setting up: scripts and styles ...\n")


def test_after_a_kill_the_next_start_waits_for_the_orphan(ready: Checkout) -> None:
    _slow_bundle(ready)
    first = ready.begin("run")
    _wait_for((ready.place / "begun").exists)
    first.kill()
    first.communicate()
    second = ready.begin("run")
    assert second.stderr is not None
    assert second.stderr.readline() == load(ready.place).LOCK_WAIT + "\n"
    (ready.place / "go").touch()
    assert _output(second)[:2] == (0, "crisis-desk run\n")


def test_packages_cut_off_half_way_are_not_trusted(ready: Checkout) -> None:
    # The mark of an installation that never ended: the environment is made anew before anything else.
    marks = ready.place / ".cache" / "set-up"
    marks.mkdir(parents=True)
    (marks / "packages.begun").touch()
    half = ready.place / ".venv" / "half-a-package"
    half.touch()
    code, said = ready.start("run")
    assert (code, said) == (1, f"Set-up of a Python environment {NETWORK}")
    assert not half.exists()
    assert (ready.place / ".venv" / "bin" / "python").resolve() == Path(sys.executable).resolve()
