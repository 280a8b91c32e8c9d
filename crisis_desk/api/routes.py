"""`/api/openapi.json` and the page that shows it; both open, for they tell nothing of anybody's desk."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, render_template

from crisis_desk.platform.web import public
from crisis_desk.platform.web_api import api

pages = Blueprint("api_pages", __name__)

METHODS = ("get", "post", "put", "patch", "delete")


def open_document(app: Flask) -> None:
    """Lets everybody read the OpenAPI document."""
    public(app.view_functions["api-docs.openapi_json"])


@pages.get("/api/docs")
@public
def show_docs() -> str:
    """The endpoints by group, with what they take and what they answer."""
    document: dict[str, Any] = api.spec.to_dict()
    return render_template("api/docs.html", document=document, groups=_groups(document))


def _groups(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                operation = item[method]
                for tag in operation.get("tags", ["api"]):
                    groups.setdefault(tag.removeprefix("api_"), []).append(_shown(path, method, operation, document))
    return groups


def _shown(path: str, method: str, operation: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return {
        "path": path,
        "method": method.upper(),
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "query": [p for p in operation.get("parameters", []) if p.get("in") == "query"],
        "fields": _fields(body, document),
        "answers": [status for status in operation.get("responses", {}) if status != "default"],
    }


def _fields(schema: dict[str, Any], document: dict[str, Any]) -> list[dict[str, Any]]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found = document.get("components", {}).get("schemas", {}).get(name, {})
    required = found.get("required", [])
    return [
        {"name": field, "type": _type(shape), "required": field in required}
        for field, shape in found.get("properties", {}).items()
    ]


def _type(shape: dict[str, Any]) -> str:
    if "enum" in shape:
        return " | ".join(str(value) for value in shape["enum"] if value is not None)
    kind = shape.get("type", "object")
    words = kind if isinstance(kind, str) else " | ".join(kind)
    return f"{words} ({shape['format']})" if "format" in shape else words
