"""How a request writes: as the signed-in person, once per Idempotency-Key, in one transaction with its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from flask import Response, request
from marshmallow import Schema

from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.signed_in import principal
from crisis_desk.platform.errors import Invalid, Stale
from crisis_desk.platform.idempotency import keep_answer, kept_answer, request_hash
from crisis_desk.platform.web import desk
from crisis_desk.platform.web_api import json_answer
from crisis_desk.platform.words import N_

LONGEST_KEY = 100


def write(
    work: Callable[[Transaction], Any], shape: Schema | None, *streams: str, status: int = 200, scope: str = "write"
) -> Response:
    """Runs `work` in a transaction on `streams` and answers with what it returns, in `shape`, or as it is without one.

    The route has checked what the person may see before; a repeated key gives the answer of the first time.
    Raises `Forbidden` when a token lacks the scope, `Conflict` for a key used with another body.
    """
    asking = principal()
    asking.require_scope(scope)
    key, body_hash = _key(), request_hash(request.get_data())
    with desk().journal.transaction(*streams, actor=asking.actor) as tx:
        if key is not None:
            kept = kept_answer(tx.session, asking.person.id, request.path, key, body_hash)
            if kept is not None:
                return json_answer(orjson.loads(kept.body), kept.status)
        result = _done(work, tx, shape)
        body = shape.dump(result) if shape is not None else result
        if key is not None:
            text = orjson.dumps(body, default=str).decode()
            keep_answer(tx.session, asking.person.id, request.path, key, body_hash, status, text, tx.now)
    return json_answer(body, status)


def _done(work: Callable[[Transaction], Any], tx: Transaction, shape: Schema | None) -> Any:
    try:
        return work(tx)
    except Stale as stale:
        # The refusal shows the object as it is now, in the same shape as an answer would.
        if shape is not None:
            stale.present = orjson.loads(orjson.dumps(shape.dump(stale.present), default=str))
        raise


def _key() -> str | None:
    key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
    if key is not None and not 1 <= len(key) <= LONGEST_KEY:
        raise Invalid(errors={"idempotency_key": [N_("An Idempotency-Key has 1 to 100 characters.")]})
    return key
