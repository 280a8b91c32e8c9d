"""Codes that can be said on a bad line: a short Vietnamese word and a number, in no order anybody could count."""

from __future__ import annotations

import random
from collections.abc import Callable

from crisis_desk.platform.text import fold

# Words of one or two plain syllables, all different once folded, none of them gloomy.
_WORDS = """
LÚA SEN BÀNG ĐÈO TRÀM MÂY SÚNG TRE DỪA CAU MAI ĐÀO QUẾ HỒI SIM TRÚC THÔNG NGÔ KHOAI SẮN MÍT XOÀI CAM BƯỞI
CHANH ỔI NHÃN CHUỐI LÊ TÁO DÂU MƠ HỒNG CÚC LAN HUỆ NHÀI ĐÀN TRỐNG SÁO KÈN CHUÔNG NÚI SUỐI HỒ BIỂN ĐẢO GIÓ
NẮNG SAO TRĂNG CẦU THUYỀN BUỒM ĐÒ LÀNG CHỢ ĐÌNH GIẾNG VƯỜN RUỘNG ĐỒI RỪNG CÒ VẠC CHIM ONG BƯỚM NGỰA VOI
HƯƠU NAI THỎ SÓC CÁ TÔM CUA ỐC LỤA VẢI NÓN GUỐC ÁO KHĂN DIỀU QUẠT ĐÈN BÚT MỰC GIẤY SÁCH BẢNG PHẤN
"""
SPOKEN = {fold(word).upper(): word for word in _WORDS.split()}

DRILL_WORD = "DT"


def new_code(is_taken: Callable[[str], bool], chance: random.Random) -> str:
    """A free code such as LUA-27; numbers get longer only where two digits are crowded."""
    words = list(SPOKEN)
    for digits in (2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 6, 6, 8):
        number = chance.randrange(10 ** (digits - 1), 10**digits)
        code = f"{chance.choice(words)}-{number}"
        if not is_taken(code):
            return code
    raise RuntimeError("no free incident code was found")


def drill_code(number: int) -> str:
    """Drills have a word and numbers of their own, so that nobody takes one for the other on the phone."""
    return f"{DRILL_WORD}-{number:02d}"


def normal_code(text: str) -> str:
    """The code a person meant: any case, with or without diacritics."""
    return fold(text).upper().strip()


def spoken_code(code: str) -> str:
    """The code as it is shown and said, with its diacritics: LÚA-27."""
    word, _, number = code.partition("-")
    return f"{SPOKEN.get(word, word)}-{number}"
