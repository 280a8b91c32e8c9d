"""Papers as Markdown, read by a reader of Markdown."""

from markdown_it import MarkdownIt

from crisis_desk.paper.markdown import markdown
from crisis_desk.paper.model import BulletList, Heading, ImageSvg, Paragraph, Points, Run, Table
from tests.paper.papers import CHART, long_report, short_paper

READER = MarkdownIt("commonmark").enable("table")


def rendered(*blocks: object) -> str:
    return str(READER.render(markdown(short_paper(*blocks))))


def test_the_title_and_the_headings_keep_their_depths() -> None:
    lines = [line for line in markdown(long_report()).splitlines() if line.startswith("#")]
    assert lines[:4] == ["# BÁO CÁO", "## I. KHÁI QUÁT SỰ CỐ", "### 1. Thông tin chung", "### 2. Diễn biến chính"]
    assert lines[-1] == "# Phụ lục III: XÁC NHẬN TOÀN VẸN NHẬT KÝ"


def test_what_looks_like_markup_is_shown_as_it_was_typed() -> None:
    typed = "1. *a* _b_ `c` [d](e) &lt; | ~~f~~ ![g] 2\\3"
    html = rendered(Paragraph(typed), Paragraph("# một"), Paragraph("- hai"), Paragraph("+ ba"), Paragraph("> bốn"))
    assert f"<p>{typed.replace('&', '&amp;')}</p>" in html
    assert "<p># một</p>\n<p>- hai</p>\n<p>+ ba</p>\n<p>&gt; bốn./.</p>" in html


def test_typed_html_is_not_obeyed() -> None:
    assert "<p>&lt;script&gt;x&lt;/script&gt;./.</p>" in rendered(Paragraph("<script>x</script>"))


def test_runs_keep_their_styles_and_their_blanks() -> None:
    html = rendered(Paragraph((Run("Tên: ", bold=True), Run("sạt lở"), Run(" nặng ", italic=True), Run("x."))))
    assert "<p><strong>Tên:</strong> sạt lở <em>nặng</em> x./.</p>" in html


def test_a_line_feed_is_a_hard_break() -> None:
    assert "<p>một<br />\nhai./.</p>" in rendered(Paragraph("một\nhai"))


def test_tables_keep_rows_columns_and_pipes() -> None:
    html = rendered(Table(("A", "B"), (("1|2", "x\ny"),)))
    assert "<th>A</th>\n<th>B</th>" in html
    assert "<td>1|2</td>" in html


def test_lists_and_points_are_lists() -> None:
    html = rendered(BulletList(("một;", "hai.")), Heading("Khoản", "clause"), Points(("ba;", "bốn.")))
    assert "<li>một;</li>\n<li>hai.</li>" in html
    assert "<li>a) ba;</li>\n<li>b) bốn./.</li>" in html


def test_a_chart_is_given_by_its_words() -> None:
    assert "<p>[Biểu đồ]<br />\n<em>Hình 1</em></p>" in rendered(ImageSvg(CHART, "Biểu đồ", caption="Hình 1"))
