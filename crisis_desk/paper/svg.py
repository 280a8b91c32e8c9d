"""Charts: drawn by the server, looked at once more before they go into a paper or a page."""

import re
from xml.etree import ElementTree as ET

_FORBIDDEN_TAGS = frozenset({"script", "foreignObject", "image", "use", "style", "a", "animate", "set", "iframe"})
_FORBIDDEN_ATTRIBUTE = re.compile(r"^(on.*|href|style|src)$", re.IGNORECASE)


class UnsafeSvg(ValueError):
    """A drawing that is no well-formed SVG, or that holds a script, a link or something from elsewhere."""


def checked(svg: str) -> str:
    """The drawing as it was given. Raises UnsafeSvg: charts are plain shapes and texts."""
    if "<!" in svg or "<?" in svg:
        raise UnsafeSvg("A chart is a plain SVG element without declarations.")
    try:
        root = ET.fromstring(svg)  # noqa: S314 - declarations, the way to entities, were refused above
    except ET.ParseError as error:
        raise UnsafeSvg("A chart is not well-formed.") from error
    if _local(root.tag) != "svg":
        raise UnsafeSvg("A chart is an SVG element.")
    for element in root.iter():
        _refuse(element)
    return svg


def _refuse(element: ET.Element) -> None:
    tag = _local(element.tag)
    if tag in _FORBIDDEN_TAGS:
        raise UnsafeSvg(f"A chart holds no {tag} element.")
    for name, value in element.attrib.items():
        if _FORBIDDEN_ATTRIBUTE.match(_local(name)) or "url(" in value:
            raise UnsafeSvg(f"A chart holds no {_local(name)} attribute.")


def _local(name: str) -> str:
    return name.rpartition("}")[2]
