"""RSS (0.9x, 1.0, 2.0) and Atom: the feeds of forums, of blogs and of their comments.

Entries go into one conversation by what they stand under: a known forum's post, a topic of Discourse, a thread of
Reddit, an address but for its fragment. Where an entry's title only says whose comment on what it is, that is no
title of its own. A declaration of entities is refused: nobody's feed has one, and they unfold without end.
"""

# pyright: standard

import re
from collections.abc import Iterator, Sequence
from functools import partial
from html import escape
from urllib.parse import quote
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from selectolax.lexbor import LexborHTMLParser

from corpus.errors import Malformed, SourceError
from corpus.limits import LIMITS
from corpus.model import Speaker, Utterance
from ingest.markup import Markup, read_html, read_text
from ingest.markup.guard import bound_markup
from ingest.sources.assembly import ConversationFrame, assemble_conversation
from ingest.sources.discourse import read_cooked
from ingest.sources.feed_places import COMMENT_BY, COMMENT_ON, EntryPlace, FeedEntry, find_place
from ingest.sources.fields import (
    check_size,
    fold_to_line,
    make_speaker,
    name_site,
    parse_any_time,
    parse_web_address,
)
from ingest.sources.sites import parse_forum_address
from ingest.sources.source import Format, Loaded, Source

_FEED = re.compile(
    rb"\s*(?:<\?xml\b[^>]{0,500}\?>\s*)?(?:<\?[^>]{0,500}\?>\s*|<!--.{0,5000}?-->\s*|<!DOCTYPE[^>\[]{0,500}"
    rb"(?:\[.{0,4000}?\]\s*)?>\s*)*"
    rb"<(?:rss|feed|rdf:RDF)\b[^>]{0,5000}",
    re.DOTALL,
)
_RE = re.compile(r"(?i)^(?:\s*(?:re|aw):\s*)+")
_USERNAME = re.compile(r"@(\S+)(?:\s+(.+))?")
_MAIL_AUTHOR = re.compile(r"[^@\s]{1,200}@[^@\s()]{1,200}\s*(?:\((?P<name>[^()]{1,200})\))?")
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")
_BLOG_TAIL = re.compile(
    r"<p>\s*The post\s*<a\b[^<>]*>.{0,500}?</a>\s*(?:first appeared on|appeared first on)\s*"
    r"<a\b[^<>]*>.{0,300}?</a>\.?\s*</p>\s*\Z|<p><a href=[^<>]{1,500}>Read full topic</a></p>\s*\Z",
    re.DOTALL,
)
_TAIL_CHARS = 2_000
_COUNTED = re.compile(r"<p><small>\d+ posts? - \d+ participants?</small></p>")
_DEEPEST = 100


def is_feed(source: Source, head: bytes) -> bool:
    """Return whether a source is RSS or Atom, by its outermost element."""
    return _FEED.match(head.removeprefix(b"\xef\xbb\xbf")[:16_384]) is not None


def read_feed(source: Source) -> Iterator[Loaded]:
    """Yield the conversations of a feed. Raise `Malformed` for XML that is broken, or a feed without an entry."""
    root = _parse_xml(source.read_whole(4 * LIMITS.markup_chars), source.name)
    channel = next((child for child in root if _local(child) == "channel"), root)
    feed_title = _read_child(channel, "title")
    entries = list(_list_entries(root))
    if not entries:
        raise Malformed(f"{source.name}: a feed without an entry")
    groups: dict[str, list[tuple[FeedEntry, EntryPlace]]] = {}
    for entry in entries:
        entry_place = find_place(entry)
        groups.setdefault(entry_place.conversation, []).append((entry, entry_place))
    for members in groups.values():
        frame = _make_frame(members, feed_title, source)
        ids = {entry.guid: entry_place.own for entry, entry_place in members} | {
            entry.link or "": entry_place.own for entry, entry_place in members
        }
        makers = (
            (entry_place.own, partial(_make_utterance, entry, entry_place, frame, ids))
            for entry, entry_place in sorted(members, key=lambda member: _begin_with_root(*member))
        )
        yield from assemble_conversation(source.name, frame, makers)


