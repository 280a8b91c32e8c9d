"""A long report with everything in it, and short ones, shared by the tests of papers."""

from datetime import UTC, date, datetime

from crisis_desk.paper.model import (
    Appendix,
    BulletList,
    Foot,
    Heading,
    ImageSvg,
    Letterhead,
    PageBreak,
    Paper,
    Paragraph,
    Points,
    Recipients,
    Run,
    Signature,
    Table,
)

CHART = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 120" width="300" height="120">'
    '<rect x="40" y="20" width="120" height="24" fill="#1c4f82"/>'
    '<rect x="40" y="60" width="220" height="24" fill="#8a5a00"/>'
    '<text x="44" y="110" font-family="Be Vietnam Pro, sans-serif" font-size="14">Số đề nghị theo giờ</text></svg>'
)
MADE_AT = datetime(2023, 5, 12, 14, 35, tzinfo=UTC)
STATEMENT = (
    "Hồi 19 giờ 40 ngày 11/5/2023, tại tổ 6 khu phố 2 đã xảy ra sạt lở bờ sông dài 45 m. Đến 21 giờ 35, lực lượng "
    "chức năng đã đưa 12 hộ dân đến nơi an toàn; không có người bị thương. Nguyên nhân đang được làm rõ."
)


def letterhead(**changes: object) -> Letterhead:
    values: dict[str, object] = {
        "parent_name": "UBND tỉnh Đồng Nai",
        "issuer_name": "Sở Thông tin và Truyền thông",
        "place": "Đồng Nai",
        "number_sign": "/BC-STTTT",
        "date": date(2023, 5, 5),
    }
    return Letterhead(**{**values, **changes})  # type: ignore[arg-type]


def short_paper(*blocks: object, **changes: object) -> Paper:
    values: dict[str, object] = {
        "letterhead": letterhead(),
        "title": "Báo cáo",
        "abstract": "Kết quả xử lý sự cố truyền thông",
        "made_at": MADE_AT,
        "blocks": blocks or (Paragraph("Nội dung báo cáo."),),
    }
    return Paper(**{**values, **changes})  # type: ignore[arg-type]


def timeline(rows: int) -> Table:
    """A table long enough to break over pages."""
    entries = ("Tiếp nhận phản ánh qua đường dây nóng", "Phân công đơn vị chủ trì", STATEMENT)
    return Table(
        header=("TT", "Thời điểm", "Nội dung", "Đơn vị thực hiện"),
        rows=tuple(
            (str(row), f"{row % 24:02d} giờ 05 ngày 12/5/2023", entries[row % 3], "Sở Thông tin và Truyền thông")
            for row in range(1, rows + 1)
        ),
        widths=(1, 3, 7, 4),
        alignments=("center", "left", "left", "left"),
    )


def long_report() -> Paper:
    return Paper(
        letterhead=letterhead(),
        title="Báo cáo",
        abstract="Kết quả xử lý sự cố truyền thông liên quan đến vụ sạt lở bờ sông tại phường An Bình, "
        "thành phố Biên Hòa",
        addressees=("Ủy ban nhân dân tỉnh", "Ban Tuyên giáo Tỉnh ủy"),
        grounds=(
            "Căn cứ Nghị định số 09/2017/NĐ-CP ngày 09/02/2017 của Chính phủ quy định chi tiết việc phát ngôn và "
            "cung cấp thông tin cho báo chí của các cơ quan hành chính nhà nước;",
            "Căn cứ Công văn số 4995/UBND-KGVX ngày 02/5/2023 của Ủy ban nhân dân tỉnh",
        ),
        blocks=(
            Paragraph("Sở Thông tin và Truyền thông báo cáo kết quả xử lý sự cố như sau:"),
            Heading("Khái quát sự cố"),
            Heading("Thông tin chung", "clause"),
            Paragraph((Run("Tên sự cố: ", bold=True), Run("sạt lở bờ sông, mã "), Run("LUA-27.", italic=True))),
            Paragraph(STATEMENT),
            Heading("Diễn biến chính", "clause"),
            BulletList(("19 giờ 40: tiếp nhận phản ánh;", "20 giờ 10: phân công;", "21 giờ 35: thông tin ban đầu.")),
            Heading("Kết quả xử lý"),
            Heading("Phát ngôn và cung cấp thông tin", "clause"),
            timeline(14),
            Heading("Trả lời báo chí", "clause"),
            ImageSvg(CHART, "Biểu đồ số đề nghị của báo chí theo giờ", 110, "Hình 1. Số đề nghị theo giờ"),
            Points(("Tiếp nhận 9 đề nghị;", "Đã trả lời 8 đề nghị;", "Đúng hạn ≥ 88 %;", "Từ chối 0;", "Quá hạn 1.")),
            Heading("Đề xuất, kiến nghị"),
            Paragraph(STATEMENT),
        ),
        closing="Trên đây là báo cáo kết quả xử lý sự cố truyền thông; Sở Thông tin và Truyền thông kính báo cáo "
        "Ủy ban nhân dân tỉnh xem xét, chỉ đạo.",
        recipients=Recipients(("Như trên", "Chủ tịch, các PCT UBND tỉnh", "Công an tỉnh"), "VT, TTBCXB"),
        signature=Signature("Phó Giám đốc", "KT.", "Giám đốc", "Nguyễn Văn Mẫu"),
        appendices=(
            Appendix("Dòng thời gian", (timeline(40),), "(Kèm theo Báo cáo của Sở Thông tin và Truyền thông)"),
            Appendix("Toàn văn các thông tin đã phát hành", (Paragraph(STATEMENT), PageBreak(), Paragraph(STATEMENT))),
            Appendix("Xác nhận toàn vẹn nhật ký", (Paragraph("Mã băm đầu: " + "9f3c27ab" * 8 + "."),)),
        ),
        foot=Foot(
            "9f3c 27ab 51de",
            "incident:2f 118 c0ffee12",
            "https://desk.invalid/newsroom/check?h=9f3c27ab51de",
            "Phê duyệt trên hệ thống không thay thế chữ ký số của cơ quan.",
        ),
        drill_line="Diễn tập - không phải sự cố thật",
        draft=True,
        made_at=MADE_AT,
    )
