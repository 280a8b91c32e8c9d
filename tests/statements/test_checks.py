"""What the checks stop, what they warn of, and what they leave alone, in the words such texts use."""

from __future__ import annotations

import unicodedata
from datetime import datetime

import pytest

from crisis_desk.platform.clock import PROVINCE
from crisis_desk.statements.canonical import parse
from crisis_desk.statements.checks import BLOCK, CHECK_NAMES, CHECKS, CheckedText, Finding, run_checks
from crisis_desk.statements.checks.next_update import written_time

EXERCISE = """h1\tTHÔNG TIN BAN ĐẦU (lần 1) về việc một số người lao động có biểu hiện nghi ngộ độc thực phẩm
1. Đã xác nhận: Tính đến 21 giờ 35, 37 người có biểu hiện đau bụng, nôn, tiêu chảy sau bữa ăn lúc 17 giờ 30 đã được thăm khám; 24 người đang được theo dõi, điều trị. Chưa ghi nhận trường hợp nặng hoặc tử vong.
2. Đang xác minh: Nguyên nhân có thể do thức ăn nhiễm khuẩn.
3. Đang thực hiện: Ngành y tế tập trung cứu chữa, điều tra dịch tễ; bếp ăn tạm dừng từ 21 giờ 30; mẫu thực phẩm lưu đã được niêm phong.
4. Khuyến nghị: Người đã dùng bữa ăn nói trên nếu có biểu hiện tương tự đến ngay cơ sở y tế gần nhất hoặc gọi 115. Gia đình liên hệ bàn hướng dẫn tại cổng chính công ty.
5. Chúng tôi chia sẻ với người bệnh và gia đình. Thông tin cá nhân và bệnh án không được công bố.
Thông tin tiếp theo sẽ được cung cấp trước 23 giờ 30 ngày 12/5/2023, kể cả khi chưa có diễn biến mới."""  # noqa: E501
CORRECTION = """h1\tĐÍNH CHÍNH VÀ CẬP NHẬT (lần 2), 23 giờ 04
Thông tin lần 1 nêu 37 người được thăm khám tính đến 21 giờ 35; số đúng là 34 người, do ba người chuyển viện được tính hai lần. Chúng tôi xin lỗi về sai sót này.
Tính đến 22 giờ 30: 49 người được thăm khám; 31 người đang theo dõi, điều trị, trong đó 2 ca nặng; chưa ghi nhận tử vong. Nguyên nhân chưa được kết luận.
Văn bản cho công nhân nghỉ việc ba ngày đang lan truyền: Ban Quản lý các khu công nghiệp xác nhận không ban hành văn bản này.
Thông tin tiếp theo trước 01 giờ 00 ngày 13/5/2023, kể cả khi chưa có diễn biến mới."""  # noqa: E501


def found(text: str, *, promises: bool = False, informed: bool = False) -> list[Finding]:
    return run_checks(CheckedText(parse(text), promises, informed))


def names(text: str, **more: bool) -> list[str]:
    return [finding.check for finding in found(text, **more)]


def test_the_exercise_is_stopped_nowhere_and_warned_of_exactly_the_sentence_that_names_a_cause() -> None:
    [only] = found(EXERCISE, promises=True)
    assert (only.check, only.level, only.place, only.block) == ("cause", "warn", 2, 2)
    assert only.excerpt == "Đang xác minh: Nguyên nhân có thể do thức ăn nhiễm khuẩn."
    assert found(CORRECTION, promises=True) == []


def test_what_blocks_comes_before_what_warns_and_every_check_has_a_name() -> None:
    levels = [one.level for one in found("Hoàn toàn yên tâm.\nGọi {{so}}.\nNguyên nhân là chập điện.", promises=True)]
    assert levels == ["block", "block", "warn", "warn"]
    assert set(CHECKS) == set(CHECK_NAMES)


@pytest.mark.parametrize("text", ["Gọi {{duong_day_nong}}.", "lần {{sequence_number}}", r"Còn \{\{gio\}\} trống"])
def test_whatever_stands_open_blocks(text: str) -> None:
    [only] = found(text)
    assert (only.check, only.level) == ("placeholder", BLOCK)


@pytest.mark.parametrize(
    "text",
    ["MẬT", "TỐI MẬT", "( TUYỆT MẬT )", "Độ mật: Tối mật", "độ  mật : A", "Số 12/BC-MẬT", "M Ậ T",
     "THÔNG BÁO\nTỐI MẬT\nNội dung"],
)  # fmt: skip
def test_a_secrecy_stamp_blocks(text: str) -> None:
    assert names(text) == ["secrecy"]


def test_a_stamp_composed_of_single_accents_is_the_same_stamp() -> None:
    assert names(unicodedata.normalize("NFD", "TUYỆT MẬT")) == ["secrecy"]