def _begin_with_root(entry: FeedEntry, entry_place: EntryPlace) -> tuple[bool, str]:
    """Order entries as they were written, the post first: feeds begin with the newest."""
    posted = parse_any_time(entry.posted)
    return entry_place.own != entry_place.conversation, posted.isoformat() if posted else ""


def _parse_xml(content: bytes, name: str) -> Element:
    """Parse XML into a tree. Raise `Malformed` for broken XML, and for any that declares entities or nests too deep."""
    try:
        content.decode("utf-8")
        parser = expat.ParserCreate("utf-8", " ")
    except UnicodeDecodeError:
        parser = expat.ParserCreate(None, " ")
    builder = TreeBuilder()
    depth = 0

    def refuse_entity(*_: object) -> None:
        raise Malformed(f"{name}: XML that declares entities of its own, which no feed needs; it is not read")

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise Malformed(f"{name}: XML nested deeper than {_DEEPEST}")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    parser.buffer_text = True
    parser.EntityDeclHandler = refuse_entity
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content.removeprefix(b"\xef\xbb\xbf").lstrip(), True)
        return builder.close()
    except expat.ExpatError as problem:
        reason = expat.ErrorString(problem.code)
        raise Malformed(f"{name}: not whole XML: {reason} (line {problem.lineno}); save it again") from problem
    except (LookupError, ValueError) as problem:
        raise Malformed(f"{name}: XML in an encoding that is not known ({problem})") from problem


def _local(element: Element) -> str:
    return element.tag.rpartition(" ")[2].lower()


def _space(element: Element) -> str:
    return element.tag.rpartition(" ")[0].lower()


def _list_entries(root: Element) -> Iterator[FeedEntry]:
    of_feed = next((_read_person(child) for child in root if _local(child) == "author"), "")
    for element in root.iter():
        if _local(element) in ("item", "entry"):
            yield _read_entry(element, of_feed if _local(element) == "entry" else "")


def _read_entry(element: Element, feed_author: str) -> FeedEntry:
    html, is_html = _read_content(element)
    authors = [child for child in element if _local(child) in ("creator", "author")]
    named = [
        name for child in sorted(authors, key=lambda child: _local(child) != "creator") if (name := _read_person(child))
    ]
    link, answers = None, None
    for child in element:
        if _local(child) == "link":
            relation = child.get("rel", "alternate")
            link = link or (parse_web_address(child.get("href") or child.text) if relation == "alternate" else None)
        elif _local(child) == "in-reply-to":
            answers = child.get("ref") or child.get("href")
    guid = _read_child(element, "guid") or _read_child(element, "id") or link or ""
    return FeedEntry(
        fold_to_line(_strip_tags(_read_child(element, "title"))),
        named[0] if named else feed_author,
        html,
        is_html,
        link or parse_web_address(guid),
        guid.strip(),
        answers,
        _read_child(element, "pubdate", "published", "date", "issued", "updated"),
        _read_child(element, "updated", "modified"),
    )


def _read_content(element: Element) -> tuple[str, bool]:
    """Return the fullest text of an entry, and whether it is HTML: RSS never says so, and means HTML by its signs."""
    for names in (("encoded",), ("content",), ("description",), ("summary",)):
        for child in element:
            if _local(child) not in names or "media" in _space(child) or "yahoo" in _space(child):
                continue
            kind = child.get("type", "")
            if kind == "xhtml":
                return _write_html(child), True
            text = "".join(child.itertext())
            if text.strip():
                is_html = "html" in kind or (kind in ("", "text/html") and _TAG.search(text) is not None)
                return text, is_html
    return "", False


def _write_html(root: Element) -> str:
    """Write the XHTML of an Atom entry as HTML, without recursion."""
    parts: list[str] = []
    waiting: list[Element | str] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        address = node.get("href")
        opening = f' href="{escape(address)}"' if address else ""
        parts.append(f"<{_local(node)}{opening}>{escape(node.text or '')}")
        waiting.append(f"</{_local(node)}>")
        for child in reversed(node):
            waiting.append(escape(child.tail or ""))
            waiting.append(child)
    return "".join(parts)


