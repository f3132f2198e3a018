"""The only way to make HTML in the web app: every word that goes in is escaped, every link is looked at.

`Html` is made by `tag` alone, and `render` is the only door to the page; a test holds both to it.
"""

import html
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import streamlit as st

# What a page may be made of: no scripts, styles, forms, frames or images.
TAGS = frozenset(
    "a article aside bdi blockquote code dd div dl dt em footer h1 h2 h3 h4 header li mark nav ol p pre s section "
    "small span strong table tbody td th thead time tr ul".split()
)
ATTRIBUTES = frozenset("aria-current aria-label class colspan datetime dir href id rel role scope target title".split())


@dataclass(frozen=True, slots=True)
class Html:
    """Finished markup."""

    markup: str


Child = Html | str | None


def tag(name: str, *children: Child, **attributes: str | None) -> Html:
    """Make an element. Strings are escaped, `None` is left out; `class_` is class, `aria_label` is aria-label.

    >>> tag("p", "1 < 2", class_="note")
    Html(markup='<p class="note">1 &lt; 2</p>')
    """
    if name not in TAGS:
        raise ValueError(f"<{name}> is not for pages")
    written = "".join(
        f' {_check_attribute(key)}="{html.escape(value, quote=True)}"' for key, value in attributes.items() if value
    )
    return Html(f"<{name}{written}>{join_pieces(children).markup}</{name}>")


def _check_attribute(key: str) -> str:
    name = key.rstrip("_").replace("_", "-")
    if name not in ATTRIBUTES:
        raise ValueError(f"the attribute {name} is not for pages")
    return name


def join_pieces(children: Iterable[Child]) -> Html:
    """Put pieces behind one another."""
    return Html("".join(_escape(child) for child in children))


def _escape(child: Child) -> str:
    if child is None:
        return ""
    return child.markup if isinstance(child, Html) else html.escape(child, quote=True)


def render(*pieces: Child) -> None:
    """Show pieces on the page."""
    st.html(join_pieces(pieces).markup)


def link_page(page: str, children: Child, *, class_: str | None = None, **query: str | Iterable[str] | None) -> Html:
    """Link to a page of this app; `None` and empty values are left out of the address."""
    asked = urlencode({key: value for key, value in query.items() if value}, doseq=True)
    return tag("a", children, href=f"/{page}{'?' if asked else ''}{asked}", target="_self", class_=class_)


def make_json_address(path: str, **query: str | Iterable[str] | None) -> str:
    """Return the address at which the API says the same."""
    asked = urlencode({key: value for key, value in query.items() if value}, doseq=True)
    return f"/v1/{path}{'?' if asked else ''}{asked}"


def link_site(url: str | None, children: Child, *, class_: str | None = None, host: bool = True) -> Html:
    """Link to another site, whose name is shown; what is no plain web address stays words."""
    name = find_web_host(url)
    if url is None or name is None:
        return tag("span", children, class_=class_)
    shown = tag("small", f" {name}", class_="ct-host") if host else None
    return tag("a", children, shown, href=url, target="_blank", rel="noopener noreferrer", class_=class_)


def find_web_host(url: str | None) -> str | None:
    """Return the host of an http or https address in ASCII, or None for anything else.

    >>> find_web_host("javascript:alert(1)") is None
    True
    >>> find_web_host("https://forum.example/p")
    'forum.example'
    """
    if not url or any(ord(letter) <= 32 for letter in url) or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            return None
        return parts.hostname.encode("idna").decode()
    except (ValueError, UnicodeError):
        return None