@pytest.mark.parametrize("text", ["BẢO MẬT THÔNG TIN", "Đổi mật khẩu nếu dùng chung.", "Mật ong", "An toàn, bảo mật"])
def test_other_words_are_no_stamp(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Thông tin tiếp theo trước 23 giờ 30 ngày 12/5/2023.", (2023, 5, 12, 23, 30)),
        ("Thông tin tiếp theo trước 01 giờ ngày 13/05/2023.", (2023, 5, 13, 1, 0)),
        ("Thông báo tiếp theo: 7:05, ngày 1-6-2023", (2023, 6, 1, 7, 5)),
        ("The next update will be issued by 23:30 on 12/5/2023.", (2023, 5, 12, 23, 30)),
    ],
)
def test_the_promised_time_is_read_from_the_text(text: str, time: tuple[int, ...]) -> None:
    assert written_time(parse(text)) == datetime(*time, tzinfo=PROVINCE)  # type: ignore[arg-type, misc]
    assert names(text, promises=True) == []


@pytest.mark.parametrize(
    "text", ["Sẽ thông tin thêm sớm.", "Thông tin tiếp theo sẽ có sau.", "Bữa ăn lúc 17 giờ 30 ngày 12/5/2023.",
             "Thông tin tiếp theo trước 25 giờ 00 ngày 12/5/2023."],
)  # fmt: skip
def test_a_text_that_must_promise_and_gives_no_time_is_stopped(text: str) -> None:
    assert names(text, promises=True) == ["next_update"]
    assert names(text, promises=False) == []


def test_a_token_is_a_promise() -> None:
    assert names("Thông tin tiếp theo trước {{next_update_at:../2023-05-13T01:00+07:00}}.", promises=True) == []


@pytest.mark.parametrize(
    "text",
    ["Có 01 người tử vong.", "Hai công nhân đã tử vong tại bệnh viện.", "3 người chết.", "Two workers died.",
     "Không có người bị thương, một người tử vong.", "Chưa xác định nguyên nhân khiến một người tử vong.",
     "Nạn nhân thiệt mạng tại chỗ.", "10 người tử vong.", "Danh tính người tử vong chưa được xác định."],
)  # fmt: skip
def test_a_death_blocks_until_the_family_is_informed(text: str) -> None:
    assert names(text) == ["death"]
    assert names(text, informed=True) == []


@pytest.mark.parametrize(
    "text",
    ["Chưa ghi nhận trường hợp nặng hoặc tử vong.", "Không có trường hợp tử vong nào.", "2 ca nặng, 0 tử vong.",
     "0 ca tử vong", "No deaths have been reported.", "Cá chết hàng loạt trên sông.", "Không ghi nhận ca tử vong.",
     "Chưa có thiệt hại về người."],
)  # fmt: skip
def test_a_denied_death_is_none(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    "text",
    ["Nguyên nhân là chập điện.", "Sự cố do lỗi của đơn vị vận hành.", "Nguyên nhân ban đầu được xác định.",
     "The fire was caused by a short circuit.", "Đang điều tra: nguyên nhân do bếp ăn."],
)  # fmt: skip
def test_a_cause_or_fault_is_warned_of(text: str) -> None:
    assert names(text) == ["cause"]


@pytest.mark.parametrize(
    "text",
    ["Nguyên nhân chưa được kết luận.", "Nguyên nhân và thiệt hại chưa xác định.",
     "chưa có cơ sở để khẳng định một món ăn là nguyên nhân.",
     "Theo kết luận của cơ quan điều tra, nguyên nhân là chập điện.", "do ba người chuyển viện được tính hai lần."],
)  # fmt: skip
def test_a_cause_that_is_open_or_concluded_by_somebody_named_is_not(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ông Trần Minh Khuê cho biết.", "Trần Minh Khuê"),
        ("Người bệnh là Nguyễn Thị Hoa, 32 tuổi.", "Nguyễn Thị Hoa"),
        ("Cháu Lan, 5 tuổi.", "Lan"),
        ("Hồ Kim Ngân ký.", "Hồ Kim Ngân"),
        ("Đồng chí Lê Lợi đến hiện trường.", "Lê Lợi"),
    ],
)
def test_a_persons_name_is_warned_of(text: str, name: str) -> None:
    assert [(one.check, one.excerpt) for one in found(text)] == [("name", name)]


@pytest.mark.parametrize(
    "text",
    ["đường Nguyễn Huệ, phường Trần Phú", "Bệnh viện Nguyễn Tri Phương", "Trường tiểu học Lê Quý Đôn",
     "Hồ Trị An bắt đầu xả lũ.", "Thành phố Hồ Chí Minh", "Hà Nội", "Người phát ngôn Mai Anh Dũng trả lời.",
     "Công ty TNHH Trần Anh", "KCN Phú Lộc Giang", "Sở Y tế và Ban Quản lý các khu công nghiệp",
     "Ban Tuyên giáo Tỉnh ủy Đồng Nai", "Cao tốc Long Thành – Dầu Giây", "bà con trong khu vực"],
)  # fmt: skip
def test_streets_places_institutions_and_the_spokesperson_are_not(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    "text", ["Không có gì đáng lo ngại.", "Người dân hoàn toàn yên tâm.", "No comment.", "Chúng tôi không bình luận."]
)
def test_empty_words_are_warned_of(text: str) -> None:
    assert names(text) == ["empty"]
