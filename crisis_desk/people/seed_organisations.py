"""The bodies of May 2023 and their functions, laid out on an empty desk from a file that anybody can read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.actions.organisations import add_organisation, assign_function
from crisis_desk.people.models import Organisation

BODIES = Path(__file__).with_name("organisations_2023.yaml")


def seed_organisations(tx: Transaction) -> dict[str, Organisation]:
    """Adds every body of the file, parents first, and points the functions at them. Answers them by code.

    The transaction belongs to the command line, on the desk's chain.
    """
    content: dict[str, Any] = yaml.safe_load(BODIES.read_text(encoding="utf-8"))
    bodies: dict[str, Organisation] = {}
    for fields in content["organisations"]:
        parent = bodies[fields["parent"]] if "parent" in fields else None
        bodies[fields["code"]] = add_organisation(tx, person=None, **{**fields, "parent": parent})
    for function, code in content["functions"].items():
        assign_function(tx, person=None, function=function, to=bodies[code], valid_from=None)
    return bodies
