"""Are senses told apart? Pseudo-words: `python -m bench.senses_pseudo --data DIR [--bases DIR] [--pairs N]`.

Of two unrelated terms, one set of speakers keeps the one and the others keep the other, and both are replaced by one
made-up word: its two senses, and who uses which, are known (Gale, Church & Yarowsky, 1992; Schütze, 1992). As a control
one term of several words is replaced by a made-up word for everybody: such a term hardly ever has two senses (Yarowsky,
1993), so any second is a false finding. Single words are no control: "group" and "domain" really have several.
DIR (or $CROSSTALK_DATA) holds arbital-dev and axrp-dev; their records, and what was computed of their uses, are made in
--bases, and used again where they are there. What a base teaches itself is learned anew for each made-up word, without
the terms that it stands for (by parts of the vocabulary). Figures, by corpus:

words      precision, recall and F1 of "this word has two senses" over made-up words of two and of one
false      the share of one-sense words that are given a second sense
people     precision, recall and F1 of "these two speakers mean different things", over all pairs of speakers of a
           two-sense word, each taken by the sense of most of his uses; mean over words
gain       is the evidence for two senses (`index/terms/sense_induction.py`) greater for words of two than of one?
divided    the share of two-sense and of one-sense words where people differ with p < .01
baseline   two means (k = 2) over the vectors of the encoder's fourth layer, which always finds two

and `terms`: the share of the made-up words that are found to be terms when all are put into the corpus at once.
"""

import argparse
import json
import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from bench.training.senses.closer import Reader, make_plain_reader
from index.encoding.sentence_encoder import DEFAULT_MODEL, Encoder
from index.terms.context_model import ContextModel
from index.terms.find import learn_from_base
from index.terms.occurrences import Occurrence, sample_occurrences
from index.terms.record_view import OwnClaim, RecordView
from index.terms.sense_induction import NONE, estimate_null_threshold
from index.terms.sense_inventory import SampledUses
from index.terms.usage_vectors import UseEncoder, group_spans_by_claim

SEED = 20
LEAST_USES, LEAST_VOICES = 8, 3  # of each sense
_PARTS = 6  # of the vocabulary
_UNRELATED = 0.2  # cosine of the encoder's vectors of two terms, up to which they are not related
_ONSETS, _RIMES = (
    "bl br d dr f fl g gr k kl m n p pl sk sn t tr v z".split(),
    "ib od ick ap oom elt usk ave ort".split(),
)


@dataclass(frozen=True, slots=True)
class PseudoWord:
    """A made-up word: its places, and which of the two terms stood at each."""

    word: str
    terms: tuple[str, ...]
    places: tuple[Occurrence, ...]
    gold: tuple[int, ...]


def invent_word(lots: random.Random) -> str:
    """Make a word that nobody uses.

    "blickoom" is one.
    """
    return lots.choice(_ONSETS) + lots.choice(_RIMES) + lots.choice(_ONSETS) + lots.choice(_RIMES)


def replace_term(said: OwnClaim, found: Sequence[tuple[int, int]], word: str) -> list[Occurrence]:
    """Replace the term at each of its places in a claim; gives the places of the new word."""
    text, places, grown = said.text, [], 0
    for start, end in sorted(found):
        form = word + "s" if text[start + grown : end + grown].endswith("s") else word
        text = text[: start + grown] + form + text[end + grown :]
        places.append((start + grown, start + grown + len(form)))
        grown += len(form) - (end - start)
    new = replace(said, text=text, end=said.start + len(text))
    return [Occurrence(new, *place) for place in places]


def find_uses(standing: Sequence[Occurrence], word: str, most: int, voices: set[str] | None = None) -> list[Occurrence]:
    """Return the places of `word` in the stead of a term, of some voices or all, evenly and not too many."""
    by_claim: dict[tuple[str, int], list[Occurrence]] = {}
    for place in standing:
        if voices is None or place.claim.voice in voices:
            by_claim.setdefault((place.claim.utterance_id, place.claim.start), []).append(place)
    found = [
        place
        for members in by_claim.values()
        for place in replace_term(members[0].claim, [(each.start, each.end) for each in members], word)
    ]
    return sample_occurrences(found, most)


def make_two_senses(
    one: str, other: str, standing: Mapping[str, Sequence[Occurrence]], most: int, lots: random.Random
) -> PseudoWord | None:
    """Make a word of two senses, in disjoint sets of speakers; None where either would be too thin."""
    people = sorted({place.claim.voice for place in (*standing[one], *standing[other])})
    word = invent_word(lots)
    for _ in range(10):
        lots.shuffle(people)
        half = len(people) // 2
        sides = (one, people[:half]), (other, people[half:])
        kept = [find_uses(standing[term], word, most, set(side)) for term, side in sides]
        if all(len(some) >= LEAST_USES and len({p.claim.voice for p in some}) >= LEAST_VOICES for some in kept):
            gold = (0,) * len(kept[0]) + (1,) * len(kept[1])
            return PseudoWord(word, (one, other), (*kept[0], *kept[1]), gold)
    return None


