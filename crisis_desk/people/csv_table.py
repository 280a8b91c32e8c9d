"""A table of accounts as offices export it: UTF-8, separated by commas or semicolons, headings in the first row."""

from __future__ import annotations

import csv
import io

from crisis_desk.platform.errors import Invalid
from crisis_desk.platform.words import _

NEEDED = ("email", "name", "organisation", "roles")
OPTIONAL = ("title", "phone", "language")
MOST_ROWS = 1000


def read_rows(text: str) -> list[tuple[int, dict[str, str]]]:
    """Each row that holds something, with the number of its line. Raises `Invalid` for a table that can't be read."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first = lines.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(lines), delimiter=";" if first.count(";") > first.count(",") else ",")
    reader.fieldnames = [heading.strip().casefold() for heading in reader.fieldnames or []]
    _check_headings(reader.fieldnames)
    rows = []
    for row in reader:
        # A row with more cells than headings keeps the rest under None.
        rest = row.pop(None, None)
        if rest:
            raise Invalid(errors={f"{reader.line_num}": [_("This row has more cells than there are headings.")]})
        cells = {heading: (cell or "").strip() for heading, cell in row.items()}
        if any(cells.values()):
            rows.append((reader.line_num, cells))
    if not 0 < len(rows) <= MOST_ROWS:
        raise Invalid(errors={"csv": [_("A table holds 1 to %(count)s accounts.", count=MOST_ROWS)]})
    return rows


def _check_headings(headings: list[str]) -> None:
    missing = [heading for heading in NEEDED if heading not in headings]
    unknown = [heading for heading in headings if heading not in (*NEEDED, *OPTIONAL)]
    if missing:
        raise Invalid(errors={"csv": [_("The column “%(heading)s” is missing.", heading=missing[0])]})
    if unknown:
        raise Invalid(errors={"csv": [_("The desk does not know the column “%(heading)s”.", heading=unknown[0])]})
