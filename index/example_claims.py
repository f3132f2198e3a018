"""Claims to search for, as examples of what a base holds."""

import re

from corpus.limits import LIMITS
from corpus.model import Attribution, ClaimKind
from corpus.record import Record
from index.answers import Hit, Query
from index.search.search import Search

_CHARACTERS = range(45, 121)  # of a claim that can be read at a glance
# Sentences that begin so lean on the one before, or tell of their author.
_LEANING = frozenset(
    "i i'd i'll i'm i've we my our you your he she it they this that these those so but and or".split()
)


def choose_examples(record: Record, search: Search, count: int) -> tuple[str, ...]:
    """Return the words of at most `count` claims: what a thread is about is in its title, so that is searched for.

    Sentences that can be read at a glance and lean on none before them; at most one a thread, of different people.
    """
    ids = list(record.list_conversations())
    spread = ids[:: max(len(ids) // (2 * count), 1)][: 2 * count]
    chosen: dict[str, str] = {}
    for heading in record.get_headings(spread).values():
        if len(chosen) >= count:
            break
        if not heading.title.strip():
            continue
        for hit in search.find(Query(heading.title[: LIMITS.query_chars], limit=20, plain=True)).items:
            words = " ".join(hit.claim.text.split())
            if hit.claim.speaker and hit.claim.speaker.id not in chosen and _reads_alone(hit, words):
                chosen[hit.claim.speaker.id] = words
                break
    return tuple(dict.fromkeys(chosen.values()))


def _reads_alone(hit: Hit, words: str) -> bool:
    """Tell whether a claim makes sense by itself, at a glance."""
    said = re.findall(r"[^\W\d_]+", words.casefold())
    whole = words[:1].isupper() and words.endswith(".") and not set(words) & set('"“”:;()')
    own = hit.claim.attribution is Attribution.OWN and hit.claim.kind is not ClaimKind.QUESTION
    return whole and own and len(words) in _CHARACTERS and said[0] not in _LEANING and not {"i", "you"} & set(said)