def _read_child(element: Element, *names: str) -> str:
    for name in names:
        for child in element:
            if _local(child) == name and "media" not in _space(child):
                text = "".join(child.itertext()).strip()
                if text:
                    return text
    return ""


def _read_person(element: Element) -> str:
    """Return a person's name; of "mail@host (Name)", which RSS asks for, the name, and never the address."""
    name = _read_child(element, "name") or "".join(element.itertext()).strip() if len(element) else (element.text or "")
    mailed = _MAIL_AUTHOR.fullmatch(name.strip())
    if mailed:
        return mailed["name"] or ""
    return name.strip().removeprefix("/u/")


def _strip_tags(title: str) -> str:
    return read_html(title[: 10 * LIMITS.title_chars]).text if _TAG.search(title) else title


def _make_frame(members: Sequence[tuple[FeedEntry, EntryPlace]], feed_title: str, source: Source) -> ConversationFrame:
    entry_place = members[0][1]
    root = next((entry for entry, inner in members if inner.own == inner.conversation), None)
    shown = [_title_of_thread(entry) for entry in ([root] if root is not None else [entry for entry, _ in members])]
    title = next((title for title in shown if title), "") or source.hints.title or fold_to_line(feed_title)
    address = parse_forum_address(entry_place.url)
    return ConversationFrame(
        entry_place.conversation, title, entry_place.site or name_site(entry_place.url, address), entry_place.url
    )


def _title_of_thread(entry: FeedEntry) -> str:
    """Return the title of what an entry stands under: "Comment by Ana on Weasels" stands under Weasels."""
    on = COMMENT_ON.fullmatch(entry.title)
    if on is not None:
        return on["on"].removesuffix(f" by {entry.author}")
    return "" if COMMENT_BY.fullmatch(entry.title) else _RE.sub("", entry.title)


def _make_utterance(
    entry: FeedEntry, entry_place: EntryPlace, frame: ConversationFrame, ids: dict[str, str]
) -> Utterance:
    markup = _read_markup(entry)
    parent = ids.get(entry.answers or "")
    posted, updated = parse_any_time(entry.posted), parse_any_time(entry.updated)
    try:
        speaker = _make_speaker(entry, entry_place)
    except SourceError as problem:
        raise type(problem)(f"{entry_place.own}: {problem}") from problem
    return Utterance(
        id=entry_place.own,
        conversation_id=frame.id,
        text=check_size(markup.text, entry_place.own),
        speaker=speaker,
        reply_to=parent if parent != entry_place.own else None,
        posted_at=posted,
        edited_at=updated if posted is not None and updated is not None and updated > posted else None,
        passages=markup.passages,
        url=entry.link or frame.url,
    )


def _make_speaker(entry: FeedEntry, entry_place: EntryPlace) -> Speaker | None:
    """Make the speaker; Discourse gives "@username Full Name", of which the first is whose posts they are."""
    namespace = entry_place.namespace
    if entry_place.own.startswith("discourse:") and (named := _USERNAME.fullmatch(entry.author)) is not None:
        page = f"https://{namespace}/u/{quote(named[1])}"
        return make_speaker(named[2] or named[1], namespace, named[1].lower(), page)
    page = f"https://www.reddit.com/user/{quote(entry.author)}" if namespace == "reddit" and entry.author else None
    return make_speaker(entry.author, namespace, url=page)


def _read_markup(entry: FeedEntry) -> Markup:
    if not entry.is_html:
        return read_text(entry.html)
    html = _COUNTED.sub("", entry.html[:-_TAIL_CHARS] + _BLOG_TAIL.sub("", entry.html[-_TAIL_CHARS:]))
    if "<!-- SC_OFF -->" in html:  # Reddit: the words, then "submitted by … [link] [comments]"
        written = LexborHTMLParser(bound_markup(html)).css_first("div.md")
        return read_html(written.html or "") if written is not None else Markup("")
    return read_cooked(html)


FORMAT = Format(
    "feed",
    rank=15,
    detects=is_feed,
    read=read_feed,
    what="RSS or Atom",
    sign="XML whose outermost element is rss, rdf:RDF or feed",
    example="crosstalk ingest comments.xml",
)
