"""A desk with an administrator, a colleague of hers, and a stranger of another organisation."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask

from crisis_desk.application import create_app
from crisis_desk.config import Config
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.streams import ACCESS, DESK
from crisis_desk.journal.transaction import Journal, Transaction
from crisis_desk.people import effects
from crisis_desk.people.actions.accounts import invite
from crisis_desk.people.actions.organisations import add_organisation
from crisis_desk.people.models import Organisation, Person
from crisis_desk.people.passwords import hash_password
from crisis_desk.people.secret_models import Credentials
from crisis_desk.platform.database import Database
from crisis_desk.platform.migrate import upgrade
from tests.journal_checks import check_replay
from tests.people.cast import PASSWORD, SECRET, Cast, SetClock, Write
from tests.people.doors import Browser


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


def _lay_out(url: str) -> None:
    database = Database(url)
    upgrade(database)
    database.close()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "desk.sqlite"
    _lay_out(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def journal(request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock) -> Iterator[Journal]:
    """An empty journal on each engine; after the test its replay must give the same rows."""
    assert effects
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_file"), tmp_path / "desk.sqlite")
        url = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    else:
        url = request.getfixturevalue("postgresql").copy_of("empty", _lay_out)
    database = Database(url)
    made = Journal(database, clock)
    yield made
    check_replay(made)
    database.close()
    if request.param == "postgresql":
        request.getfixturevalue("postgresql").drop_database(url)


@pytest.fixture
def write(journal: Journal) -> Write:
    """Opens a transaction on the desk's chain and that of accesses, as the person who is named."""

    def open_as(person: Person | None = None, *, via: str = "page") -> AbstractContextManager[Transaction]:
        actor = Actor(person.id if person else None, None, via)  # type: ignore[arg-type]
        return journal.transaction(DESK, ACCESS, actor=actor)

    return open_as


@pytest.fixture
def people(write: Write) -> Cast:
    with write(via="command") as tx:
        press = add_organisation(tx, person=None, code="STTTT", name_vi="Sở Thử", name_en="Trial", kind="department")
        health = add_organisation(tx, person=None, code="SYT", name_vi="Sở Y", name_en="Health", kind="department")
        return Cast(
            press,
            health,
            _account(tx, "chu@desk.invalid", "Lê Thị Chủ", press, "administrator"),
            _account(tx, "ban@desk.invalid", "Phạm Văn Bạn", press, "drafter"),
            _account(tx, "la@desk.invalid", "Đoàn Thị Lạ", health, "approver"),
        )


def _account(tx: Transaction, email: str, name: str, body: Organisation, role: str) -> Person:
    account = invite(tx, person=None, email=email, name=name, title="", organisation_id=body.id, roles=[role])
    credentials = tx.session.get_one(Credentials, account.id)
    credentials.password_hash = KEPT_HASH
    credentials.totp_secret = SECRET if account.needs_second_factor else None
    return account


KEPT_HASH = hash_password(PASSWORD)


@pytest.fixture
def app(journal: Journal, clock: SetClock, tmp_path: Path) -> Iterator[Flask]:
    """The whole desk on the test's database and clock."""
    url = journal.database.url.render_as_string(hide_password=False)
    made = create_app(Config(data=tmp_path, database_url=url, pool_size=2), clock=clock)
    yield made
    made.extensions["desk"].database.close()


@pytest.fixture
def browser(app: Flask, clock: SetClock) -> Browser:
    return Browser(app, clock)
