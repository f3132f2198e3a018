"""Questions and answers of the knowledge base: the one set of types that every face translates.

`index.wire` says how they are written as JSON, for the command line, the API and MCP alike.
"""

# pyright: standard

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from corpus.model import Claim, Heading, Speaker, Utterance

Answer = TypeVar("Answer")


class Mode(StrEnum):
    """Which part of the search decides the order."""

    HYBRID = "hybrid"
    DENSE = "dense"
    LEXICAL = "lexical"


class Grouping(StrEnum):
    """What the hits of one answer are put together by."""

    PERSON = "person"
    THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Query:
    """A search. Several values of one filter are alternatives; different filters must all hold.

    `text` is a line of the query language (`index.search.query_language`), or plain words where `plain`. `speakers`
    match a speaker's id or name (case-insensitive; where nobody is called so, a part of the name). `since` ≤
    posted_at < `until`. All `phrases` and `terms` must stand in a claim. `without` are (what, value): words, speaker,
    site, term or kind that it must not have. `group` gives one hit a person or thread, with `more` of theirs.
    `rerank` names a cross-encoder that decides the order of the first hits. `cursor` is the opaque `next` of the page
    before. An empty `text` with filters lists the newest claims that pass.
    """

    text: str
    speakers: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    include_quotes: bool = False
    include_retracted: bool = False
    include_hidden: bool = False
    mode: Mode = Mode.HYBRID
    limit: int = 20
    cursor: str | None = None
    phrases: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    without: tuple[tuple[str, str], ...] = ()
    group: Grouping | None = None
    rerank: str | None = None
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Repetition:
    """How often nearly the same words were said in the whole base, and by how many people who have a name."""

    times: int
    people: int


@dataclass(frozen=True, slots=True)
class HitGroup:
    """What a hit stands for in a grouped answer: all `claims` considered of one person or thread.

    `id` and `label` are the person's or the thread's (None: nobody knows who). `more` are the next best of them.
    """

    by: Grouping
    id: str | None
    label: str | None
    claims: int
    more: tuple["Hit", ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """The words around a claim in its utterance, about a sentence on either side."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A claim where it stands. `before` and `after` are the words around it in the utterance (about a sentence each).

    `highlights` are (start, end) in `claim.text` of the words that the query asked for. `url` opens at the passage
    (text fragment). `score` in 0..1 is comparable within one answer only; `score_parts` says where it comes from.
    `others` are further places where the same person's words stand again, or nearly so (cross-posts, restatements):
    (utterance id, url). `said` counts everybody's, in searches only. `group` stands in grouped answers only.
    """

    claim: Claim
    conversation: Heading
    posted_at: datetime | None = None
    karma: int | None = None
    url: str | None = None
    before: str = ""
    after: str = ""
    score: float = 0.0
    score_parts: Mapping[str, float] = field(default_factory=dict, hash=False)
    highlights: tuple[tuple[int, int], ...] = ()
    others: tuple[tuple[str, str | None], ...] = ()
    said: Repetition | None = None
    group: HitGroup | None = None

    @property
    def context(self) -> Context:
        """Return the words around the claim."""
        return Context(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Facet:
    """One value of a field with the number of claims that have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Page(Generic[Answer]):
    """One page of a list. `next` is opaque; `total` counts all that match (for ranked search: all considered)."""

    items: tuple[Answer, ...]
    next: str | None = None
    total: int = 0
    facets: Mapping[str, tuple[Facet, ...]] = field(default_factory=dict, hash=False)
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Person:
    """A speaker with what the base holds of them. `claims` counts own and reported claims; `quoted` those that others
    quoted from them; `first` and `last` are posting times."""

    speaker: Speaker
    utterances: int
    claims: int
    quoted: int
    conversations: int
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class ThreadTurn:
    """One utterance in a thread: its depth in the reply tree (0 for the post) and its claims in order."""

    utterance: Utterance
    depth: int
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation as a tree, flattened in reading order (parents before children), or a page of its `total` turns.

    `next` is the opaque cursor of the page after this one. `is_unmarked`: this copy lost its quotation marks, and some
    of its paragraphs look like somebody else's words.
    """

    conversation: Heading
    turns: tuple[ThreadTurn, ...]
    next: str | None = None
    total: int = 0
    is_unmarked: bool = False
