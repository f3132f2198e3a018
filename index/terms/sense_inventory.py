"""The senses of one term: uses and definitions in, senses with labels, shares and the test of people out."""

# pyright: standard

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpus.model import Speaker
from index.findings.findings import Gloss, Sense, Share, Term, Usage
from index.senses import TermGloss as Meaning
from index.terms.context_model import ContextModel
from index.terms.labels import label_sense
from index.terms.occurrences import Occurrence
from index.terms.permutation_test import compute_usage_difference_p
from index.terms.record_view import AttributedDefinition
from index.terms.sense_induction import (
    NONE,
    GroupedContexts,
    SenseSplit,
    assign_utterances,
    find_best_split,
    group_contexts,
    induce_senses,
)
from index.terms.stated_senses import follow_definitions, group_definitions
from index.terms.vocabulary import VocabularyTerm
from index.text_keys import compute_short_hash, reduce_to_near_words

# Asked with a term and places: the probability that each place fits each of its definitions.
MeasureFits = Callable[[VocabularyTerm, Sequence[Occurrence]], np.ndarray]
_SHOWN = 12  # uses of a sense that are kept with it


@dataclass(frozen=True, slots=True)
class SampledUses:
    """The uses of a term that are looked at: their places, taken together by person, and by utterance.

    `alike` (uses, uses) is the log odds that two of them have one sense; `split` the best division of the people in
    two, if there is any. Where too little is known to compare contexts, `model` and what follows from it is None.
    """

    occurrences: Sequence[Occurrence]
    model: ContextModel | None = None
    alike: np.ndarray | None = None
    people: GroupedContexts | None = None
    person_of: Sequence[int] = ()
    split: SenseSplit | None = None
    utterances: GroupedContexts | None = None
    utterance_of: Sequence[int] = ()

    @classmethod
    def group(
        cls, occurrences: Sequence[Occurrence], contexts: np.ndarray, model: ContextModel | None
    ) -> "SampledUses":
        """Take together what each person wrote: `contexts` (places, n) are the vectors of what the places call for."""
        if model is None:
            return cls(occurrences)
        projected = model.project(contexts)
        sources = _merge_reposts(occurrences)
        utterances, voices = [utterance for utterance, _ in sources], [voice for _, voice in sources]
        people, person_of = group_contexts(projected, utterances, voices)
        split, alike = find_best_split(model, people), model.compare(projected, projected)
        return cls(
            occurrences, model, alike, people, person_of, split, *group_contexts(projected, utterances, utterances)
        )

    def assign_senses(self, threshold: float) -> list[int]:
        """Return the number of the sense of each use; `threshold` is what a division must gain."""
        if self.model is None or self.people is None or self.utterances is None:
            return [0] * len(self.occurrences)
        of_person = induce_senses(self.model, self.people, threshold, self.split)
        author_senses = [0] * len(self.utterances.counts)
        for person, utterance in zip(self.person_of, self.utterance_of, strict=True):
            author_senses[utterance] = of_person[person]
        of_utterance = assign_utterances(self.model, self.utterances, author_senses)
        return [of_utterance[utterance] for utterance in self.utterance_of]

    def measure_difference(self, seed: int) -> float | None:
        """Return the probability that people differ so much by chance, where it can be told."""
        if self.alike is None:
            return None
        utterances, voices = (
            [occurrence.claim.utterance_id for occurrence in self.occurrences],
            [occurrence.claim.voice for occurrence in self.occurrences],
        )
        return compute_usage_difference_p(self.alike, utterances, voices, seed)


def _merge_reposts(occurrences: Sequence[Occurrence]) -> list[tuple[str, str]]:
    """Return the utterance and voice of each use; equal words that stand in several places are taken to be told in one.

    Which one does not hang on the order of the places.
    """
    keys = [reduce_to_near_words(occurrence.claim.text) for occurrence in occurrences]
    source_of: dict[str, tuple[str, str]] = {}
    for key, occurrence in zip(keys, occurrences, strict=True):
        source = occurrence.claim.utterance_id, occurrence.claim.voice
        source_of[key] = min(source_of.get(key, source), source)
    return [source_of[key] for key in keys]


@dataclass(frozen=True, slots=True)
class SenseAssignment:
    """The number of the sense of each use and definition, `NONE` where it cannot be told; whether people differ."""

    of_uses: tuple[int, ...]
    of_definitions: tuple[int, ...]
    difference_p: float | None


def list_without_senses(term: VocabularyTerm, occurrences: Sequence[Occurrence]) -> Term:
    """Return a term without its senses."""
    return Term(term.name, term.aliases, len(occurrences), count_shares(occurrences), term.termhood)


def list_with_senses(
    term: VocabularyTerm,
    occurrences: Sequence[Occurrence],
    sampled: SampledUses,
    threshold: float,
    glosses: Mapping[str, np.ndarray],
    measure_fits: MeasureFits,
) -> Term:
    """Return a term with its senses, the most used first; `glosses` are the sentence vectors of its definitions."""
    listed_term = list_without_senses(term, occurrences)
    if not sampled.occurrences:
        return listed_term
    assignment = assign_senses(term, sampled, threshold, glosses, measure_fits)
    senses = []
    for number in sorted({*assignment.of_uses, *assignment.of_definitions} - {NONE}):
        members = [index for index, its in enumerate(assignment.of_uses) if its == number]
        definitions = [
            definition
            for definition, its in zip(term.definitions, assignment.of_definitions, strict=True)
            if its == number
        ]
        senses.append(_make_sense(sampled, members, definitions))
    senses.sort(key=lambda sense: -sense.size)
    return replace(listed_term, divided=assignment.difference_p, senses=tuple(senses))


