"""Papers as HTML."""

from xml.etree import ElementTree as ET

import pytest

from crisis_desk.paper.html import html
from crisis_desk.paper.model import Heading, ImageSvg, Paragraph, Points, Run, Table
from crisis_desk.paper.svg import UnsafeSvg
from tests.paper.papers import CHART, long_report, short_paper


def tree(source: str) -> ET.Element:
    return ET.fromstring(str(source).replace("<br>", "<br/>").replace("<hr>", "<hr/>"))


def texts(root: ET.Element, path: str) -> list[str]:
    return ["".join(found.itertext()) for found in root.findall(path)]


def test_the_whole_paper_is_one_article_in_its_language() -> None:
    root = tree(html(long_report()))
    assert (root.tag, root.get("lang"), root.get("class")) == ("article", "vi", "paper")
    assert texts(root, "h1") == ["BÁO CÁO"]
    assert texts(root, "h2")[0] == "I. KHÁI QUÁT SỰ CỐ"
    assert texts(root, "section/h2") == [
        "Phụ lục IDÒNG THỜI GIAN",
        "Phụ lục IITOÀN VĂN CÁC THÔNG TIN ĐÃ PHÁT HÀNH",
        "Phụ lục IIIXÁC NHẬN TOÀN VẸN NHẬT KÝ",
    ]


def test_typed_markup_is_shown_not_obeyed() -> None:
    typed = '<script>alert(1)</script> & "nháy" <b>đậm</b>'
    paper = short_paper(Paragraph(typed), Heading(typed, "clause"), Points((typed,)), Table((typed,), ((typed,),)))
    root = tree(html(paper))
    assert {element.tag for element in root.iter()} & {"script", "b"} == set()
    assert texts(root, "p")[-2:] == [typed, "./."]
    assert texts(root, ".//td") == [typed]


def test_no_style_and_no_handler_reaches_the_page() -> None:
    root = tree(html(long_report()))
    assert {name for element in root.iter() for name in element.attrib if name == "style" or name[:2] == "on"} == set()


def test_runs_keep_their_styles() -> None:
    assert "<p>a<strong><em>b</em></strong>./.</p>" in html(
        short_paper(Paragraph((Run("a"), Run("b", bold=True, italic=True), Run("."))))
    )


def test_a_page_may_put_the_title_deeper() -> None:
    root = tree(html(long_report(), top_heading=3))
    assert texts(root, "h3") == ["BÁO CÁO"]
    assert texts(root, "h4")[0] == "I. KHÁI QUÁT SỰ CỐ"


def test_a_chart_is_drawn_and_said_in_words() -> None:
    root = tree(html(short_paper(ImageSvg(CHART, 'Biểu đồ "giờ"'))))
    drawn = root.find("figure/div")
    assert drawn is not None
    assert (drawn.get("role"), drawn.get("aria-label")) == ("img", 'Biểu đồ "giờ"')
    assert [child.tag for child in drawn] == ["{http://www.w3.org/2000/svg}svg"]


def test_a_chart_with_a_handler_is_refused() -> None:
    with pytest.raises(UnsafeSvg):
        html(short_paper(ImageSvg('<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>', "x")))


def test_the_number_of_cells_in_a_table_is_that_of_the_model() -> None:
    root = tree(html(short_paper(Table(("A", "B"), (("1", "2"), ("3", "4")), caption="Bảng"))))
    assert texts(root, "table/thead/tr/th") == ["A", "B"]
    assert texts(root, "table/tbody/tr/td") == ["1", "2", "3", "4"]
    assert texts(root, "table/caption") == ["Bảng"]
