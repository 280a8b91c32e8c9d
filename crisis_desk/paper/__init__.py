"""Papers in the layout of Decree 30/2020/NĐ-CP: one model, four renderers (DOCX, PDF, HTML, Markdown).

Knows no feature: callers build a `Paper` and hand it to a renderer.
"""
