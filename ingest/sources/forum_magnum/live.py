"""Read a post of LessWrong, the Alignment Forum, the EA Forum (or a forum of one's own) from its GraphQL endpoint.

The post, then its comments; for a question also the answers and the replies to them, for a debate also its responses,
because the comment views leave those out. The server refuses offsets above 2000: beyond that, comments are asked for by
date, by a larger page, from the other end and by thread, until there are as many as the server counted; if some stay
out of reach that is told as a `Failure`. Everything that came is kept on disk until the read is done.
"""

# pyright: standard

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import orjson

from corpus.errors import FetchError, Malformed, TooLarge
from corpus.limits import LIMITS
from ingest.http.client import Fetcher, make_fetcher
from ingest.sources.fields import fold_to_line, parse_time
from ingest.sources.forum_magnum.conversations import make_conversations
from ingest.sources.forum_magnum.nodes import Node, NodeThread, parse_json
from ingest.sources.forum_magnum.queries import (
    COMMENT_FIELDS,
    POST_FIELDS,
    STYLES,
    Fields,
    drop_fields,
    find_unknown_fields,
    make_comments_question,
    make_post_question,
)
from ingest.sources.sites import SITES, ForumAddress, Site, parse_address_on, parse_forum_address
from ingest.sources.source import Failure, Format, Loaded, Source

HOSTS = frozenset(host for site in SITES for host in (*site.hosts, *site.mirrors))
Question = Callable[[str], dict[str, Any]]
_PAGE = 500
_HIDDEN_SHARE = 0.02  # of the comments counted that may be hidden from everybody (deleted, rejected)
_LARGEST_PAGE = 5000  # the forums' own cap on one answer
_SKIP = "maximum value for skip"
_NEW, _OLD = "postCommentsNew", "postCommentsOld"
_FIELD_ROUNDS = 8


class _Refused(Exception):
    """The server answered with errors; `messages` are its own words."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("; ".join(messages) or "an error without words")
        self.messages = messages

    @property
    def is_about_skip(self) -> bool:
        return any(_SKIP in message for message in self.messages)


def is_address(source: Source, head: bytes) -> bool:
    """Return whether a source is an address that has not been fetched yet."""
    return source.url is not None and source.content is None and source.path is None


def read_address(source: Source) -> Iterator[Loaded | Source]:
    """Yield the conversation at an address, or the page there as a source. Raise `FetchError` where neither is."""
    url = source.url or ""
    with make_fetcher(url, HOSTS) as fetcher:
        yield from read_with_fetcher(fetcher, source)
        if fetcher.cache is not None:
            fetcher.cache.forget()


def read_with_fetcher(fetcher: Fetcher, source: Source) -> Iterator[Loaded | Source]:
    """Do the same with a fetcher of the caller's own."""
    url = source.url or ""
    address = parse_forum_address(url) or _parse_own_forum(fetcher, url)
    if address is not None and address.post is not None:
        forum = _Forum(fetcher, find_endpoint(address.site, url))
        yield from _read_post(forum, address, source)
    else:
        yield _fetch_page(fetcher, source)


def find_endpoint(site: Site, url: str) -> str:
    """Return where a forum takes questions: on the host that was named; for a mirror, on the forum itself."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if host in site.mirrors or host not in site.hosts:
        return f"{site.home}/graphql"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/graphql"


def _parse_own_forum(fetcher: Fetcher, url: str) -> ForumAddress | None:
    """Take a post's address on a host that the user allowed as one of a forum they host."""
    parts = urlsplit(url)
    try:
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as problem:
        raise FetchError(f"{url[:200]!r}: no web address ({problem})") from problem
    if not fetcher.allowed.is_trusted(host, port or (443 if parts.scheme == "https" else 80)):
        return None
    name = f"{host}:{port}" if port else host
    return parse_address_on(Site(name, name.replace(":", "-"), f"{parts.scheme}://{name}", (host,)), url)


def _fetch_page(fetcher: Fetcher, source: Source) -> Source:
    """Fetch a page that is no post (a mirror's, a user's), to be handed on to the readers of saved pages."""
    answer = fetcher.get(source.url or "")
    return replace(source, content=answer.content, hints=replace(source.hints, url=source.hints.url or answer.url))


def _read_post(forum: "_Forum", address: ForumAddress, source: Source) -> Iterator[Loaded]:
    post_id = address.post or ""
    gathered = _GatheredComments()
    try:
        post = forum.ask_for_post(post_id)
        missing = forum.gather_all_comments(gathered, post_id)
        if post.get("question"):
            forum.gather_answers(gathered, post_id)
        if post.get("debate"):
            forum.gather_comments(gathered, "debateResponses", {"postId": post_id})
    except _Refused as problem:
        raise FetchError(f"{forum.endpoint}: {fold_to_line(str(problem), 200)}") from problem
    thread = NodeThread(post_id, post, gathered.sort_by_time())
    yield from make_conversations(thread, address.site, source.name, source.hints.title)
    for problem in gathered.too_large:
        yield Failure(source.name, problem)
    if missing:
        reason = f"about {missing:,} comments are beyond what the forum's interface hands out"
        yield Failure(source.name, FetchError(f"{source.name}: {reason}"))


