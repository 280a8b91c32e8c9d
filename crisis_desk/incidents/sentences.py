"""The words that sentences about incidents need beyond their own data."""

from __future__ import annotations

from typing import Any

from crisis_desk.incidents.clocks import CLOCKS
from crisis_desk.incidents.entries import (
    AuthorisationGiven,
    ClockClosed,
    ClockMet,
    ClockStarted,
    HandlingChanged,
    ResponderAnswered,
    ResponderAssigned,
    ResponderReleased,
    StatusChanged,
)
from crisis_desk.incidents.lists import ANSWERS, HANDLINGS, RESPONDER_ROLES, STATUSES
from crisis_desk.journal.entries import Recorded
from crisis_desk.journal.sentences import Names, moment, words_of
from crisis_desk.platform.clock import parse_instant
from crisis_desk.platform.words import translate

Words = dict[str, object]


def clock_name(code: str, number: int | None, language: str) -> str:
    """What a clock is called: "Initial information", "Promised in public: update no. 2"."""
    return translate(CLOCKS[code], language, number=number or "")


@words_of(StatusChanged)
def _status(entry: Recorded[Any], language: str, _names: Names) -> Words:
    return {"after_status": translate(STATUSES[entry.data.after], language)}


@words_of(HandlingChanged)
def _handling(entry: Recorded[Any], language: str, _names: Names) -> Words:
    before, after = HANDLINGS[entry.data.before], HANDLINGS[entry.data.after]
    return {"before_handling": translate(before, language), "after_handling": translate(after, language)}


@words_of(ClockStarted)
def _clock_started(entry: Recorded[Any], language: str, names: Names) -> Words:
    clock = entry.data.clock
    name = clock_name(clock["code"], entry.data.number, language)
    return {"clock_name": name, "due": moment(parse_instant(clock["due_at"]), language, names)}


@words_of(ClockMet)
@words_of(ClockClosed)
def _clock_ended(entry: Recorded[Any], language: str, _names: Names) -> Words:
    return {"clock_name": clock_name(entry.data.code, entry.data.number, language)}


@words_of(ResponderAssigned)
def _assigned(entry: Recorded[Any], language: str, names: Names) -> Words:
    role = translate(RESPONDER_ROLES[entry.data.role], language)
    return {"responder": names.person(entry.data.person_id), "role_name": role[0].lower() + role[1:]}


@words_of(ResponderAnswered)
def _answered(entry: Recorded[Any], language: str, names: Names) -> Words:
    return {
        "responder": names.person(entry.data.person_id),
        "answer_name": translate(ANSWERS[entry.data.answer], language),
    }


@words_of(ResponderReleased)
def _released(entry: Recorded[Any], _language: str, names: Names) -> Words:
    return {"responder": names.person(entry.data.person_id)}


@words_of(AuthorisationGiven)
def _authorised(entry: Recorded[Any], language: str, names: Names) -> Words:
    return {
        "responder": names.person(entry.data.person_id),
        "until": moment(entry.data.valid_to, language, names),
    }
