"""Word files, opened again."""

import zipfile
from functools import cache
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import docx as word
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as Line

from crisis_desk.paper.docx import docx
from crisis_desk.paper.model import ImageSvg, Paragraph
from crisis_desk.paper.svg import UnsafeSvg
from tests.paper.papers import MADE_AT, letterhead, long_report, short_paper

FONT_SCRIPTS = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")


@cache
def report() -> bytes:
    return docx(long_report())


@pytest.fixture
def document() -> Document:
    return word.Document(BytesIO(report()))


def texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text]


def named(document: Document, text: str) -> Line:
    return next(paragraph for paragraph in document.paragraphs if paragraph.text == text)


def borders(paragraph: Line) -> list[str]:
    found = paragraph._p.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}/*")
    return [side.tag.rpartition("}")[2] for side in found]


def has_page_field(paragraphs: list[Line]) -> bool:
    return any(" PAGE " in (node.text or "") for line in paragraphs for node in line._p.iter(qn("w:instrText")))


def test_the_page_is_a4_with_the_margins_of_the_decree(document: Document) -> None:
    for section in document.sections:
        size = (section.page_width, section.page_height)
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(length.mm) for length in (*size, *margins) if length] == [210, 297, 20, 20, 30, 20]


def test_every_style_in_use_is_times_new_roman_in_every_script(document: Document) -> None:
    for name in ("Normal", "Body Text", "Table Text", "Heading 1", "Heading 2", "Heading 3"):
        fonts = document.styles[name].element.find(qn("w:rPr")).find(qn("w:rFonts"))
        assert [fonts.get(qn(script)) for script in FONT_SCRIPTS] == ["Times New Roman"] * 4
        assert not [key for key in fonts.attrib if key.endswith("Theme")]


def test_body_text_is_justified_14_point_with_first_line_indent_and_space_after(document: Document) -> None:
    style: Any = document.styles["Body Text"]
    layout = style.paragraph_format
    assert (style.font.size, layout.space_after) == (Pt(14), Pt(6))
    assert round(layout.first_line_indent.mm, 1) == 12.7
    assert str(layout.alignment) == "JUSTIFY (3)"


def test_the_letterhead_is_a_table_of_two_columns_without_borders(document: Document) -> None:
    table = document.tables[0]
    left, right = table.rows[0].cells
    assert left.text.split("\n")[:3] == ["UBND TỈNH ĐỒNG NAI", "SỞ THÔNG TIN", "VÀ TRUYỀN THÔNG"]
    assert right.text.split("\n")[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert table.cell(1, 0).text == "Số: " + "\u00a0" * 8 + "/BC-STTTT"
    assert table.cell(1, 1).text == "Đồng Nai, ngày 05 tháng 5 năm 2023"
    assert table._tbl.findall(f".//{qn('w:tblBorders')}") == []


def test_the_rule_under_the_motto_is_as_long_as_the_motto(document: Document) -> None:
    rule = document.tables[0].cell(0, 1).paragraphs[-1]
    layout = rule.paragraph_format
    assert layout.left_indent is not None
    assert layout.right_indent is not None
    assert borders(rule) == ["top"]
    assert round(90 - layout.left_indent.mm - layout.right_indent.mm) == 56


def test_the_rule_under_the_issuer_is_shorter_than_its_name(document: Document) -> None:
    rule = document.tables[0].cell(0, 0).paragraphs[-1]
    assert borders(rule) == ["top"]
    assert rule.paragraph_format.left_indent is not None
    assert 12 < 70 - 2 * rule.paragraph_format.left_indent.mm < 20


def test_a_party_paper_has_no_rule_but_a_star_under_its_issuer() -> None:
    head = letterhead(kind="party", parent_name="Tỉnh ủy Đồng Nai", issuer_name="Ban Tuyên giáo")
    table = word.Document(BytesIO(docx(short_paper(letterhead=head)))).tables[0]
    assert table.cell(0, 0).text == "TỈNH ỦY ĐỒNG NAI\nBAN TUYÊN GIÁO\n*"
    assert table.cell(0, 1).text == "ĐẢNG CỘNG SẢN VIỆT NAM\n"
    assert borders(table.cell(0, 1).paragraphs[-1]) == ["top"]


def test_the_text_stands_in_the_order_of_the_decree(document: Document) -> None:
    wanted = (
        "BÁO CÁO",
        "Kính gửi:",
        "- Ban Tuyên giáo Tỉnh ủy.",
        "I. KHÁI QUÁT SỰ CỐ",
        "1. Thông tin chung",
        "Tên sự cố: sạt lở bờ sông, mã LUA-27.",
        "2. Diễn biến chính",
        "- 19 giờ 40: tiếp nhận phản ánh;",
        "II. KẾT QUẢ XỬ LÝ",
        "a) Tiếp nhận 9 đề nghị;",
        "đ) Quá hạn 1.",
        "Phụ lục I",
        "DÒNG THỜI GIAN",
        "(Kèm theo Báo cáo của Sở Thông tin và Truyền thông)",
        "Phụ lục II",
        "Phụ lục III",
    )
    assert tuple(text for text in texts(document) if text in wanted) == wanted


def test_the_closing_sign_stands_once_in_the_whole_text(document: Document) -> None:
    assert [text[-12:] for text in texts(document) if "./." in text] == [", chỉ đạo./."]


def test_recipients_stand_level_with_the_signature(document: Document) -> None:
    closing = next(table for table in document.tables if "Nơi nhận:" in table.cell(0, 0).text)
    assert closing.cell(0, 0).text.split("\n") == [
        "Nơi nhận:",
        "- Như trên;",
        "- Chủ tịch, các PCT UBND tỉnh;",
        "- Công an tỉnh;",
        "- Lưu: VT, TTBCXB.",
    ]
    assert closing.cell(0, 1).text.split("\n") == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Nguyễn Văn Mẫu"]


def test_page_numbers_stand_at_the_top_but_not_on_first_pages(document: Document) -> None:
    section = document.sections[0]
    assert section.different_first_page_header_footer
    assert has_page_field(section.header.paragraphs)
    assert not has_page_field(section.first_page_header.paragraphs)


def test_every_appendix_counts_its_pages_from_one(document: Document) -> None:
    starts = [section._sectPr.find(qn("w:pgNumType")) for section in document.sections]
    assert [None if start is None else start.get(qn("w:start")) for start in starts] == [None, "1", "1", "1"]
    assert all(section.different_first_page_header_footer for section in document.sections)


def test_the_drill_line_stands_in_the_text_and_on_every_page(document: Document) -> None:
    line = "DIỄN TẬP - KHÔNG PHẢI SỰ CỐ THẬT"
    assert texts(document)[0] == line
    assert borders(named(document, line)) == ["top", "left", "bottom", "right"]
    for section in document.sections:
        for header in (section.header, section.first_page_header):
            assert header.paragraphs[-1].text == line


def test_a_draft_says_so_on_every_page(document: Document) -> None:
    section = document.sections[0]
    assert section.first_page_header.paragraphs[0].text == "Dự thảo"
    assert section.header.paragraphs[0].text.startswith("Dự thảo\t")


def test_the_foot_of_every_page_carries_hash_head_and_code(document: Document) -> None:
    for footer in (document.sections[0].footer, document.sections[0].first_page_footer):
        words, code = footer.tables[0].rows[0].cells
        assert words.text.split("\n")[:2] == [
            "Mã băm văn bản: 9f3c 27ab 51de",
            "Đầu nhật ký: incident:2f 118 c0ffee12",
        ]
        described = [node.get("descr") for node in code._tc.iter(qn("wp:docPr"))]
        assert described == ["Mã QR để kiểm tra văn bản này"]


def test_table_headers_repeat_and_rows_stay_whole(document: Document) -> None:
    table = next(table for table in document.tables if table.cell(0, 0).text == "TT")
    assert len(table.rows) == 15
    first, second = (row._tr.find(qn("w:trPr")) for row in table.rows[:2])
    assert first.find(qn("w:tblHeader")) is not None
    assert second.find(qn("w:cantSplit")) is not None


def test_table_columns_share_the_width_of_the_text(document: Document) -> None:
    table = next(table for table in document.tables if table.cell(0, 0).text == "TT")
    widths = [cell.width for cell in table.rows[1].cells]
    assert [round(width.mm, 1) for width in widths if width] == [10.7, 32.0, 74.7, 42.7]


def test_a_chart_becomes_a_picture_described_in_words(document: Document) -> None:
    assert len(document.inline_shapes) == 1
    picture = document.inline_shapes[0]
    assert round(Mm(110).mm) == round(picture.width.mm)
    assert picture._inline.docPr.get("descr") == "Biểu đồ số đề nghị của báo chí theo giờ"


def test_word_checks_the_spelling_in_the_language_of_the_paper() -> None:
    for language, tag in (("vi", "vi-VN"), ("en", "en-GB")):
        document = word.Document(BytesIO(docx(short_paper(language=language))))
        found = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
        assert (found.get(qn("w:val")), found.get(qn("w:eastAsia"))) == (tag, tag)


def test_properties_name_the_paper_and_no_program_as_its_author(document: Document) -> None:
    properties = document.core_properties
    assert properties.title == long_report().name
    assert (properties.author, properties.comments, properties.last_modified_by) == ("", "", "")
    assert (properties.created, properties.modified) == (MADE_AT, MADE_AT)


def test_the_file_holds_no_thumbnail_of_a_template() -> None:
    names = zipfile.ZipFile(BytesIO(report())).namelist()
    assert [name for name in names if "thumbnail" in name] == []


def test_a_chart_with_a_script_is_refused() -> None:
    image = ImageSvg('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "x")
    with pytest.raises(UnsafeSvg, match="script"):
        docx(short_paper(image))


def test_a_line_feed_in_a_paragraph_is_a_line_break() -> None:
    document = word.Document(BytesIO(docx(short_paper(Paragraph("một\nhai"), Paragraph("ba")))))
    assert texts(document)[-2:] == ["một\nhai", "ba./."]


ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
}


def test_properties_stand_in_the_order_that_word_accepts_without_repair() -> None:
    parts = zipfile.ZipFile(BytesIO(report()))
    names = [name for name in parts.namelist() if name.endswith(".xml") and name.startswith("word/")]
    checked = 0
    for name in names:
        for element in ET.fromstring(parts.read(name)).iter():
            order = ORDER.get(element.tag.rpartition("}")[2])
            if order and "wordprocessingml" in element.tag:
                places = [order.split().index(child.tag.rpartition("}")[2]) for child in element]
                assert places == sorted(places), (name, [child.tag for child in element])
                checked += 1
    assert checked > 500
