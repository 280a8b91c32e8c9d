"""Signs that officials type and that the published subsets of Tinos lack, drawn as polygons.

Units are those of Tinos: 2048 to the em. Every outline runs clockwise, holes counter-clockwise, as TrueType wants.
"""

Point = tuple[int, int]
Outline = tuple[Point, ...]
Sign = tuple[int, tuple[Outline, ...]]

REPLACEMENT = "\u25af"


def _box(left: int, bottom: int, right: int, top: int, thickness: int) -> tuple[Outline, ...]:
    outer = ((left, bottom), (left, top), (right, top), (right, bottom))
    t = thickness
    inner = ((left + t, bottom + t), (right - t, bottom + t), (right - t, top - t), (left + t, top - t))
    return (outer, inner)


def _bar(left: int, bottom: int, right: int, top: int) -> Outline:
    return ((left, bottom), (left, top), (right, top), (right, bottom))


def _mirrored(outline: Outline, width: int) -> Outline:
    return tuple((width - x, y) for x, y in reversed(outline))


_TICK: Outline = ((180, 560), (300, 690), (560, 420), (1180, 1290), (1320, 1200), (580, 160))
_CHEVRON: Outline = ((110, 1270), (1040, 860), (1040, 720), (110, 310), (110, 450), (860, 790), (110, 1130))
_ARROW: Outline = ((120, 560), (120, 690), (1420, 690), (1420, 960), (1920, 625), (1420, 290), (1420, 560))
_SLASH: Outline = ((280, 160), (720, 1140), (850, 1090), (410, 110))

SIGNS: dict[str, Sign] = {
    REPLACEMENT: (1229, _box(150, -20, 1080, 1360, 100)),
    "\u2264": (1150, (_mirrored(_CHEVRON, 1150), _bar(110, 40, 1040, 170))),
    "\u2265": (1150, (_CHEVRON, _bar(110, 40, 1040, 170))),
    "\u2260": (1150, (_bar(110, 380, 1040, 510), _bar(110, 760, 1040, 890), _SLASH)),
    "\u2190": (2048, (_mirrored(_ARROW, 2048),)),
    "\u2192": (2048, (_ARROW,)),
    "\u2713": (1480, (_TICK,)),
    "\u2610": (1480, _box(120, 0, 1360, 1240, 100)),
    "\u2611": (1480, (*_box(120, 0, 1360, 1240, 100), _TICK)),
}