@dataclass(slots=True)
class _GatheredComments:
    """Comments by id, in the order in which they came."""

    comments: dict[str, Node] = field(default_factory=dict)
    too_large: list[TooLarge] = field(default_factory=list)

    def add(self, nodes: list[Node]) -> int:
        """Add comments; return how many are new. Raise `TooLarge` above `Limits.utterances`."""
        before = len(self.comments)
        for node in nodes:
            if isinstance(node, dict) and isinstance(node.get("_id"), str):
                self.comments.setdefault(node["_id"], node)
        if len(self.comments) > LIMITS.utterances:
            raise TooLarge(f"more than {LIMITS.utterances:,} comments under one post")
        return len(self.comments) - before

    def sort_by_time(self) -> list[Node]:
        """Return the comments, oldest first: so a parent comes before its replies."""
        return sorted(self.comments.values(), key=lambda node: (str(node.get("postedAt") or ""), node["_id"]))


@dataclass(slots=True)
class _Forum:
    """One GraphQL endpoint, and what has been learnt of its dialect."""

    fetcher: Fetcher
    endpoint: str
    style: str | None = None
    post_fields: Fields = POST_FIELDS
    comment_fields: Fields = COMMENT_FIELDS
    page: int = _PAGE

    def ask_for_post(self, post_id: str) -> Node:
        """Ask for the post. Raise `FetchError` where the forum has none that everybody may read."""
        answer = self._ask_in_either_style(lambda style: make_post_question(style, post_id, self.post_fields))
        holder = answer.get("post")
        node = holder.get("result") if isinstance(holder, dict) else None
        if not isinstance(node, dict):
            raise FetchError(f"{self.endpoint}: no post {post_id} that everybody may read (deleted, draft or private)")
        return node

    def gather_comments(
        self, gathered: _GatheredComments, view: str, terms: Mapping[str, Any]
    ) -> tuple[int | None, bool]:
        """Gather a view page by page: (how many the server counts, if it does; whether offsets reached the end).

        The next page begins after as many as came, not as were asked for: a server may hand out fewer. Those that it
        counts and does not show are met again that way, which does no harm.
        """
        offset = 0
        expected: int | None = None
        while True:
            try:
                nodes, total = self._ask_for_comments(view, terms, self.page, offset)
            except TooLarge as problem:
                if self.page == 1:
                    gathered.too_large.append(problem)
                    offset += 1
                self.page = max(1, self.page // 4)
                continue
            except _Refused as problem:
                if not problem.is_about_skip:
                    raise
                return expected, False
            expected = total if total is not None else expected
            self.page = min(_PAGE, self.page * 4)
            gathered.add(nodes)
            offset += len(nodes)
            if not nodes or (expected is not None and offset >= expected):
                return expected, True

    def gather_all_comments(self, gathered: _GatheredComments, post_id: str) -> int:
        """Gather the comments under a post, also beyond the largest offset; return how many stay out of reach.

        A count that is a little too high is usual: the server counts comments that it shows to nobody.
        """
        expected, reached_end = self.gather_comments(gathered, _NEW, {"postId": post_id})
        if reached_end:
            return 0
        for way in (
            self._gather_by_date,
            self._gather_by_large_page,
            self._gather_from_the_end,
            self._gather_by_thread,
        ):
            if expected is not None and len(gathered.comments) >= expected:
                break
            try:
                way(gathered, post_id)
            except (_Refused, TooLarge):
                continue  # this server does not know that way; the next may do
        missing = (expected or 0) - len(gathered.comments)
        return missing if missing > _HIDDEN_SHARE * (expected or 0) else 0

    def gather_answers(self, gathered: _GatheredComments, post_id: str) -> None:
        """Gather the answers to a question and the replies to them, which the comment views leave out."""
        answers = _GatheredComments()
        self.gather_comments(answers, "questionAnswers", {"postId": post_id})
        gathered.add(list(answers.comments.values()))
        for answer in list(answers.comments.values()):
            if answer.get("descendentCount", 1) != 0:
                self.gather_comments(gathered, "repliesToAnswer", {"parentAnswerId": answer["_id"]})

    def _gather_by_date(self, gathered: _GatheredComments, post_id: str) -> None:
        """Ask for what is older than the oldest, again and again; stop when a page brings nothing new."""
        refused: _Refused | None = None
        for style in sorted(STYLES, key=lambda style: style != self.style):
            try:
                while self._gather_older(gathered, post_id, style):
                    refused = None
            except _Refused as problem:
                refused = problem
        if refused is not None:
            raise refused

    def _gather_older(self, gathered: _GatheredComments, post_id: str, style: str) -> int:
        times = [
            posted for node in gathered.comments.values() if (posted := parse_time(node.get("postedAt"))) is not None
        ]
        if not times:
            return 0
        before = (min(times) + timedelta(milliseconds=1)).isoformat().replace("+00:00", "Z")
        nodes, _ = self._ask_for_comments(_NEW, {"postId": post_id, "before": before}, self.page, 0, style)
        return gathered.add([n for n in nodes if isinstance(n, dict) and n.get("postId", post_id) == post_id])

    def _gather_by_large_page(self, gathered: _GatheredComments, post_id: str) -> None:
        for offset in (0, 2000):
            gathered.add(self._ask_for_comments(_NEW, {"postId": post_id}, _LARGEST_PAGE, offset)[0])

    def _gather_from_the_end(self, gathered: _GatheredComments, post_id: str) -> None:
        self.gather_comments(gathered, _OLD, {"postId": post_id})

    def _gather_by_thread(self, gathered: _GatheredComments, post_id: str) -> None:
        """Ask for each thread of which more replies are counted than are here."""
        known: dict[str, int] = {}
        for node in gathered.comments.values():
            top = node.get("topLevelCommentId")
            if isinstance(top, str):
                known[top] = known.get(top, 0) + 1
        tops = {id_ for id_, node in gathered.comments.items() if not node.get("parentCommentId")} | set(known)
        for top in sorted(tops):
            counted = gathered.comments.get(top, {}).get("descendentCount")
            if not isinstance(counted, int) or counted > known.get(top, 0):
                self.gather_comments(gathered, "repliesToCommentThread", {"topLevelCommentId": top})

    def _ask_for_comments(
        self, view: str, terms: Mapping[str, Any], limit: int, offset: int, style: str | None = None
    ) -> tuple[list[Node], int | None]:
        def make_question(in_style: str) -> dict[str, Any]:
            return make_comments_question(in_style, view, terms, limit, offset, self.comment_fields)

        answer = (
            self._ask_in_either_style(make_question)
            if style is None
            else self._ask_without_unknown_fields(make_question, style)
        )
        holder = answer.get("comments")
        if not isinstance(holder, dict) or not isinstance(holder.get("results"), list):
            raise Malformed(f"{self.endpoint}: an answer without comments")
        total = holder.get("totalCount")
        return holder["results"], total if isinstance(total, int) and total >= 0 else None

    def _ask_in_either_style(self, question: Question) -> Mapping[str, Any]:
        """Put a question in the style that worked before, else in each until one is understood."""
        refused = _Refused([])
        for style in (self.style,) if self.style else STYLES:
            try:
                answer = self._ask_without_unknown_fields(question, style)
            except _Refused as problem:
                if problem.is_about_skip or self.style:
                    raise
                refused.messages += problem.messages
                continue
            self.style = style
            return answer
        raise _Refused(refused.messages)

    def _ask_without_unknown_fields(self, question: Question, style: str) -> Mapping[str, Any]:
        for _ in range(_FIELD_ROUNDS):
            try:
                return self._ask(question(style))
            except _Refused as problem:
                unknown = find_unknown_fields(problem.messages)
                if not unknown or problem.is_about_skip:
                    raise
                self.post_fields = drop_fields(self.post_fields, unknown)
                self.comment_fields = drop_fields(self.comment_fields, unknown)
        raise FetchError(f"{self.endpoint}: knows too few of the fields that a thread consists of")

    def _ask(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        answer = parse_json(self.fetcher.query(self.endpoint, body, keep_if=_is_whole), self.endpoint)
        if not isinstance(answer, dict):
            raise Malformed(f"{self.endpoint}: no GraphQL answer")
        payload, errors = answer.get("data"), answer.get("errors")
        if errors and not (isinstance(payload, dict) and any(value is not None for value in payload.values())):
            raise _Refused([_describe_error(error) for error in errors] if isinstance(errors, list) else [str(errors)])
        if not isinstance(payload, dict):
            raise Malformed(f"{self.endpoint}: an answer without data")
        return payload


def _is_whole(content: bytes) -> bool:
    """Return whether an answer is worth keeping: one that reports errors may come out better the next time."""
    return b'"errors"' not in content[:1000]


def _describe_error(error: Any) -> str:
    """Take an error's message and id ("Exceeded maximum value for skip" may be either)."""
    return orjson.dumps(error).decode()


FORMAT = Format(
    "forum_magnum_live",
    rank=60,
    detects=is_address,
    read=read_address,
    what="a post, with its comments, or a user's page on LessWrong, the Alignment Forum or the EA Forum",
    sign="an address of one of these forums",
    example="crosstalk ingest https://www.lesswrong.com/posts/…",
)
