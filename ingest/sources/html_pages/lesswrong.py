"""Read saved pages of LessWrong, the Alignment Forum and the EA Forum themselves.

The page says everything twice, and neither telling is whole. Its JSON-LD (`structuredData.ts` of ForumMagnum) has the
words as they were written, of all comments, but no ids, karma or retraction; the comment nodes have those, for the
comments that were shown. Both are read and joined by author and time. Pages of 2019 to 2025 also held the answers of
the GraphQL endpoint (`__APOLLO_STATE__`), which is best where there is no JSON-LD.
"""

# pyright: standard

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import orjson
from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.errors import Malformed, SourceError
from corpus.model import Speaker, Status, Utterance
from ingest.markup import DialogueMessage, Markup, read_html, split_dialogue
from ingest.markup.html import read_node
from ingest.sources.assembly import ConversationFrame, UtteranceMaker, assemble_conversation
from ingest.sources.fields import fold_to_line, invent_ids, make_content_id, make_speaker, parse_time
from ingest.sources.forum_magnum import apollo_state
from ingest.sources.forum_magnum.conversations import make_conversations
from ingest.sources.html_pages.lesswrong_comments import (
    CommentVersion,
    join_versions,
    list_linked_data_comments,
    list_node_comments,
    read_html_words,
    read_string,
    wrap_in_list,
)
from ingest.sources.html_pages.page import (
    find_post_address,
    find_user,
    list_addresses,
    parse_page,
    read_attribute,
    read_opening,
    read_page,
    read_score,
    read_words,
)
from ingest.sources.json_bytes import parse_json_bytes
from ingest.sources.sites import (
    SITES,
    ForumAddress,
    Site,
    format_user_address,
    parse_address_on,
    parse_forum_address,
)
from ingest.sources.source import Format, Loaded, Source

_LINKED_DATA = re.compile(r"<script\b[^>]{0,500}application/ld\+json[^>]{0,500}>", re.IGNORECASE)
_SITE_SUFFIX = re.compile(r"\s+[—–-]\s+(?:LessWrong|AI Alignment Forum|EA Forum|Effective Altruism Forum)\s*\Z")
_SIGNS = (
    b"DiscussionForumPosting",
    b"comments-node",
    b"window.__APOLLO_STATE__",
    b"PostsPageTitle-root",
    b"ContentStyles-postBody",
)


def is_lesswrong_page(source: Source, head: bytes) -> bool:
    """Return whether a page has a forum's JSON-LD, its comment nodes, its cache of answers or its own classes."""
    page = read_opening(source, head)
    return any(sign in page for sign in _SIGNS) and b'data-js-date="' not in page


def read_lesswrong_page(source: Source) -> Iterator[Loaded]:
    """Yield the conversation of a page. Raise `Malformed` for a page with neither post nor comment."""
    page = read_page(source)
    written = _find_linked_data(page)
    tree = parse_page(page)
    named = iter([_find_address(written), source.hints.url or ""])
    address = find_post_address(named) or find_post_address(
        list_addresses(tree, 'link[rel="canonical"]', 'meta[property="og:url"]')
    )
    site = address.site if address else _find_site(tree, source)
    post_id = address.post if address else None
    if not written:
        threads = apollo_state.find_threads(page, post_id)
        for thread in threads:
            yield from make_conversations(thread, site, source.name, source.hints.title)
        if threads:
            return
    comments = join_versions(list(list_linked_data_comments(written)), list_node_comments(tree))
    body = tree.css_first("#postBody .ContentStyles-postBody, #postContent, .instapaper_body, .ContentStyles-postBody")
    if not written and body is None and not comments:
        raise Malformed(f"{source.name}: a forum page with no post and no comment in it")
    has_post = bool(written) or body is not None
    groups: dict[ForumAddress, list[CommentVersion]] = {}
    own_address = ForumAddress(site, post_id)
    if has_post:
        groups[own_address] = []
    for comment in comments:
        groups.setdefault(_find_home(comment, own_address, has_post), []).append(comment)
    titles = _list_linked_titles(tree) if groups.keys() - {own_address} else {}
    for home, group in groups.items():
        if home == own_address:
            frame = _make_frame(written, tree, page, source, own_address)
            makers = _list_makers(written, tree, body, group, site, frame)
        else:
            frame = _make_linked_frame(titles, home, group)
            alone = [replace(comment, is_placed=False) for comment in group]
            makers = _list_makers({}, tree, None, alone, home.site, frame)
        yield from assemble_conversation(source.name, frame, makers)


