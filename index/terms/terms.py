"""The terms that people argue with, as they are asked for: listed, looked up by any form, found in a text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from corpus.errors import NotFound
from corpus.record import Record
from corpus.term_key import make_term_key
from index.answers import Page
from index.findings.bodies import read_bodies
from index.findings.findings import Term
from index.findings.findings_store import FindingsStore
from index.findings.listing import list_findings
from index.findings.validity import CurrentFindings
from index.generation_cache import GenerationCache
from index.terms.matcher import Matcher

KIND = "term"
_MOST_TERMS = 10_000  # of which the uses are counted by person


class Terms:
    """Answers what the analyses found of terms. `count_mismatches` counts the exchanges that are about one, by name."""

    def __init__(self, findings_store: FindingsStore, record: Record, count_mismatches: Callable[[str], int]) -> None:
        self._findings_store = findings_store
        self._record = record
        self._count_mismatches = count_mismatches
        self._matcher = GenerationCache(self._read_generation, self._make_matcher)
        self._uses = GenerationCache(self._read_generation, self._count_uses)

    def list(self, part: str | None = None, limit: int = 50, cursor: str | None = None) -> Page[Term]:
        """Return the terms that people argue with, the most argued first; `part` is words that the name must hold.

        Raises `WrongUsage` for the cursor of another list.
        """
        where = {"word": make_term_key(part)} if part and part.strip() else {}
        page = list_findings(self._findings_store, KIND, where, limit, cursor, Term)
        return replace(page, items=tuple(self._count_contested(term) for term in page.items))

    def get(self, name: str) -> Term:
        """Return one term by its name or any of its forms, with those of its places that still stand.

        Raises `NotFound`.
        """
        terms = read_bodies(Term, self._findings_store.find(KIND, {"name": make_term_key(name)}, limit=1))
        if not terms:
            raise NotFound(f"no term {name!r} in this base; `crosstalk terms` lists those there are")
        return self._count_contested(CurrentFindings(self._record).filter_term(terms[0]))

    def list_forms(self, form: str) -> tuple[str, ...]:
        """Return the name and the other forms of the term that has one; only that form itself where there is none."""
        bodies = self._findings_store.find(KIND, {"name": make_term_key(form)}, limit=1)
        return (bodies[0]["name"], *bodies[0]["aliases"]) if bodies else (form,)

    def make_matcher(self) -> Matcher:
        """Return what finds the base's terms in a text."""
        return self._matcher.get()

    def count_uses(self) -> Mapping[str, Sequence[tuple[str, int]]]:
        """Return, for each person's id, the terms that they use, each with how often."""
        return self._uses.get()

    def _count_contested(self, term: Term) -> Term:
        return replace(term, contested=self._count_mismatches(term.name))

    def _read_generation(self) -> int:
        return self._findings_store.read_generation(KIND)

    def _make_matcher(self) -> Matcher:
        return Matcher.from_forms(self._findings_store.list_keys(KIND, "name"))

    def _count_uses(self) -> Mapping[str, Sequence[tuple[str, int]]]:
        uses: dict[str, list[tuple[str, int]]] = {}
        for term in read_bodies(Term, self._findings_store.find(KIND, limit=_MOST_TERMS)):
            for share in term.speakers:
                if share.speaker is not None:
                    uses.setdefault(share.speaker.id, []).append((term.name, share.uses))
        return uses
