"""PDF files, read again."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from crisis_desk.paper import pdf as pdf_module
from crisis_desk.paper.fonts import FontMissing
from crisis_desk.paper.model import Heading, ImageSvg, Paragraph, Table
from crisis_desk.paper.pdf import pdf, png
from crisis_desk.paper.svg import UnsafeSvg
from tests.paper.papers import CHART, letterhead, long_report, short_paper


@cache
def report() -> PdfReader:
    return PdfReader(BytesIO(pdf(long_report())))


def words_of(text: str) -> str:
    return " ".join(text.split())


def text_of(paper: Any) -> str:
    reader = PdfReader(BytesIO(pdf(paper)))
    return words_of(" ".join(page.extract_text() for page in reader.pages))


def page_texts() -> list[str]:
    return [page.extract_text() for page in report().pages]


def test_vietnamese_words_are_found_again_letter_by_letter() -> None:
    sentence = "Nghị định của ỦY BAN NHÂN DÂN về sạt lở: ằẳẵặ ẪẬ ỹỵ ưừửữự ƠỜỞỠỢ đĐ ₫ ≥ ≤ → ½ m³/s."
    assert sentence.removesuffix(".") + "./." in text_of(short_paper(Paragraph(sentence)))


def test_decomposed_letters_come_out_composed() -> None:
    assert "sạt lở./." in text_of(short_paper(Paragraph("sa\u0323t lo\u031b\u0309")))


def test_what_looks_like_markup_is_printed_as_it_was_typed() -> None:
    typed = '#panic("x") *không đậm* _nghiêng_ $x^2$ - gạch -- "nháy" \\ <nhan> @ref [a] `mã` // chú thích'
    assert typed in text_of(short_paper(Paragraph(typed)))


def test_a_character_the_font_lacks_is_shown_as_a_box() -> None:
    assert "Cảnh báo ▯ khẩn ▯▯./." in text_of(short_paper(Paragraph("Cảnh báo 🔥 khẩn 中文")))


def test_the_national_title_stands_before_the_text() -> None:
    first = words_of(page_texts()[0])
    wanted = [
        "UBND TỈNH ĐỒNG NAI SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
        "/BC-STTTT",
        "Đồng Nai, ngày 05 tháng 5 năm 2023",
        "BÁO CÁO Kết quả xử lý sự cố truyền thông",
        "Kính gửi: - Ủy ban nhân dân tỉnh; - Ban Tuyên giáo Tỉnh ủy.",
        "I. KHÁI QUÁT SỰ CỐ 1. Thông tin chung",
    ]
    assert [part for part in wanted if part in first] == wanted
    assert sorted(wanted, key=first.index) == wanted


def test_a_party_paper_has_its_own_letterhead() -> None:
    head = letterhead(
        kind="party", parent_name="Tỉnh ủy Đồng Nai", issuer_name="Ban Tuyên giáo", number_sign="-BC/BTGTU", number=12
    )
    text = text_of(short_paper(letterhead=head))
    assert "TỈNH ỦY ĐỒNG NAI BAN TUYÊN GIÁO * ĐẢNG CỘNG SẢN VIỆT NAM Số 12-BC/BTGTU" in text
    assert "CỘNG HÒA" not in text


def test_the_closing_sign_stands_once_and_before_the_recipients() -> None:
    text = words_of(" ".join(page_texts()))
    assert text.count("./.") == 1
    assert "xem xét, chỉ đạo./. Nơi nhận: - Như trên;" in text
    assert "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC Nguyễn Văn Mẫu" in text


def test_pages_are_numbered_per_appendix_and_first_pages_are_not() -> None:
    numbers = [match[1] if (match := re.match(r"Dự thảo\s+(\d*)\s*DIỄN TẬP", text)) else None for text in page_texts()]
    starts = [page for page, number in enumerate(numbers) if number == ""]
    assert len(starts) == 4
    assert [re.search(r"Phụ lục (\w+)", page_texts()[page]) is not None for page in starts] == [False, True, True, True]
    for start, end in zip(starts, [*starts[1:], len(numbers)], strict=True):
        assert numbers[start:end] == ["", *map(str, range(2, end - start + 1))]


def test_drill_line_draft_mark_and_hash_stand_on_every_page() -> None:
    for text in page_texts():
        assert text.startswith("Dự thảo")
        assert "DIỄN TẬP - KHÔNG PHẢI SỰ CỐ THẬT" in text
        assert "Mã băm văn bản: 9f3c 27ab 51de" in text
    assert page_texts()[0].count("DIỄN TẬP - KHÔNG PHẢI SỰ CỐ THẬT") == 2


def test_the_header_of_a_table_repeats_on_every_page_it_reaches() -> None:
    rows = [(str(row), "Nội dung") for row in range(120)]
    reader = PdfReader(BytesIO(pdf(short_paper(Table(("TT", "Cột hai"), tuple(rows))))))
    assert len(reader.pages) > 2
    assert [page.extract_text().count("Cột hai") for page in reader.pages] == [1] * len(reader.pages)


def test_a_long_hash_breaks_inside_its_cell_and_is_copied_whole() -> None:
    text = text_of(short_paper(Table(("Mã", "Ghi chú"), (("9f3c27ab" * 8, "đúng"),), (1, 3))))
    assert "9f3c27ab" * 8 in text.replace(" ", "")
    assert "\u200b" not in text


def test_the_file_is_tagged_archival_and_accessible() -> None:
    root: Any = report().trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    found = [re.search(rf"<{tag}>(\w+)<", xmp) for tag in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")]
    assert [match and match[1] for match in found] == ["2", "A", "1"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "vi"


def test_every_font_in_the_file_is_tinos_and_embedded() -> None:
    for page in report().pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            assert re.fullmatch(r"/[A-Z]{6}\+Tinos-\w+", font.get_object()["/BaseFont"])
            assert "/FontFile2" in descendant["/FontDescriptor"].get_object()


def test_the_outline_holds_the_headings_in_their_depths() -> None:
    def flat(items: list[Any], depth: int = 1) -> list[tuple[int, str]]:
        return [
            pair
            for item in items
            for pair in (flat(item, depth + 1) if isinstance(item, list) else [(depth, item["/Title"])])
        ]

    assert flat(report().outline)[:4] == [
        (1, "BÁO CÁO"),
        (2, "I. KHÁI QUÁT SỰ CỐ"),
        (3, "1. Thông tin chung"),
        (3, "2. Diễn biến chính"),
    ]


def test_a_letter_without_title_may_begin_with_any_heading() -> None:
    blocks = (Heading("Riêng", "clause"), Paragraph("Nội dung."))
    paper = short_paper(*blocks, title="", abstract="", letterhead=letterhead(subject="báo tin"))
    assert "V/v báo tin" in text_of(paper)
    assert "1. Riêng Nội dung./." in text_of(paper)


def test_the_same_paper_makes_the_same_file() -> None:
    assert pdf(long_report()) == pdf(long_report())


def test_properties_tell_title_and_time_and_no_author() -> None:
    information = report().metadata
    assert information is not None
    assert information.title == long_report().name
    assert information.author is None
    assert str(information.creation_date) == "2023-05-12 14:35:00+00:00"


def test_missing_fonts_stop_the_paper_instead_of_changing_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "font_folder", lambda: tmp_path)
    with pytest.raises(FontMissing, match="tinos"):
        pdf(short_paper())


def test_a_chart_becomes_a_png_of_its_shape() -> None:
    picture = png(CHART, dots_per_inch=72)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
    assert round(width / height, 1) == 2.5


@pytest.mark.parametrize(
    "drawing",
    [
        '<svg xmlns="http://www.w3.org/2000/svg"><rect onclick="x"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><rect fill="url(http://a.invalid)"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>',
        "<svg",
        "<p/>",
    ],
)
def test_a_chart_that_holds_more_than_shapes_is_refused(drawing: str) -> None:
    with pytest.raises(UnsafeSvg):
        pdf(short_paper(ImageSvg(drawing, "x")))


def test_the_template_never_reads_a_text_as_markup() -> None:
    template = (Path(pdf_module.__file__).with_name("paper.typ")).read_text(encoding="utf-8")
    assert re.findall(r"\beval\b", template) == []