def _find_site(tree: LexborHTMLParser, source: Source) -> Site:
    """Tell the forum of a page that is no post's by its own address."""
    named = (source.hints.url or "", *list_addresses(tree, 'link[rel="canonical"]', 'meta[property="og:url"]'))
    return next((address.site for address in map(parse_forum_address, named) if address is not None), SITES[0])


def _find_home(comment: CommentVersion, own_address: ForumAddress, has_post: bool) -> ForumAddress:
    """Tell which post a comment is under: by its own link, else that of the page."""
    address = parse_forum_address(comment.address) or parse_address_on(own_address.site, comment.address)
    if not address.post or address.comment != comment.id or (has_post and own_address.post is None):
        return own_address
    is_here = address.post == own_address.post and address.site.namespace == own_address.site.namespace
    return own_address if is_here else ForumAddress(address.site, address.post)


def _make_frame(
    written: Mapping[str, Any], tree: LexborHTMLParser, page: str, source: Source, own_address: ForumAddress
) -> ConversationFrame:
    site, post_id = own_address.site, own_address.post
    title = fold_to_line(written.get("headline")) or _find_title(tree) or source.hints.title or f"Post {post_id}"
    url = _find_address(written) or next(list_addresses(tree, 'link[rel="canonical"]'), "")
    tags = [read_string(topic, "name") for topic in wrap_in_list(written.get("about"))]
    return ConversationFrame(
        id=f"{site.namespace}:{post_id}" if post_id else make_content_id(page),
        title=title,
        site=site.name,
        url=url.partition("?")[0] if url.startswith("http") else (f"{site.home}/posts/{post_id}" if post_id else None),
        meta={"tags": [tag for tag in tags if tag]} if any(tags) else {},
    )


def _list_linked_titles(tree: LexborHTMLParser) -> Mapping[str, str]:
    """Return the titles of the posts that a page links to as the site links to a post."""
    titles: dict[str, str] = {}
    for link in tree.css('a[class*="ostTitle"], [class*="ostTitle"] a'):
        post_id, title = parse_address_on(SITES[0], read_attribute(link, "href")).post, read_words(link)
        if post_id and title:
            titles.setdefault(post_id, title)
    return titles


def _make_linked_frame(
    titles: Mapping[str, str], home: ForumAddress, comments: list[CommentVersion]
) -> ConversationFrame:
    """Make the frame of a post that a page shows comments of, and only links to."""
    path = urlsplit(comments[0].address).path.partition("/comment/")[0].rstrip("/")
    return ConversationFrame(
        id=f"{home.site.namespace}:{home.post}",
        title=fold_to_line(titles.get(home.post or "")) or f"Post {home.post}",
        site=home.site.name,
        url=f"{home.site.home}{path}",
    )


def _find_linked_data(page: str) -> Mapping[str, Any]:
    """Find the posting among the JSON-LD of a page; {} if there is none that can be read."""
    for opening_tag in _LINKED_DATA.finditer(page):
        ends = page.find("</script", opening_tag.end())
        if ends < 0:
            break
        content = page[opening_tag.end() : ends]
        if "DiscussionForumPosting" not in content:
            continue
        try:
            document = parse_json_bytes(content.encode())
        except orjson.JSONDecodeError:
            continue
        for posting in [
            *wrap_in_list(document),
            *wrap_in_list(document.get("@graph") if isinstance(document, dict) else None),
        ]:
            if isinstance(posting, dict) and "DiscussionForumPosting" in wrap_in_list(posting.get("@type")):
                return posting
    return {}


def _find_address(written: Mapping[str, Any]) -> str:
    return read_string(written, "url") or read_string(written.get("mainEntityOfPage"), "@id")


def _find_title(tree: LexborHTMLParser) -> str:
    heading = tree.css_first(".PostsPageTitle-root, .PostsPageTitle-link, h1")
    shown = (
        read_words(heading)
        or next(list_addresses(tree, 'meta[property="og:title"]'), "")
        or read_words(tree.css_first("title"))
    )
    return _SITE_SUFFIX.sub("", fold_to_line(shown))


def _list_makers(
    written: Mapping[str, Any],
    tree: LexborHTMLParser,
    body: LexborNode | None,
    comments: list[CommentVersion],
    site: Site,
    frame: ConversationFrame,
) -> Iterator[UtteranceMaker]:
    yield from _list_post_makers(written, tree, body, site, frame)
    nameless = [comment for comment in comments if comment.id is None]
    invented = invent_ids(
        frame.id,
        (
            (comment.user or comment.name, str(comment.posted_at), read_html_words(comment.html or ""))
            for comment in nameless
        ),
    )
    # Comments of a post that nothing names must not stand in the way of the post when it is read.
    prefix = f"{frame.id}~" if frame.id.startswith("text:") else f"{site.namespace}:"
    ids = {comment.key: f"{prefix}{comment.id}" for comment in comments if comment.id}
    ids.update(zip((comment.key for comment in nameless), invented, strict=True))
    for comment in comments:
        yield ids[comment.key], partial(_make_comment, comment, ids, site, frame)


