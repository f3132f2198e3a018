"""Find the TeX source of rendered math: MathJax 2 and 3, KaTeX, MathML, editor placeholders, images of formulas."""

import re
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

_DELIMITED = re.compile(
    r"\s*(?:\\\((?P<inline>.*)\\\)|\\\[(?P<display>.*)\\\]|\$\$(?P<two>.*)\$\$|\$(?P<one>.*)\$)\s*", re.S
)
_FORMULA_IMAGE = re.compile(
    r"https?://(?:latex\.codecogs\.com|www\.codecogs\.com|chart\.googleapis\.com/chart)[^?]*\?(.*)"
)
_DISPLAY_CLASSES = (
    "mjpage__block",
    "MJXc-display",
    "katex-display",
    "mathjax-block-container",
    "draft-latex-placeholder-block",
)


def strip_delimiters(source: str, display: bool = False) -> tuple[str, bool]:
    r"""Take \(…\), \[…\], $…$ or $$…$$ off; say whether it is display math.

    >>> strip_delimiters(r"\[x^2\]")
    ('x^2', True)
    """
    match = _DELIMITED.fullmatch(source)
    if match is None:
        return source, display
    for name, shows in (("inline", display), ("display", True), ("two", True), ("one", display)):
        if match[name] is not None:
            return match[name], shows
    return source, display


def find_tex(node: LexborNode) -> tuple[str, bool] | None:
    """Return the TeX source that an element shows, and whether it stands on a line of its own. None for no source."""
    display = _is_displayed(node)
    source = _find_source(node)
    if source is None:
        return None
    return strip_delimiters(source, display)


def _find_source(node: LexborNode) -> str | None:
    if node.tag == "img":
        match = _FORMULA_IMAGE.match(node.attributes.get("src") or "")
        if match is None:
            return None
        query = unquote(match[1])
        return query[query.find("chl=") + 4 :] if "chl=" in query else query
    for attribute in ("aria-label", "alttext", "data-latex", "data-expr"):
        label = node.attributes.get(attribute)
        if label:
            return label
    inner = node.css_first('annotation[encoding="application/x-tex"]')
    if inner is not None:
        return inner.text(deep=True)
    for attribute in ("aria-label", "alttext"):
        inner = node.css_first(f"[{attribute}]")
        if inner is not None and inner.attributes.get(attribute):
            return inner.attributes[attribute]
    return node.text(deep=True) or None


def _is_displayed(node: LexborNode) -> bool:
    if node.attributes.get("display") in {"true", "block"}:
        return True
    names = f" {node.attributes.get('class') or ''} "
    parent = node.parent
    if parent is not None:
        names += f"{parent.attributes.get('class') or ''} "
    return any(f" {name} " in names for name in _DISPLAY_CLASSES) or node.css_first(".MJXc-display") is not None
