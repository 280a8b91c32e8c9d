"""The page's scripts say the time in the same words as the server."""

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crisis_desk.platform import wording
from crisis_desk.platform.words import client_words

SOURCES = Path(__file__).resolve().parents[2] / "static" / "src"
NOW = datetime(2023, 5, 12, 15, 44, tzinfo=UTC)
SPANS = [
    timedelta(seconds=seconds)
    for minutes in (0, 1, 12, 59, 60, 61, 112, 119, 120, 1439, 1440, 1441, 1980, 2880, 14_400)
    for seconds in (minutes * 60, minutes * 60 + 59)
]
CLOCKS = [(10, 90), (79, 21), (80, 20), (99, 1), (100, 0), (105, -5), (-5, 10), (0, 7)]
SCRIPT = """
globalThis.document = {{ getElementById: () => ({{ textContent: {words} }}) }};
const {{ age, clockState, remaining, timeOfDay }} = await import({module});
const {{ now, instants, clocks, language }} = {asked};
console.log(JSON.stringify({{
  remaining: instants.map((at) => remaining(at, now)),
  age: instants.map((at) => age(at, now)),
  time: instants.map((at) => timeOfDay(at, now, language)),
  clocks: clocks.map(([start, due]) => clockState(start, due, now)),
}}));
"""


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def said_by_script(
    instants: list[datetime], clocks: list[tuple[datetime, datetime]], language: str
) -> dict[str, object]:
    asked = {
        "now": milliseconds(NOW),
        "instants": [milliseconds(at) for at in instants],
        "clocks": [[milliseconds(start), milliseconds(due)] for start, due in clocks],
        "language": language,
    }
    script = SCRIPT.format(
        words=json.dumps(json.dumps(client_words(language))),
        module=json.dumps((SOURCES / "wording.js").as_uri()),
        asked=json.dumps(asked),
    )
    node = shutil.which("node")
    assert node is not None, "Node is needed: it builds the pages too"
    command = [node, "--input-type=module", "--eval", script]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_and_server_say_the_same(language: str) -> None:
    instants = [NOW - span for span in SPANS] + [NOW + span for span in SPANS]
    clocks = [(NOW - timedelta(minutes=gone), NOW + timedelta(minutes=left)) for gone, left in CLOCKS]

    said = said_by_script(instants, clocks, language)

    states = [wording.clock_state(start, due, None, None, NOW) for start, due in clocks]
    assert said == {
        "remaining": [wording.remaining(at, NOW, language) for at in instants],
        "age": [wording.age(at, NOW, language) for at in instants],
        "time": [wording.time_of_day(at, NOW, language) for at in instants],
        "clocks": [{"state": one.state, "percent": one.percent, "rail": one.rail} for one in states],
    }
