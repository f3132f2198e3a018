"""What a query narrows down to, as the store takes it."""

# pyright: standard

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from corpus.errors import WrongUsage
from corpus.limits import LIMITS
from corpus.model import Attribution, ClaimKind
from index.answers import Query
from index.people.directory import SpeakerDirectory
from index.store.points import EVERYTHING, NO, YES, Condition, Vectors, Where
from index.text_keys import list_forms, make_name_key, reduce_to_words

NOT_QUOTED = (Attribution.OWN.value, Attribution.REPORTED.value)
_SITES = 10_000
ListForms = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class FilterBuilder:
    """Turns what people write into what the store holds. `list_forms` gives a term's other names."""

    vectors: Vectors
    read_directory: Callable[[], SpeakerDirectory]
    list_forms: ListForms

    def build(self, query: Query) -> Where | None:
        """Return the filters of a query; None where nothing can pass them."""
        conditions = []
        for field, values, find_ids in (
            ("speaker", query.speakers, self._find_speakers),
            ("site", query.sites, self._find_sites),
        ):
            if values:
                ids = find_ids(values)
                if not ids:
                    return None
                conditions.append(Condition(field, ids))
        if query.kinds:
            conditions.append(Condition("kind", query.kinds))
        conditions += [
            Condition("said", phrases=(words,)) for phrase in query.phrases if (words := reduce_to_words(phrase))
        ]
        conditions += [Condition("uses", phrases=forms) for term in query.terms if (forms := self._list_forms(term))]
        for field, value in query.without:
            conditions += self._exclude(field, value)
        if query.since or query.until:
            conditions.append(Condition("posted_at", at_least=_seconds(query.since), below=_seconds(query.until)))
        return build_visibility(query).narrow(*conditions)

    def _exclude(self, field: str, value: str) -> list[Condition]:
        if field == "words":
            words = reduce_to_words(value)
            return [Condition("said", phrases=(words,), unless=True)] if words else []
        if field == "term":
            forms = self._list_forms(value)
            return [Condition("uses", phrases=forms, unless=True)] if forms else []
        ids = {"speaker": self._find_speakers, "site": self._find_sites}.get(field, tuple)((value,))
        return [Condition(field, ids, unless=True)] if ids else []

    def _find_speakers(self, names: Iterable[str]) -> tuple[str, ...]:
        return self.read_directory().match_names(tuple(names))

    def _find_sites(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return sites by name, whatever the case, with or without the `www.` and the `.com` that addresses have."""
        known: dict[str, dict[str, None]] = {}
        for site, _ in self.vectors.count_values("site", EVERYTHING, _SITES):
            for key in (make_name_key(site), _shorten(site)):
                known.setdefault(key, {})[site] = None
        sites = [site for name in names for site in known.get(make_name_key(name)) or known.get(_shorten(name)) or ()]
        return tuple(dict.fromkeys(sites))

    def _list_forms(self, term: str) -> tuple[str, ...]:
        """Return all forms of a term and of its other names."""
        names = (term, *self.list_forms(term))
        return tuple(dict.fromkeys(form for name in names for form in list_forms(name)))


def build_visibility(query: Query) -> Where:
    """Return what a query sees whatever it asks for: no quotes, nothing retracted, nothing hidden, unless it wants
    them.
    """
    conditions = []
    if not query.include_quotes:
        conditions.append(Condition("attribution", NOT_QUOTED))
    if not query.include_retracted:
        conditions.append(Condition("retracted", (NO,)))
    if not query.include_hidden:
        conditions.append(Condition("shown", (YES,)))
    return Where(tuple(conditions))


def check_query(query: Query) -> None:
    """Raise `WrongUsage` for a query that makes no sense."""
    if len(query.text) > LIMITS.query_chars:
        raise WrongUsage(f"the query has {len(query.text):,} characters, more than {LIMITS.query_chars:,}; shorten it")
    if query.limit < 1:
        raise WrongUsage(f"a limit of {query.limit} shows nothing; give 1 or more")
    kinds = {kind.value for kind in ClaimKind}
    for kind in query.kinds:
        if kind not in kinds:
            raise WrongUsage(f"there is no kind of claim {kind!r}; there are {', '.join(sorted(kinds))}")


def name_query(query: Query) -> str:
    """Name all of a query but the page asked for, so that a cursor fits its own question only."""
    return repr(
        (
            query.text,
            query.speakers,
            query.sites,
            query.kinds,
            query.since,
            query.until,
            query.include_quotes,
            query.include_retracted,
            query.include_hidden,
            query.mode.value,
            query.phrases,
            query.terms,
            query.without,
            query.group,
            query.rerank,
        )
    )


def _shorten(site: str) -> str:
    return make_name_key(site).removeprefix("www.").removesuffix(".com").removesuffix(".org")


def _seconds(moment: datetime | None) -> float | None:
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
