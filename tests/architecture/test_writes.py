"""Law one: every write appends entries in its own transaction, or does not happen."""

from __future__ import annotations

import ast

from tests.architecture.sources import callers, calls, files, imports, name_of

# Who may write without an entry, and what. A new caller comes here with its reason, or writes through an action.
UNJOURNALLED = {
    "crisis_desk/people/routes/account.py": {"a secret is kept until a code confirms it"},
    "crisis_desk/people/routes/account_page.py": {"how the desk looks to one person"},
    "crisis_desk/people/routes/api_me.py": {"how the desk looks to one person"},
    "crisis_desk/people/routes/pages.py": {"a wrong password is counted though nothing was written"},
    "crisis_desk/people/routes/sign_in.py": {"the same password, hashed with today's settings"},
    "crisis_desk/people/signed_in.py": {
        "a wrong second factor is counted though nothing was written",
        "when a session or token was last used, once a minute",
    },
    # Keystrokes, compaction and what opening a draft leaves behind, by one method that names the reason.
    "crisis_desk/statements/draft_room.py": {"draft keystrokes", "draft compaction"},
    "crisis_desk/timed_jobs.py": {"answers older than seven days are forgotten"},
}
COMMITTING = {"crisis_desk/journal/transaction.py"}
# Beginning a transaction of one's own is half of committing.
BEGINNING = {
    "crisis_desk/journal/transaction.py": "the one place that commits",
    "crisis_desk/journal/stored.py": "reads all chains in one state",
    "crisis_desk/platform/migrate.py": "lays out tables before anything can be written",
}
INSIDE = {"actions", "queries", "rules", "effects", "schemas", "models", "entries"}
# Bound to the class, not to a session, these would pass by the alarm that hangs on the session.
UNWATCHED = {"bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings", "exec_driver_sql", "executescript"}


def test_only_the_journal_commits() -> None:
    assert callers("commit") == COMMITTING


def test_nobody_else_begins_a_transaction() -> None:
    assert callers("begin") == set(BEGINNING)


def test_whoever_writes_without_an_entry_is_listed_with_a_reason() -> None:
    found = callers("unjournalled_transaction") - COMMITTING
    assert found == set(UNJOURNALLED)


def test_the_reason_given_in_the_code_is_the_listed_one() -> None:
    given = {
        (name_of(path), argument.value)
        for path in files("crisis_desk", ".py")
        for name, call in calls(path)
        if name == "unjournalled_transaction"
        for argument in call.args[:1]
        if hasattr(argument, "value")
    }
    listed = {(path, reason) for path, reasons in UNJOURNALLED.items() for reason in reasons}
    assert given - listed == set()


def test_no_statement_passes_by_the_alarm() -> None:
    allowed = {
        "crisis_desk/platform/database.py",
        "crisis_desk/platform/prepared.py",
        "crisis_desk/journal/transaction.py",
    }
    assert callers(*UNWATCHED) - allowed == set()


def test_effects_use_neither_clock_nor_chance() -> None:
    # They run again when the journal is replayed, and must then do the same.
    forbidden = {"now", "utcnow", "today", "time", "uuid4", "random", "token_hex", "choice", "randint", "desk"}
    effects = [path for path in files("crisis_desk", ".py") if "effects" in {path.stem, path.parent.name}]
    found = {(name_of(path), name) for path in effects for name, _ in calls(path) if name in forbidden}
    assert found == set()
    assert len(effects) > 1


def test_below_the_doors_nobody_reads_the_clock() -> None:
    # `tx.now` and arguments say what time it is; a test then says it too.
    clocks = {"time", "crisis_desk.platform.clock.now", "crisis_desk.platform.clock.Clock"}
    inside = [path for path in files("crisis_desk", ".py") if INSIDE & {path.stem, path.parent.name}]
    imported = {(name_of(path), clock) for path in inside for clock in clocks & imports(path)}
    called = {
        (name_of(path), ast.unparse(call.func))
        for path in inside
        for name, call in calls(path)
        if ast.unparse(call.func) in {"datetime.now", "datetime.utcnow", "date.today", "datetime.today"}
    }
    assert imported | called == set()
    assert len(inside) > 10