def make_one_sense(term: str, standing: Sequence[Occurrence], most: int, lots: random.Random) -> PseudoWord:
    """Make a word of one sense."""
    word = invent_word(lots)
    places = find_uses(standing, word, most)
    return PseudoWord(word, (term,), tuple(places), (0,) * len(places))


def draw_trials(
    standing: Mapping[str, Sequence[Occurrence]], vectors: Mapping[str, np.ndarray], pairs: int, most: int, seed: int
) -> tuple[list[PseudoWord], list[PseudoWord]]:
    """Draw words of two senses, and all that there are of one."""
    lots = random.Random(seed)
    voices = {name: len({place.claim.voice for place in places}) for name, places in standing.items()}
    often = [
        name
        for name, places in sorted(standing.items())
        if len(places) >= 2 * LEAST_USES and voices[name] >= 2 * LEAST_VOICES
    ]
    two: list[PseudoWord] = []
    tried: set[tuple[str, str]] = set()
    while len(two) < pairs and len(tried) < len(often) * (len(often) - 1) // 2:
        one, other = sorted(lots.sample(often, 2))
        if (one, other) in tried:
            continue
        tried.add((one, other))
        if is_related(one, other) or float(vectors[one] @ vectors[other]) > _UNRELATED:
            continue
        made = make_two_senses(one, other, standing, most, lots)
        two += [made] if made is not None else []
    single = [
        name
        for name, places in sorted(standing.items())
        if len(name.split()) > 1 and len(places) >= LEAST_USES and voices[name] >= LEAST_VOICES
    ]
    return two, [make_one_sense(name, standing[name], most, lots) for name in single]


def is_related(one: str, other: str) -> bool:
    """Return whether two terms share a word, or the beginning of one: "align", "alignment"."""
    return any(a[:5] == b[:5] for a in one.lower().split() for b in other.lower().split())


def measure_people(trial: PseudoWord, found: Sequence[int]) -> tuple[float, float, float]:
    """Precision, recall and F1 of "these two mean different things" over all pairs of speakers.

    Each is taken by the sense of most of his uses; of whom nothing is said (`NONE`), nothing is said of any pair.
    """
    uses: dict[str, Counter[int]] = {}
    gold: dict[str, int] = {}
    for place, true, number in zip(trial.places, trial.gold, found, strict=True):
        uses.setdefault(place.claim.voice, Counter())[number] += number != NONE
        gold[place.claim.voice] = true
    most = {voice: counts.most_common(1)[0][0] for voice, counts in uses.items()}
    right = said = true = 0
    for one, other in combinations(sorted(gold), 2):
        differ = most[one] != most[other] and NONE not in (most[one], most[other])
        said += differ
        true += gold[one] != gold[other]
        right += differ and gold[one] != gold[other]
    return compute_f1(right, said, true)


def compute_f1(right: int, said: int, true: int) -> tuple[float, float, float]:
    """Return precision, recall and F1.

    >>> compute_f1(1, 1, 2)[:2]
    (1.0, 0.5)
    """
    precision, recall = right / said if said else 1.0, right / true if true else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def measure(two: Sequence[PseudoWord], one: Sequence[PseudoWord], corpus: "TaughtCorpus") -> dict[str, Any]:
    """Run the senses over trials, and the baseline."""
    read = make_plain_reader(Encoder.load(DEFAULT_MODEL).get_checked_folder())
    people: list[tuple[float, float, float]] = []
    base: list[tuple[float, float, float]] = []
    gains: list[float] = []
    several: list[bool] = []
    divided: list[bool] = []
    for trial in (*two, *one):
        looked = corpus.looked(trial)
        found = looked.assign_senses(corpus.bar)
        chance = looked.measure_difference(SEED)
        several.append(max(found) > 0)
        divided.append(chance is not None and chance < 0.01)
        gains.append(looked.split.gain if looked.split else 0.0)
        if len(trial.terms) > 1:
            people.append(measure_people(trial, found))
            base.append(measure_people(trial, run_two_means(trial, read)))
    right, false = sum(several[: len(two)]), sum(several[len(two) :])
    return {
        "two senses": len(two),
        "one sense": len(one),
        "bar": round(corpus.bar, 2),
        "words P/R/F1": [round(figure, 3) for figure in compute_f1(right, right + false, len(two))],
        "false": round(false / max(len(one), 1), 3),
        "people P/R/F1": average(people),
        "two means, people P/R/F1": average(base),
        "gain, chance that two senses have more": compute_auc(gains[: len(two)], gains[len(two) :]),
        "divided, two senses": round(sum(divided[: len(two)]) / max(len(two), 1), 3),
        "divided, one sense": round(sum(divided[len(two) :]) / max(len(one), 1), 3),
    }


def compute_auc(more: Sequence[float], less: Sequence[float]) -> float:
    """Return the chance that one of `more` is greater than one of `less`.

    >>> compute_auc([2, 3], [1])
    1.0
    """
    won = sum((one > other) + (one == other) / 2 for one in more for other in less)
    return round(won / max(len(more) * len(less), 1), 3)


