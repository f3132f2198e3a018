"""Where an entry of a feed belongs: its conversation and its id, as the site's other formats name them.

Known are the forums of `sites`, Reddit, Discourse and Hacker News; elsewhere an entry is named by its address, and
stands under that address but for its fragment.
"""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from ingest.sources.discourse import name_post, name_topic
from ingest.sources.fields import format_comment_id, format_post_id
from ingest.sources.sites import parse_forum_address

COMMENT_ON = re.compile(
    r"(?:(?:New )?(?:Comment|Answer|Reply|Response) (?:by .{1,200}? )?(?:on|to)|/u/\S{1,60} on) (?P<on>.{1,1000})", re.I
)
COMMENT_BY = re.compile(r"(?:Comment )?By:? .{1,200}", re.I)
_REDDIT_NAME = re.compile(r"(t[13]_[a-z0-9]{1,13})")
_REDDIT_THREAD = re.compile(r"/comments/([a-z0-9]{1,13})(?:/|$)")
_DISCOURSE_GUID = re.compile(r"[\w.-]{1,200}-(?:post|topic)-\d{1,12}(?:-(?P<number>\d{1,9}))?")
_DISCOURSE_FRAGMENT = re.compile(r"post_(\d{1,9})")
_DISCOURSE_PATH = re.compile(r"/t/(?:[^/]{1,300}/)?(\d{1,12})(?:/(\d{1,9}))?/?$")
_NEWS_ITEM = re.compile(r"https?://news\.ycombinator\.com/item\?id=(\d{1,15})")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One item of a feed, under the same names whatever the feed is."""

    title: str
    author: str
    html: str
    is_html: bool
    link: str | None
    guid: str
    answers: str | None
    posted: str
    updated: str


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """Where an entry belongs: the ids of its conversation and of itself, as the site's other formats name them."""

    conversation: str
    own: str
    site: str | None = None
    namespace: str | None = None
    url: str | None = None


def find_place(entry: FeedEntry) -> EntryPlace:
    """Find where an entry belongs, by the sites whose ids are known, else by its address."""
    for find in (_find_forum_place, _find_reddit_place, _find_discourse_place, _find_news_place):
        entry_place = find(entry)
        if entry_place is not None:
            return entry_place
    page = urldefrag(entry.link or "")[0]
    host = (urlsplit(page).hostname or "").removeprefix("www.")
    if not page:
        digest = hashlib.sha256((entry.guid or entry.title + entry.html).encode("utf-8", "replace")).hexdigest()[:16]
        return EntryPlace(f"feed:{digest}", f"feed:{digest}")
    path = urlsplit(page)
    conversation = f"{host}:{path.path or '/'}" + (f"?{path.query}" if path.query else "")
    is_page = entry.link == page and not _is_about_another(entry)
    own = conversation if is_page else f"{conversation}#{urldefrag(entry.link or '')[1] or entry.guid}"
    return EntryPlace(conversation, own, host, None, page)


def _is_about_another(entry: FeedEntry) -> bool:
    return (
        COMMENT_ON.fullmatch(entry.title) is not None
        or COMMENT_BY.fullmatch(entry.title) is not None
        or entry.answers is not None
    )


def _find_forum_place(entry: FeedEntry) -> EntryPlace | None:
    address = parse_forum_address(entry.link)
    post = format_post_id(address)
    if address is None or post is None:
        return None
    comment = format_comment_id(address)
    url = urldefrag((entry.link or "").split("?")[0])[0]
    return EntryPlace(post, comment or post, address.site.name, address.site.namespace, url)


def _find_reddit_place(entry: FeedEntry) -> EntryPlace | None:
    thread = _REDDIT_THREAD.search(urlsplit(entry.link or "").path)
    host = urlsplit(entry.link or "").hostname or ""
    if thread is None or not (host == "reddit.com" or host.endswith(".reddit.com")):
        return None
    post = f"reddit:t3_{thread[1]}"
    named = _REDDIT_NAME.search(entry.guid)
    own = f"reddit:{named[1]}" if named else post
    return EntryPlace(post, own, "reddit", "reddit", f"https://www.reddit.com/comments/{thread[1]}/")


def _find_discourse_place(entry: FeedEntry) -> EntryPlace | None:
    """Find a post of Discourse by the form of its guid; topic and number are in its address, or in the guid."""
    guid = _DISCOURSE_GUID.fullmatch(entry.guid)
    address = urlsplit(entry.link or "")
    path = _DISCOURSE_PATH.search(address.path)
    if guid is None or path is None:
        return None
    host = address.netloc.lower()
    fragment = _DISCOURSE_FRAGMENT.fullmatch(address.fragment)
    number = guid["number"] or path[2] or (fragment[1] if fragment else "1")
    url = f"https://{host}{address.path.rstrip('/')}".removesuffix(f"/{path[2]}" if path[2] else "")
    return EntryPlace(name_topic(host, path[1]), name_post(host, path[1], number), host, host, url)


def _find_news_place(entry: FeedEntry) -> EntryPlace | None:
    named = _NEWS_ITEM.search(entry.guid) or _NEWS_ITEM.search(entry.link or "")
    if named is None:
        return None
    own = f"hackernews:{named[1]}"
    return EntryPlace(own, own, "hackernews", "hackernews", f"https://news.ycombinator.com/item?id={named[1]}")