def assign_senses(
    term: VocabularyTerm,
    sampled: SampledUses,
    threshold: float,
    glosses: Mapping[str, np.ndarray],
    measure_fits: MeasureFits,
) -> SenseAssignment:
    """Sort the uses of a term that are looked at, and its definitions, by sense.

    Where definitions differ, they say which senses there are; else the uses do. `fits` is asked only for the former.
    """
    difference_p = sampled.measure_difference(int(compute_short_hash(term.keys[0])[:8], 16))
    of_definitions = group_definitions(term.definitions, glosses)
    if max(of_definitions, default=NONE) > 0:
        voices = [occurrence.claim.voice for occurrence in sampled.occurrences]
        of_uses = follow_definitions(of_definitions, term.definitions, voices, measure_fits(term, sampled.occurrences))
    else:
        of_uses = sampled.assign_senses(threshold)
        of_definitions = _attach_definitions(term, sampled.occurrences, of_uses)
    return SenseAssignment(tuple(of_uses), tuple(of_definitions), difference_p)


def _attach_definitions(term: VocabularyTerm, occurrences: Sequence[Occurrence], of_uses: Sequence[int]) -> list[int]:
    """Return the sense of each definition: that of a use in it, else the one that its author means elsewhere."""
    if max(of_uses) <= 0:
        return [0] * len(term.definitions)
    of_definitions = []
    for definition in term.definitions:
        own = [index for index, occurrence in enumerate(occurrences) if occurrence.claim.voice == definition.voice]
        inside = [index for index in own if _is_in(occurrences[index], definition)]
        counts = Counter(of_uses[index] for index in inside or own)
        of_definitions.append(max(counts, key=lambda its: (counts[its], -its), default=NONE))
    return of_definitions


def is_defining(term: VocabularyTerm, occurrence: Occurrence) -> bool:
    """Return whether a use stands in the sentence of one of the term's definitions."""
    return any(_is_in(occurrence, definition) for definition in term.definitions)


def make_sense_gloss(attributed: AttributedDefinition) -> Meaning:
    """Return a definition as the sense encoder reads it."""
    return Meaning(attributed.definition.term, attributed.definition.gloss or attributed.definition.term)


def _is_in(occurrence: Occurrence, definition: AttributedDefinition) -> bool:
    """Return whether a use stands in the sentence of a definition."""
    claim, stated = occurrence.claim, definition.definition
    return claim.utterance_id == stated.utterance_id and (
        stated.start <= claim.start + occurrence.start and claim.start + occurrence.end <= stated.end
    )


def _make_sense(sampled: SampledUses, members: Sequence[int], definitions: Sequence[AttributedDefinition]) -> Sense:
    alike = sampled.alike[np.ix_(members, members)] if sampled.alike is not None else np.zeros((len(members),) * 2)
    within = alike.mean(axis=1) if members else np.zeros(0)
    order = sorted(
        range(len(members)),
        key=lambda index: (-round(float(within[index]), 2), sampled.occurrences[members[index]].location),
    )
    typical = [sampled.occurrences[members[index]] for index in order]
    return Sense(
        label_sense(definitions, typical),
        len(members),
        tuple(_make_gloss(definition) for definition in definitions),
        tuple(_make_usage(occurrence) for occurrence in _vary_voices(typical)),
        count_shares([sampled.occurrences[index] for index in members]),
    )


def _vary_voices(typical: Sequence[Occurrence]) -> list[Occurrence]:
    """Choose what is shown: the most typical use of each voice in turn."""
    turns: Counter[str] = Counter()
    ranked = []
    for rank, occurrence in enumerate(typical):
        ranked.append((turns[occurrence.claim.voice], rank, occurrence))
        turns[occurrence.claim.voice] += 1
    ranked.sort(key=lambda entry: (entry[0], entry[1]))
    return [occurrence for _, _, occurrence in ranked[:_SHOWN]]


def count_shares(occurrences: Sequence[Occurrence]) -> tuple[Share, ...]:
    """Count the uses of each voice, most first. Each voice that nobody can name has a share of its own."""
    uses = Counter(occurrence.claim.voice for occurrence in occurrences)
    speakers: dict[str, Speaker | None] = {
        occurrence.claim.voice: occurrence.claim.speaker for occurrence in occurrences
    }
    return tuple(
        Share(speakers[voice], count) for voice, count in sorted(uses.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _make_usage(occurrence: Occurrence) -> Usage:
    claim = occurrence.claim
    return Usage(
        claim.speaker, claim.utterance_id, claim.start, claim.end, claim.text, (occurrence.start, occurrence.end)
    )


def _make_gloss(definition: AttributedDefinition) -> Gloss:
    stated = definition.definition
    return Gloss(
        stated.speaker, stated.utterance_id, stated.start, stated.end, definition.text, stated.gloss, stated.stance
    )