def average(rows: Sequence[tuple[float, float, float]]) -> list[float]:
    """Average figures over words."""
    return [round(sum(column) / max(len(rows), 1), 3) for column in zip(*rows, strict=True)]


class TaughtCorpus:
    """What a base has taught itself of the contexts of its terms; for each trial without the terms of that trial."""

    def __init__(
        self, calls: Mapping[str, np.ndarray], places: Mapping[str, Sequence[Occurrence]], senses: UseEncoder
    ) -> None:
        self.senses, self._calls = senses, calls
        self._part = {name: at % _PARTS for at, name in enumerate(sorted(calls))}
        self._models: dict[frozenset[int], ContextModel | None] = {}
        # The terms that set the bar are looked at as the made-up words are: by what was learned without them.
        splits = {
            name: SampledUses.group(its, calls[name], self._without([name])).split for name, its in places.items()
        }
        self.bar = estimate_null_threshold(splits)

    def _without(self, terms: Sequence[str]) -> ContextModel | None:
        parts = frozenset(self._part[term] for term in terms)
        if parts not in self._models:
            others = {name: its for name, its in self._calls.items() if self._part[name] not in parts}
            self._models[parts] = learn_from_base(others)
        return self._models[parts]

    def looked(self, trial: PseudoWord) -> SampledUses:
        """Look at the uses of a made-up word as at those of any term."""
        spans = group_spans_by_claim(trial.places)
        hidden = [spans[place.claim.utterance_id, place.claim.start] for place in trial.places]
        texts, at = [place.claim.text for place in trial.places], [(place.start, place.end) for place in trial.places]
        return SampledUses.group(
            trial.places, self.senses.encode_contexts(texts, at, hidden), self._without(trial.terms)
        )


def run_two_means(trial: PseudoWord, read: Reader) -> list[int]:
    """Cut the uses in two by k-means."""
    from sklearn.cluster import KMeans

    texts, at = [place.claim.text for place in trial.places], [(place.start, place.end) for place in trial.places]
    return KMeans(2, n_init=10, random_state=0).fit_predict(read(texts, at)[0][:, 4]).tolist()


def measure_found_terms(reading: RecordView, made: Sequence[PseudoWord]) -> float:
    """Put all made-up words into the corpus, and see which are found to be terms."""
    from index.terms.vocabulary import choose_terms

    new = {(place.claim.utterance_id, place.claim.start): place.claim for trial in made for place in trial.places}
    words = {trial.word for trial in made}
    said = []
    for each in reading.claims:
        other = new.get((each.utterance_id, each.start))
        if other is not None:
            here = tuple(word for word in words if word in other.text)
            each = replace(other, terms=(*each.terms, *here))
        said.append(each)
    names = {key for chosen in choose_terms(replace(reading, claims=tuple(said))) for key in chosen.keys}
    return round(len(words & names) / max(len(words), 1), 3)


def read_corpora(data: Path, bases: Path, corpora: Sequence[str]) -> Iterator[tuple[str, RecordView]]:
    """Read the corpora into records, where they are not there yet, and give what is said in them."""
    from corpus.record import Record
    from index.terms.record_view import read_record
    from ingest.pipeline import ingest
    from ingest.sources.source import Hints

    for name in corpora:
        (bases / name).mkdir(parents=True, exist_ok=True)
        record = Record.open(bases / name / "corpus.db")
        if not record.generation:
            ingest([str(data / name)], record, Hints())
        yield name, read_record(record)
        record.close()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", default=os.environ.get("CROSSTALK_DATA"), required="CROSSTALK_DATA" not in os.environ)
    parser.add_argument("--bases", default=tempfile.gettempdir() + "/crosstalk-bench")
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--most", type=int, default=60, help="uses of each sense that are looked at")
    parser.add_argument("--seed", type=int, default=SEED, help="another draw of made-up words")
    parser.add_argument("--corpora", nargs="+", default=["arbital-dev", "axrp-dev"])
    given = parser.parse_args()

    from index.encoding.sentence_encoder import Encoder
    from index.findings.findings_store import FindingsStore
    from index.terms.find import load_sense_encoder
    from index.terms.occurrences import find_occurrences
    from index.terms.usage_vectors import compute_context_vectors
    from index.terms.vocabulary import choose_terms

    encoder = Encoder.load()
    senses, weights = load_sense_encoder()
    for name, reading in read_corpora(Path(given.data), Path(given.bases), given.corpora):
        standing = find_occurrences(reading.claims, choose_terms(reading))
        looked_at = {term: sample_occurrences(some) for term, some in standing.items() if len(some) >= LEAST_USES}
        kept = FindingsStore.open(Path(given.bases) / name / "analyses.db")
        corpus = TaughtCorpus(compute_context_vectors(looked_at, standing, senses, weights, kept), looked_at, senses)
        names = sorted(standing)
        vectors = dict(zip(names, encoder.encode(names), strict=True))
        two, one = draw_trials(standing, vectors, given.pairs, given.most, given.seed)
        print(json.dumps({name: measure(two, one, corpus) | {"terms": measure_found_terms(reading, one)}}), flush=True)


if __name__ == "__main__":
    main()
