"""The words of a paper in their places."""

import pytest

from crisis_desk.paper import layout
from crisis_desk.paper.characters import clean, printable
from crisis_desk.paper.drawing import broken
from crisis_desk.paper.measure import balanced, width
from crisis_desk.paper.model import (
    Appendix,
    BulletList,
    Heading,
    Paragraph,
    Points,
    Recipients,
    Run,
    Signature,
    Table,
)
from crisis_desk.paper.text import plain, with_end
from tests.paper.papers import letterhead, short_paper

BLANK = "\u00a0" * 8


def test_the_number_stays_blank_until_the_registry_gives_it() -> None:
    assert layout.mast(short_paper()).number == f"Số: {BLANK}/BC-STTTT"


def test_a_given_number_below_ten_has_a_leading_zero() -> None:
    assert layout.mast(short_paper(letterhead=letterhead(number=5))).number == "Số: 05/BC-STTTT"


def test_a_state_paper_has_the_national_title_and_names_in_capitals() -> None:
    mast = layout.mast(short_paper())
    assert (mast.parent, mast.issuer, mast.mark) == ("UBND TỈNH ĐỒNG NAI", "SỞ THÔNG TIN VÀ TRUYỀN THÔNG", "")
    assert (mast.above, mast.motto) == ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
    assert mast.place_and_date == "Đồng Nai, ngày 05 tháng 5 năm 2023"


def test_a_party_paper_has_no_motto_a_star_and_a_number_without_colon() -> None:
    head = letterhead(
        kind="party", parent_name="Tỉnh ủy Đồng Nai", issuer_name="Ban Tuyên giáo", number_sign="-BC/BTGTU"
    )
    mast = layout.mast(short_paper(letterhead=head))
    assert (mast.above, mast.motto, mast.mark) == ("ĐẢNG CỘNG SẢN VIỆT NAM", "", "*")
    assert mast.number == f"Số {BLANK}-BC/BTGTU"


def test_a_letter_has_its_subject_under_the_number() -> None:
    head = letterhead(subject="cung cấp thông tin 100% đúng hạn", number_sign="/STTTT-TTBCXB")
    paper = short_paper(letterhead=head, title="", abstract="")
    assert layout.mast(paper).subject == "V/v cung cấp thông tin 100% đúng hạn"
    assert paper.name == "cung cấp thông tin 100% đúng hạn"


def test_an_english_paper_has_english_labels() -> None:
    mast = layout.mast(short_paper(language="en"))
    assert mast.above == "SOCIALIST REPUBLIC OF VIET NAM"
    assert mast.number == f"No.: {BLANK}/BC-STTTT"
    assert mast.place_and_date == "Đồng Nai, 5 May 2023"


def test_one_addressee_stands_on_the_line_of_the_label() -> None:
    assert layout.addressee_lines(short_paper(addressees=("Ủy ban nhân dân tỉnh",))) == (
        "Kính gửi: Ủy ban nhân dân tỉnh",
    )


def test_several_addressees_stand_under_the_label_behind_dashes() -> None:
    paper = short_paper(addressees=("Ủy ban nhân dân tỉnh", "Tỉnh ủy"))
    assert layout.addressee_lines(paper) == ("Kính gửi:", "- Ủy ban nhân dân tỉnh;", "- Tỉnh ủy.")


def test_recipients_end_with_the_archive() -> None:
    paper = short_paper(recipients=Recipients(("Như trên;", "Như trên"), "VT, TTBCXB"))
    assert layout.recipient_lines(paper) == ("- Như trên;", "- Như trên;", "- Lưu: VT, TTBCXB.")


def test_grounds_end_with_semicolons_and_the_last_with_a_stop() -> None:
    paper = short_paper(grounds=("Căn cứ Luật A.", "Căn cứ Luật B;"))
    assert layout.ground_lines(paper) == ("Căn cứ Luật A;", "Căn cứ Luật B.")


