"""The report as files: opened as their readers open them, in the layout and words of the form."""

from __future__ import annotations

import io
import re

import docx
import pytest
from pypdf import PdfReader

from crisis_desk.incidents.models import Incident
from crisis_desk.paper.model import Paper, Table
from crisis_desk.reports.files import FORMS, file_name, made
from crisis_desk.reports.paper_of_incident import Bodies, bodies_at, paper_of_incident
from crisis_desk.reports.timeline import LANES
from crisis_desk.reports.timeline_svg import timeline_svg
from tests.reports.conftest import ReportDesk


@pytest.fixture
def handled(desk: ReportDesk) -> Incident:
    incident = desk.incident(severity=3, drill=True)
    desk.acknowledge(incident)
    desk.assign(incident, "verifier.syt", "verifier")
    desk.clock.pass_by(minutes=10)
    desk.released(incident)
    desk.clock.pass_by(minutes=30)
    desk.move(incident, "active", "closed", "reviewed")
    return incident


def bodies(desk: ReportDesk) -> Bodies:
    with desk.journal.database.reading() as session:
        return bodies_at(session, desk.clock())


def paper(desk: ReportDesk, incident: Incident, language: str = "vi") -> Paper:
    return paper_of_incident(desk.review(incident, language), bodies(desk))


def file(desk: ReportDesk, incident: Incident, form: str, language: str = "vi") -> bytes:
    return made(form, desk.review(incident, language), bodies(desk), "")


def test_the_frame_is_filled_from_functions_and_the_number_left_to_the_registry(
    desk: ReportDesk, handled: Incident
) -> None:
    found = paper(desk, handled)
    assert (found.letterhead.issuer_name, found.letterhead.number) == ("Sở Thông tin và Truyền thông", None)
    assert found.letterhead.number_sign.startswith("/BC-")
    assert found.addressees == ("UBND tỉnh",)
    assert found.recipients.names == ("Như trên", "Ban Tuyên giáo Tỉnh ủy", "Sở Y tế")
    assert found.drill_line == "DIỄN TẬP – KHÔNG PHẢI SỰ VIỆC THẬT"
    assert [ground.split(" ngày")[0] for ground in found.grounds] == [
        "Căn cứ Công văn số 4995/UBND-KGVX",
        "Căn cứ Nghị định số 09/2017/NĐ-CP",
    ]


def test_appendices_keep_the_numbers_of_the_form_and_empty_ones_are_left_out(
    desk: ReportDesk, handled: Incident
) -> None:
    assert [appendix.number for appendix in paper(desk, handled).appendices] == [1, 2, 5, 6]
    silent = desk.incident(severity=1)
    assert [appendix.number for appendix in paper(desk, silent).appendices] == [1, 6]


def test_a_paper_is_a_draft_until_the_incident_is_reviewed(desk: ReportDesk, handled: Incident) -> None:
    assert paper(desk, handled).draft is False
    assert paper(desk, desk.incident()).draft is True


def test_a_word_file_has_the_sections_of_the_form_in_order(desk: ReportDesk, handled: Incident) -> None:
    document = docx.Document(io.BytesIO(file(desk, handled, "docx")))
    lines = [paragraph.text.strip() for paragraph in document.paragraphs]
    sections = [line for line in lines if re.match(r"[IVX]+\. [^a-z]+$", line)]
    assert sections == [
        "I. KHÁI QUÁT SỰ CỐ",
        "II. CÔNG TÁC CHỈ ĐẠO, PHỐI HỢP",
        "III. KẾT QUẢ XỬ LÝ",
        "IV. ĐÁNH GIÁ",
        "V. BÀI HỌC KINH NGHIỆM",
        "VI. NHIỆM VỤ, GIẢI PHÁP KHẮC PHỤC",
        "VII. ĐỀ XUẤT, KIẾN NGHỊ",
    ]
    assert sum(line.endswith("./.") for line in lines) == 1


def test_a_pdf_says_in_vietnamese_what_the_record_says(desk: ReportDesk, handled: Incident) -> None:
    reader = PdfReader(io.BytesIO(file(desk, handled, "pdf")))
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))
    integrity = desk.review(handled).integrity
    for said in (
        "Kính gửi: UBND tỉnh",
        "Thời gian tiếp nhận",
        "Hệ thống chưa theo dõi đề nghị của báo chí",
        "không tính là đạt",
        "Phụ lục VI",
        "nhật ký khớp",
        "Tính đến 21 giờ 35, 37 người đã được thăm khám.",
    ):
        assert said in text
    assert integrity.last_hash in text.replace(" ", "")
    assert all("DIỄN TẬP" in page.extract_text() for page in reader.pages)


def test_english_papers_speak_english(desk: ReportDesk, handled: Incident) -> None:
    text = file(desk, handled, "md", "en").decode()
    assert "Department of Information and Communications" in text
    assert "neither is counted as met" in text
    assert "EXERCISE – NOT A REAL INCIDENT" in text


def test_what_people_typed_is_text_in_every_form(desk: ReportDesk) -> None:
    incident = desk.incident(severity=3)
    desk.note(incident, "<script>alert(1)</script> | **đậm** #=$x")
    page = file(desk, incident, "html").decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert {form: bool(file(desk, incident, form)) for form in FORMS} == dict.fromkeys(FORMS, True)


def test_a_file_name_holds_nothing_but_letters_digits_and_hyphens(desk: ReportDesk, handled: Incident) -> None:
    assert file_name(desk.review(handled), "docx") == f"{handled.code}-report-vi.docx"


def test_every_event_stands_in_the_table_and_the_drawing_has_a_lane_for_each_kind(
    desk: ReportDesk, handled: Incident
) -> None:
    review = desk.review(handled)
    table = next(block for block in paper(desk, handled).appendices[0].blocks if isinstance(block, Table))
    assert len(table.rows) == review.head == len(review.timeline.events)
    drawing = str(timeline_svg(review.timeline, "vi"))
    assert drawing.count('class="lane"') == len(LANES)
    assert "style=" not in drawing
    marks = drawing.count("<title>")
    assert marks == len(review.timeline.drawn) == review.head - review.timeline.later


def test_the_integrity_of_the_journal_is_confirmed_or_denied(desk: ReportDesk, handled: Incident) -> None:
    integrity = desk.review(handled).integrity
    assert (integrity.holds, integrity.entries) == (True, desk.record(handled).head)
    assert integrity.first_hash != integrity.last_hash
