"""The timeline drawn by the server: one SVG for page and paper, with plain attributes that a sheet may colour over.

Nothing in it is a style attribute, so the strict content policy of pages holds; the paper prints it as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from markupsafe import Markup

from crisis_desk.paper.characters import clean
from crisis_desk.platform import wording
from crisis_desk.platform.words import N_, translate
from crisis_desk.reports.timeline import LANES, MILESTONE, REWORK, STATEMENTS, Event, Span, Timeline

WIDTH, LEFT, RIGHT, TOP, LANE, BAR = 680, 122, 26, 24, 30, 20
# How wide a letter is taken to be: labels that would touch are left out, for the table has them all.
LETTER = 6.4
_STEPS = [timedelta(minutes=minutes) for minutes in (5, 10, 15, 20, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080)]
MOST_TICKS = 8
_INK, _GREY, _PALE, _RED = "#11181c", "#56636b", "#f0f2f3", "#b0131b"


@dataclass
class _Row:
    """One lane of the drawing, and the stretches of it that are taken."""

    code: str
    y: float
    taken: list[tuple[float, float]] = field(default_factory=list)

    def free(self, start: float, end: float) -> bool:
        return start > LEFT and end < WIDTH - 2 and all(end < low or start > high for low, high in self.taken)


class _Scale:
    """From moments to the width of the drawing."""

    def __init__(self, timeline: Timeline) -> None:
        self.start = timeline.start
        self.length = max(timeline.end - timeline.start, timedelta(minutes=1))

    def __call__(self, at: datetime) -> float:
        share = min(max((at - self.start) / self.length, 0), 1)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def ticks(self) -> Iterator[datetime]:
        """Round moments of the wall clock, eight at most."""
        step = next((step for step in _STEPS if self.length / step <= MOST_TICKS), self.length / MOST_TICKS)
        midnight = wording.local(self.start).replace(hour=0, minute=0, second=0, microsecond=0)
        tick = midnight + ((self.start - midnight) // step) * step
        while tick <= self.start + self.length:
            if tick >= self.start:
                yield tick
            tick += step


def timeline_svg(timeline: Timeline, language: str) -> Markup:
    """The drawing; everything in it stands in the table beside it as well."""
    scale = _Scale(timeline)
    rows = {code: _Row(code, TOP + place * LANE) for place, code in enumerate(LANES)}
    height = TOP + len(rows) * LANE + 22
    parts = [
        *(_lane(row, language) for row in rows.values()),
        *(_tick(tick, scale, height - 18, language) for tick in scale.ticks()),
        *(_span(span, scale, rows[STATEMENTS]) for span in timeline.spans),
        *_marks(timeline, scale, rows),
        _legend(height - 5, language),
    ]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" role="img" '
        'aria-label="{}" font-family="Tinos" font-size="12.5">{}</svg>'
    ).format(WIDTH, height, WIDTH, height, spoken(timeline, language), Markup("").join(parts))


def spoken(timeline: Timeline, language: str) -> str:
    """The drawing in one sentence, for those who don't see it."""
    return translate(
        N_("Timeline from %(start)s to %(end)s in five lanes, %(count)s events; the table lists them all."),
        language,
        start=wording.formal(timeline.start, language),
        end=wording.formal(timeline.end, language),
        count=len(timeline.drawn),
    )


def _lane(row: _Row, language: str) -> Markup:
    return Markup(
        '<rect class="lane" fill="{}" x="{}" y="{}" width="{}" height="{}"/>'
        '<text class="strong" fill="{}" font-weight="700" text-anchor="end" x="{}" y="{}">{}</text>'
    ).format(
        _PALE, LEFT - 6, row.y, WIDTH - LEFT - RIGHT + 12, BAR, _INK, LEFT - 12, row.y + 14,
        translate(LANES[row.code], language),
    )  # fmt: skip


def _tick(at: datetime, scale: _Scale, bottom: float, language: str) -> Markup:
    local = wording.local(at)
    is_midnight = (local.hour, local.minute) == (0, 0)
    text = wording.day(local.date(), local.date(), language) if is_midnight else f"{local:%H:%M}"
    return Markup(
        '<line class="grid" stroke="#c9d0d4" x1="{0}" x2="{0}" y1="18" y2="{1}"/>'
        '<text fill="{2}" text-anchor="middle" x="{0}" y="12">{3}</text>'
    ).format(scale(at), bottom, _GREY, text)


def _span(span: Span, scale: _Scale, row: _Row) -> Markup:
    # Below the marks, so that it strikes through no label.
    y = row.y + BAR - 1
    name, colour = ("bad", _RED) if span.is_wrong else ("tgt", _INK)
    return Markup('<line class="{}" stroke="{}" stroke-width="2" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
        name, colour, scale(span.start), scale(span.end), y, y
    )


def _marks(timeline: Timeline, scale: _Scale, rows: dict[str, _Row]) -> list[Markup]:
    """Milestones choose their place for a label first, then what had to be done again."""
    drawn = timeline.drawn
    for event in drawn:
        x = scale(event.at)
        rows[event.lane].taken.append((x - 6, x + 6))
    by_weight = sorted(drawn, key=lambda event: (event.mark != MILESTONE, event.sequence))
    labels = [_label(event, scale(event.at), rows[event.lane]) for event in by_weight if event.label]
    return [_mark(event, scale(event.at), rows[event.lane].y + BAR / 2) for event in drawn] + labels


def _mark(event: Event, x: float, y: float) -> Markup:
    said = clean(f"{wording.local(event.at):%H:%M} {event.text}"[:200])
    return _shape(event.mark, x, y, Markup("<title>{}</title>").format(said))


def _shape(mark: str, x: float, y: float, title: Markup) -> Markup:
    if mark == REWORK:
        return Markup(
            '<path class="bad" stroke="{}" stroke-width="2" fill="none" d="M{} {}l10 10m0-10l-10 10">{}</path>'
        ).format(_RED, x - 5, y - 5, title)
    if mark == MILESTONE:
        return Markup('<rect class="sig" fill="{}" x="{}" y="{}" width="9" height="9">{}</rect>').format(
            _INK, x - 4.5, y - 4.5, title
        )
    return Markup('<circle class="dot" fill="{}" cx="{}" cy="{}" r="3.4">{}</circle>').format(_GREY, x, y, title)


def _label(event: Event, x: float, row: _Row) -> Markup:
    """The label right of its mark, else left, else none."""
    width = len(event.label) * LETTER
    for anchor, at, start, end in (("start", x + 8, x + 7, x + 9 + width), ("end", x - 8, x - 9 - width, x - 7)):
        if row.free(start, end):
            row.taken.append((start, end))
            name, colour = ("miss", _RED) if event.mark == REWORK else ("", _GREY)
            return Markup('<text class="{}" fill="{}" text-anchor="{}" x="{}" y="{}">{}</text>').format(
                name, colour, anchor, at, row.y + 14, event.label
            )
    return Markup("")


def _legend(y: float, language: str) -> Markup:
    words = (N_("milestone"), N_("event"), N_("wrong, or done again"))
    marks = ("milestone", "event", REWORK)
    x, parts = float(LEFT), []
    for word, mark in zip(words, marks, strict=True):
        text = translate(word, language)
        parts.append(_shape(mark, x, y - 4, Markup("")))
        name, colour = ("miss", _RED) if mark == REWORK else ("", _GREY)
        parts.append(Markup('<text class="{}" fill="{}" x="{}" y="{}">{}</text>').format(name, colour, x + 9, y, text))
        x += 28 + len(text) * LETTER
    return Markup("").join(parts)
