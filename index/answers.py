"""Questions and answers of the knowledge base: the one set of types that every face translates, and their JSON.

Field names are the same on the command line, in the API, in MCP and in the web app.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

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
class Said:
    """How often nearly the same words were said in the whole base, and by how many people who have a name."""

    times: int
    people: int


@dataclass(frozen=True, slots=True)
class Group:
    """What a hit stands for in a grouped answer: all `claims` considered of one person or thread.

    `id` and `label` are the person's or the thread's (None: nobody knows who). `more` are the next best of them.
    """

    by: Grouping
    id: str | None
    label: str | None
    claims: int
    more: tuple["Hit", ...] = ()


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
    said: Said | None = None
    group: Group | None = None


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
class Turn:
    """One utterance in a thread: its depth in the reply tree (0 for the post) and its claims in order."""

    utterance: Utterance
    depth: int
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation as a tree, flattened in reading order (parents before children)."""

    conversation: Heading
    turns: tuple[Turn, ...]


def claim_json(claim: Claim) -> dict[str, Any]:
    """Give a claim as JSON values; `speaker` and `quoted_by` are names or None."""
    return {
        "id": claim.id,
        "utterance_id": claim.utterance_id,
        "start": claim.start,
        "end": claim.end,
        "text": claim.text,
        "standalone": claim.standalone,
        "kind": claim.kind.value,
        "attribution": claim.attribution.value,
        "speaker": claim.speaker.name if claim.speaker else None,
        "speaker_id": claim.speaker.id if claim.speaker else None,
        "quoted_by": claim.quoted_by.name if claim.quoted_by else None,
        "holder": claim.holder,
        "certainty": round(claim.certainty, 4),
        "credence": list(claim.credence) if claim.credence else None,
        "retracted": claim.retracted,
        "terms": list(claim.terms),
        "spans": [list(span) for span in claim.spans],
        "probability": round(claim.probability, 4),
    }


def heading_json(heading: Heading) -> dict[str, Any]:
    """Give a conversation's heading as JSON values."""
    return {"id": heading.id, "title": heading.title, "url": heading.url, "site": heading.site}


def hit_json(hit: Hit) -> dict[str, Any]:
    """Give a search hit as JSON values."""
    return claim_json(hit.claim) | {
        "conversation": heading_json(hit.conversation),
        "posted_at": time_json(hit.posted_at),
        "karma": hit.karma,
        "url": hit.url,
        "context": {"before": hit.before, "after": hit.after},
        "score": round(hit.score, 6),
        "score_parts": {name: round(value, 6) for name, value in hit.score_parts.items()},
        "highlights": [list(span) for span in hit.highlights],
        "others": [{"utterance_id": place, "url": url} for place, url in hit.others],
        "said": {"times": hit.said.times, "people": hit.said.people} if hit.said else None,
        "group": _group_json(hit.group) if hit.group else None,
    }


def _group_json(group: Group) -> dict[str, Any]:
    return {
        "by": group.by.value,
        "id": group.id,
        "label": group.label,
        "claims": group.claims,
        "more": [hit_json(more) for more in group.more],
    }


def person_json(person: Person) -> dict[str, Any]:
    """Give a person as JSON values."""
    return {
        "id": person.speaker.id,
        "name": person.speaker.name,
        "site": person.speaker.site,
        "url": person.speaker.url,
        "utterances": person.utterances,
        "claims": person.claims,
        "quoted": person.quoted,
        "conversations": person.conversations,
        "first": time_json(person.first),
        "last": time_json(person.last),
    }


def utterance_json(utterance: Utterance) -> dict[str, Any]:
    """Give an utterance as JSON values."""
    return {
        "id": utterance.id,
        "reply_to": utterance.reply_to,
        "speaker": utterance.speaker.name if utterance.speaker else None,
        "speaker_id": utterance.speaker.id if utterance.speaker else None,
        "posted_at": time_json(utterance.posted_at),
        "edited_at": time_json(utterance.edited_at),
        "text": utterance.text,
        "passages": [
            {
                "kind": passage.kind.value,
                "start": passage.start,
                "end": passage.end,
                "note": passage.note,
                "inline": passage.inline,
            }
            for passage in utterance.passages
        ],
        "karma": utterance.karma,
        "status": utterance.status.value,
        "url": utterance.url,
        "begins": utterance.begins,
    }


def thread_json(thread: Thread) -> dict[str, Any]:
    """Give a thread as JSON values: a flat list in reading order, each with its depth."""
    return heading_json(thread.conversation) | {
        "utterances": [
            utterance_json(turn.utterance)
            | {"depth": turn.depth, "claims": [claim_json(claim) for claim in turn.claims]}
            for turn in thread.turns
        ]
    }


def page_json(page: Page[Any], items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Give a page as `{items, next, total, facets, took_ms}`."""
    return {
        "items": list(items),
        "next": page.next,
        "total": page.total,
        "facets": {
            name: [{"value": facet.value, "label": facet.label, "count": facet.count} for facet in facets]
            for name, facets in page.facets.items()
        },
        "took_ms": round(page.took_ms, 3),
    }


def time_json(moment: datetime | None) -> str | None:
    """Give a time as ISO 8601 in UTC.

    Example: 2024-01-02 03:04:05 UTC -> "2024-01-02T03:04:05Z"
    """
    return moment.isoformat().replace("+00:00", "Z") if moment else None
