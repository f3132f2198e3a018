"""Findings held against the record as it is now: whether their words still stand, and where a reader finds them.

Findings describe the record as it was when they were computed. A post may have been edited or deleted since: words that
no longer stand where a finding says are not shown, so that nobody is quoted with what they do not say.
"""

# pyright: standard

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from corpus.model import Heading, Status, Utterance
from corpus.record import Record
from index.findings.findings import Gloss, Mismatch, MismatchSides, Sense, Side, Term, Usage
from index.passages import make_permalink

Place = TypeVar("Place", Usage, Gloss, Side)


class CurrentFindings:
    """What of findings still stands in a record, with the addresses of the passages."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._utterances: dict[str, Utterance] = {}
        self._headings: dict[str, Heading] = {}

    def filter_term(self, term: Term) -> Term:
        """Return a term with those of its definitions and usages that still stand."""
        self.load_utterances(
            passage.utterance_id for sense in term.senses for passage in (*sense.definitions, *sense.usages)
        )
        return replace(term, senses=tuple(self._filter_sense(sense) for sense in term.senses))

    def _filter_sense(self, sense: Sense) -> Sense:
        definitions, usages = self.filter_places(sense.definitions), self.filter_places(sense.usages)
        return replace(sense, definitions=definitions, usages=usages)

    def filter_mismatches(self, mismatches: Sequence[Mismatch]) -> list[Mismatch]:
        """Return the mismatches of which both passages still stand, with those of their other exchanges that do."""
        exchanges = [exchange for mismatch in mismatches for exchange in (mismatch, *mismatch.also)]
        self.load_utterances(side.utterance_id for exchange in exchanges for side in (exchange.a, exchange.b))
        current = []
        for mismatch in mismatches:
            sides = self.filter_places((mismatch.a, mismatch.b))
            if len(sides) == 2:
                also = [self.filter_places((exchange.a, exchange.b)) for exchange in mismatch.also]
                standing = tuple(MismatchSides(*both) for both in also if len(both) == 2)
                current.append(replace(mismatch, a=sides[0], b=sides[1], also=standing))
        return current

    def load_utterances(self, utterance_ids: Iterable[str]) -> None:
        """Read in one go the utterances that will be asked about."""
        missing = set(utterance_ids) - self._utterances.keys()
        self._utterances |= self._record.get_utterances(missing)
        conversations = {utterance.conversation_id for utterance in self._utterances.values()} - self._headings.keys()
        self._headings |= self._record.get_headings(conversations)

    def filter_places(self, passages: Sequence[Place]) -> tuple[Place, ...]:
        """Return the places whose words stand there now, each with its address. Their utterances must be loaded."""
        return tuple(
            replace(passage, url=self._make_link(passage)) for passage in passages if self._is_current(passage)
        )

    def get_heading(self, utterance_id: str) -> Heading | None:
        """Return the conversation in which an utterance stands."""
        utterance = self._utterances.get(utterance_id)
        return self._headings.get(utterance.conversation_id) if utterance else None

    def _is_current(self, passage: Usage | Gloss | Side) -> bool:
        utterance = self._utterances.get(passage.utterance_id)
        if utterance is None or utterance.status is Status.DELETED:
            return False
        return utterance.text[passage.start : passage.end] == passage.text

    def _make_link(self, passage: Usage | Gloss | Side) -> str | None:
        utterance = self._utterances[passage.utterance_id]
        heading = self._headings.get(utterance.conversation_id)
        address = utterance.url or (heading.url if heading else None)
        return make_permalink(address, utterance.text, passage.start, passage.end)
