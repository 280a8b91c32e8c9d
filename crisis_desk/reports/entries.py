"""What reports put in the journal: what reviewers wrote, and every file that left the desk."""

from __future__ import annotations

from dataclasses import dataclass

from crisis_desk.journal.entries import Entry, entry
from crisis_desk.platform.words import N_

_ID = "0b6f6d0e-5a1c-4f0e-9a53-0d2f6f3f7a11"


@entry(
    "review.section_written",
    sentence=N_("%(person)s wrote the section “%(section_title)s” of the review"),
    example={"section": "lessons", "text": "Một đầu mối chốt số liệu y tế.", "version": 1},
)
@dataclass(frozen=True)
class SectionWritten(Entry):
    """A section of the review in its whole new wording; earlier wordings stay in the journal."""

    section: str
    text: str
    version: int


@entry(
    "report.exported",
    sentence=N_("%(person)s took the report of %(code)s away as %(form)s, journal up to %(head)s"),
    example={
        "incident_id": _ID, "code": "DT-00", "form": "docx", "language": "vi", "head": 61, "file_sha256": "7c1e" * 16,
    },
)  # fmt: skip
@dataclass(frozen=True)
class ReportExported(Entry):
    """A file with the report was made for somebody; `head` is the incident's last entry that it knows."""

    incident_id: str
    code: str
    form: str
    language: str
    head: int
    file_sha256: str