def _list_post_makers(
    written: Mapping[str, Any], tree: LexborHTMLParser, body: LexborNode | None, site: Site, frame: ConversationFrame
) -> Iterator[UtteranceMaker]:
    html = read_string(written, "text") or ((body.inner_html or "") if body is not None else "")
    if not written and body is None:
        return
    try:
        outside, messages = split_dialogue(html)
    except SourceError:
        outside, messages = html, ()
    yield frame.id, partial(_make_post, written, tree, outside, site, frame)
    before = frame.id
    for number, turn in enumerate(messages, 1):
        own = f"{frame.id}~{turn.message_id or number}"
        yield own, partial(_make_message, turn, own, before, written, site, frame)
        before = own


def _make_post(
    written: Mapping[str, Any], tree: LexborHTMLParser, html: str, site: Site, frame: ConversationFrame
) -> Utterance:
    authors = [
        (read_string(author, "name"), find_user(read_string(author, "url")))
        for author in wrap_in_list(written.get("author"))
    ]
    if not authors:
        links = tree.css(".PostsAuthors-authorName a, .PostsAuthors-root a.UsersNameDisplay-noColor")
        authors = [(read_words(link), find_user(read_attribute(link, "href"))) for link in links]
    speaker = _make_speaker(*authors[0], site) if authors else None
    meta: dict[str, Any] = {} if speaker else {"author": authors[0][0] if authors else "[anonymous]"}
    coauthors = [name for name, _ in authors[1:] if name]
    if coauthors:
        meta["coauthors"] = coauthors
    time = tree.css_first(".PostsPageDate-date time, .PostsPage-date time, .LWPostsPageHeader-root time")
    votes = ".LWPostsPageTopHeaderVote-voteScore, .PostsVoteDefault-voteScore, .PostsPagePostHeader-header .voteScore"
    markup = read_html(html)
    return Utterance(
        id=frame.id,
        conversation_id=frame.id,
        text=markup.text,
        passages=markup.passages,
        speaker=speaker,
        posted_at=parse_time(written.get("datePublished")) or parse_time(read_attribute(time, "datetime")),
        karma=read_score(tree.css_first(votes)),
        url=frame.url,
        meta=meta,
    )


def _make_message(
    turn: DialogueMessage, own: str, before: str, written: Mapping[str, Any], site: Site, frame: ConversationFrame
) -> Utterance:
    markup = read_html(turn.html)
    main = next(iter(wrap_in_list(written.get("author"))), None)
    user = find_user(read_string(main, "url")) if turn.name and turn.name == read_string(main, "name") else None
    return Utterance(
        id=own,
        conversation_id=frame.id,
        text=markup.text,
        passages=markup.passages,
        speaker=_make_speaker(turn.name, user, site),
        reply_to=before,
        posted_at=turn.submitted or parse_time(written.get("datePublished")),
        url=frame.url,
        meta={"dialogue": True},
    )


def _make_comment(comment: CommentVersion, ids: Mapping[str, str], site: Site, frame: ConversationFrame) -> Utterance:
    markup = Markup("")
    if comment.status is not Status.DELETED:
        markup = (
            read_html(comment.html) if comment.html else read_node(comment.body) if comment.body is not None else markup
        )
    speaker = None if comment.status is Status.DELETED else _make_speaker(comment.name, comment.user, site)
    meta = dict(comment.meta)
    if speaker is None:
        meta["author"] = comment.name or "[anonymous]"
    return Utterance(
        id=ids[comment.key],
        conversation_id=frame.id,
        text=markup.text,
        passages=markup.passages,
        speaker=speaker,
        reply_to=ids.get(comment.above or "") or (frame.id if comment.is_placed else None),
        posted_at=comment.posted_at,
        karma=comment.karma,
        status=comment.status,
        url=f"{frame.url}?commentId={comment.id}" if comment.id and frame.url else frame.url,
        meta=meta,
    )


def _make_speaker(name: str, user: str | None, site: Site) -> Speaker | None:
    return make_speaker(name, site.namespace, user, format_user_address(site, user) if user else None)


FORMAT = Format(
    "lesswrong_page",
    rank=50,
    detects=is_lesswrong_page,
    read=read_lesswrong_page,
    what="a saved page of LessWrong, the Alignment Forum or the EA Forum",
    sign="HTML of these sites",
    example="crosstalk ingest page.html",
)
