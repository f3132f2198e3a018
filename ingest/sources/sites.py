"""The forums whose addresses Crosstalk understands, and what an address says.

LessWrong, the Alignment Forum and GreaterWrong are faces of one database: they share ids, so they share a namespace.
Where a conversation was read is kept beside it (`Conversation.site`).
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Site:
    """A forum: `name` as filters show it, `namespace` of its ids, `home` for links, and the `hosts` it answers on.

    `mirrors` show the same posts but have no GraphQL endpoint of their own.
    """

    name: str
    namespace: str
    home: str
    hosts: tuple[str, ...]
    mirrors: tuple[str, ...] = ()


SITES: tuple[Site, ...] = (
    Site(
        "lesswrong",
        "lesswrong",
        "https://www.lesswrong.com",
        ("www.lesswrong.com", "lesswrong.com"),
        ("www.greaterwrong.com", "greaterwrong.com", "lw2.issarice.com"),
    ),
    Site(
        "alignmentforum",
        "lesswrong",
        "https://www.alignmentforum.org",
        ("www.alignmentforum.org", "alignmentforum.org"),
    ),
    Site(
        "eaforum",
        "eaforum",
        "https://forum.effectivealtruism.org",
        ("forum.effectivealtruism.org", "www.forum.effectivealtruism.org", "forum-bots.effectivealtruism.org"),
        ("ea.greaterwrong.com", "eaforum.issarice.com"),
    ),
)

_ID = r"[A-Za-z0-9]{17}"
_POST = re.compile(rf"/(?:posts|events|editPost|s/[A-Za-z0-9]+/p|g/[A-Za-z0-9]+/p)/({_ID})(?:/|$)")
_COMMENT = re.compile(rf"/(?:comment|answer)/({_ID})(?:/|$)")
_FRAGMENT = re.compile(rf"(?:comment-)?({_ID})$")
_USER = re.compile(r"/users/([^/?#]+)")


@dataclass(frozen=True, slots=True)
class ForumAddress:
    """What an address points at: a post, a comment under it, or a user's page of a known forum."""

    site: Site
    post: str | None = None
    comment: str | None = None
    user: str | None = None


def find_site(host: str) -> Site | None:
    """Return the forum that answers on `host`."""
    host = host.lower().rstrip(".")
    return next((site for site in SITES if host in site.hosts or host in site.mirrors), None)


def format_user_address(site: Site, user: str) -> str:
    """Return the address of a user's page. Faces of one database name one person alike, whichever of them was read."""
    home = next((face.home for face in SITES if face.namespace == site.namespace), site.home)
    return f"{home}/users/{user}"


def parse_forum_address(url: str | None) -> ForumAddress | None:
    """Read what a forum address points at; None for an address of no known forum.

    >>> address = "https://www.lesswrong.com/posts/aaaaaaaaaaaaaaaaa/x?commentId=bbbbbbbbbbbbbbbbb"
    >>> parse_forum_address(address).comment
    'bbbbbbbbbbbbbbbbb'
    """
    try:
        parts = urlsplit(url or "")
        site = find_site(parts.hostname or "")
    except ValueError:
        return None
    return None if site is None else parse_address_on(site, url or "")


def parse_address_on(site: Site, url: str) -> ForumAddress:
    """Read an address as one of `site`, whatever its host (a forum somebody hosts, a saved copy)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ForumAddress(site)
    post = _POST.search(parts.path)
    comment = _COMMENT.search(parts.path) or _FRAGMENT.fullmatch(parts.fragment)
    asked = parse_qs(parts.query).get("commentId", [""])[0]
    user = _USER.match(parts.path)
    return ForumAddress(
        site,
        post=post[1] if post else None,
        comment=asked if re.fullmatch(_ID, asked) else (comment[1] if comment else None),
        user=user[1] if user else None,
    )