@pytest.mark.parametrize(
    ("signature", "lines"),
    [
        (Signature("Giám đốc"), ("GIÁM ĐỐC",)),
        (Signature("Giám đốc", "Q."), ("Q. GIÁM ĐỐC",)),
        (Signature("Phó Giám đốc", "KT.", "Giám đốc"), ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")),
        (Signature("Chủ tịch", "TM.", "Ủy ban nhân dân"), ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
    ],
)
def test_the_authority_stands_before_whom_it_comes_from(signature: Signature, lines: tuple[str, ...]) -> None:
    assert layout.signature_lines(signature) == lines


def test_one_appendix_has_no_number_and_several_have_roman_ones() -> None:
    assert layout.appendix_label(1, 1, "vi") == "Phụ lục"
    assert [layout.appendix_label(number, 3, "vi") for number in (1, 2, 3)] == [
        "Phụ lục I",
        "Phụ lục II",
        "Phụ lục III",
    ]


def test_an_appendix_keeps_the_number_that_its_form_gives_it() -> None:
    paper = short_paper(appendices=(Appendix("Một", ()), Appendix("Sáu", (), number=6)))
    assert [layout.label_of(paper, place) for place in (1, 2)] == ["Phụ lục I", "Phụ lục VI"]


def test_headings_are_numbered_by_level_and_never_skip_a_depth() -> None:
    headings = (
        Heading("một", "part"),
        Heading("khái quát"),
        Heading("Chung", "clause"),
        Heading("Diễn biến", "clause"),
        Heading("kết quả"),
        Heading("Chung", "clause"),
        Heading("Lời cuối", "clause", numbered=False),
        Heading("hai", "part"),
        Heading("Riêng", "clause"),
    )
    items = [*layout.numbered(headings, "vi", above=1)]
    assert [(layout.heading_text(item), item.depth) for item in items] == [
        ("Phần I\nMỘT", 2),
        ("I. KHÁI QUÁT", 3),
        ("1. Chung", 4),
        ("2. Diễn biến", 4),
        ("II. KẾT QUẢ", 3),
        ("1. Chung", 4),
        ("Lời cuối", 4),
        ("Phần II\nHAI", 2),
        ("1. Riêng", 3),
    ]


@pytest.mark.parametrize("last", ["Hết", "Hết.", "Hết;", "Hết./.", "Hết ./. "])
def test_the_text_ends_with_the_closing_sign_once(last: str) -> None:
    assert with_end((Paragraph(last),), "") == (Paragraph("Hết./."),)
    assert with_end((Paragraph("Một./."),), last) == (Paragraph("Một."), Paragraph("Hết./."))


def test_the_closing_sign_is_put_behind_the_last_item_of_a_list_and_the_last_run() -> None:
    text = (Run("Hết"), Run(" rồi.", bold=True))
    assert with_end((Points(("một;", text)),), "") == (Points(("một;", (Run("Hết"), Run(" rồi./.", bold=True)))),)
    assert with_end((BulletList(("một;", "hai.")),), "") == (BulletList(("một;", "hai./.")),)


def test_the_closing_sign_stands_alone_under_a_table() -> None:
    table = Table(("A",), (("x./.",),))
    assert with_end((table,), "") == (table, Paragraph("./."))


def test_long_names_break_evenly_and_not_behind_a_joining_word() -> None:
    assert balanced("SỞ THÔNG TIN VÀ TRUYỀN THÔNG", "700-normal", 12, 193) == ("SỞ THÔNG TIN", "VÀ TRUYỀN THÔNG")


def test_a_line_feed_in_a_name_breaks_it_there() -> None:
    assert balanced("SỞ THÔNG TIN VÀ\nTRUYỀN THÔNG", "700-normal", 12, 500) == ("SỞ THÔNG TIN VÀ", "TRUYỀN THÔNG")


def test_a_text_longer_than_any_name_is_left_whole() -> None:
    assert len(balanced("chữ " * 300, "700-normal", 14, 400)) == 1


def test_the_rule_under_a_name_is_between_a_third_and_a_half_of_it() -> None:
    name = broken("SỞ NỘI VỤ", "700-normal", 12, 70)
    share = name.rule / width("SỞ NỘI VỤ", "700-normal", 12)
    assert name.lines == ("SỞ NỘI VỤ",)
    assert 1 / 3 < share < 1 / 2


def test_hidden_signs_are_left_out_and_control_characters_shown() -> None:
    assert clean("sa\u0323t\u200b l\u202eở\ufe0f\x07\ta\r\nb\u2029c\ud800") == "sạt lở▯ a\nb\nc▯"


def test_the_font_shows_what_it_lacks_as_a_box_each() -> None:
    assert printable("Cảnh báo 🔥🔥 中 ≥ 2 → \u2212 3\u20112") == "Cảnh báo ▯▯ ▯ ≥ 2 → – 3-2"


def test_a_table_whose_rows_do_not_fit_its_header_is_refused() -> None:
    with pytest.raises(ValueError, match="column"):
        Table(("A", "B"), (("chỉ một",),))


def test_the_plain_text_of_runs_is_their_texts() -> None:
    assert plain((Run("a", bold=True), Run("b"))) == "ab"
