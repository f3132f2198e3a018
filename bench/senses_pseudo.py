"""Are senses told apart? Pseudo-words: `python -m bench.senses_pseudo --data DIR [--bases DIR] [--pairs N]`.

Of two unrelated terms, one set of speakers keeps the one and the others keep the other, and both are replaced by one
made-up word: its two senses, and who uses which, are known (Gale, Church & Yarowsky, 1992; Schütze, 1992). As a control
one term alone is replaced by a made-up word for everybody: that has one sense, and any second is a false finding.
DIR (or $CROSSTALK_DATA) holds arbital-dev and axrp-dev; their records are made in --bases, and used again where they
are there. Figures, by corpus:

words      precision, recall and F1 of "these two uses differ in sense", over all pairs of uses of a made-up word; mean
people     the same of pairs of speakers, each taken by the sense of most of his uses
gap        is the evidence for two senses (`index/terms/clustering.py`) greater for words of two than of one?
false      the share of one-sense words that are given a second sense; of those, how many "divided" with p < .01
baseline   two means (k = 2) over the vectors of the encoder's fourth layer, which always finds two

and `terms`: the share of the made-up words that are found to be terms when all are put into the corpus at once.
"""

import argparse
import json
import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.terms.reading import Said
from index.terms.usages import Place, sample

SEED = 20
LEAST_USES, LEAST_VOICES = 8, 3  # of each sense
_ONSETS, _RIMES = (
    "bl br d dr f fl g gr k kl m n p pl sk sn t tr v z".split(),
    "ib od ick ap oom elt usk ave ort".split(),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """A made-up word: its places, and which of the two terms stood at each."""

    word: str
    places: tuple[Place, ...]
    gold: tuple[int, ...]


def made_up(lots: random.Random) -> str:
    """Make a word that nobody uses.

    Example: "blickoom"
    """
    return lots.choice(_ONSETS) + lots.choice(_RIMES) + lots.choice(_ONSETS) + lots.choice(_RIMES)


def put_in(said: Said, found: Sequence[tuple[int, int]], word: str) -> list[Place]:
    """Replace the term at each of its places in a claim; gives the places of the new word."""
    text, places, grown = said.text, [], 0
    for start, end in sorted(found):
        form = word + "s" if text[start + grown : end + grown].endswith("s") else word
        text = text[: start + grown] + form + text[end + grown :]
        places.append((start + grown, start + grown + len(form)))
        grown += len(form) - (end - start)
    new = replace(said, text=text, end=said.start + len(text))
    return [Place(new, *place) for place in places]


def uses_in(standing: Sequence[Place], word: str, most: int, voices: set[str] | None = None) -> list[Place]:
    """Give the places of `word` in the stead of a term, of some voices or all, evenly and not too many."""
    by_claim: dict[tuple[str, int], list[Place]] = {}
    for place in standing:
        if voices is None or place.said.voice in voices:
            by_claim.setdefault((place.said.utterance_id, place.said.start), []).append(place)
    found = [
        place
        for members in by_claim.values()
        for place in put_in(members[0].said, [(each.start, each.end) for each in members], word)
    ]
    return sample(found, most)


def two_senses(one: Sequence[Place], other: Sequence[Place], most: int, lots: random.Random) -> Trial | None:
    """Make a word of two senses, in disjoint sets of speakers; None where either would be too thin."""
    people = sorted({place.said.voice for place in (*one, *other)})
    word = made_up(lots)
    for _ in range(10):
        lots.shuffle(people)
        half = len(people) // 2
        kept = uses_in(one, word, most, set(people[:half])), uses_in(other, word, most, set(people[half:]))
        if all(len(some) >= LEAST_USES and len({p.said.voice for p in some}) >= LEAST_VOICES for some in kept):
            return Trial(word, (*kept[0], *kept[1]), (0,) * len(kept[0]) + (1,) * len(kept[1]))
    return None


def one_sense(standing: Sequence[Place], most: int, lots: random.Random) -> Trial:
    """Make a word of one sense."""
    word = made_up(lots)
    places = uses_in(standing, word, most)
    return Trial(word, tuple(places), (0,) * len(places))


def trials(standing: dict[str, list[Place]], pairs: int, most: int, seed: int) -> tuple[list[Trial], list[Trial]]:
    """Draw words of two senses, and as many of one."""
    lots = random.Random(seed)
    often = [
        name
        for name, places in sorted(standing.items())
        if len(places) >= 2 * LEAST_USES and len({place.said.voice for place in places}) >= 2 * LEAST_VOICES
    ]
    two: list[Trial] = []
    tried: set[tuple[str, str]] = set()
    while len(two) < pairs and len(tried) < len(often) * (len(often) - 1) // 2:
        one, other = sorted(lots.sample(often, 2))
        if (one, other) in tried:
            continue
        tried.add((one, other))
        if related(one, other):
            continue
        made = two_senses(standing[one], standing[other], most, lots)
        two += [made] if made is not None else []
    return two, [one_sense(standing[name], most, lots) for name in lots.sample(often, min(pairs, len(often)))]


def related(one: str, other: str) -> bool:
    """Tell whether two terms share a word, or the beginning of one: "align", "alignment"."""
    return any(a[:5] == b[:5] for a in one.lower().split() for b in other.lower().split())


def of_pairs(gold: Sequence[int], found: Sequence[int]) -> tuple[float, float, float]:
    """Precision, recall and F1 of "these two differ" over all pairs.

    Example: of_pairs([0, 0, 1], [5, 5, 6]) -> (1.0, 1.0, 1.0)
    """
    right = said = true = 0
    for at, (gold_one, one) in enumerate(zip(gold, found, strict=True)):
        for gold_other, other in zip(gold[at + 1 :], found[at + 1 :], strict=True):
            said += one != other
            true += gold_one != gold_other
            right += one != other and gold_one != gold_other
    precision, recall = right / said if said else 1.0, right / true if true else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def of_people(trial: Trial, found: Sequence[int]) -> tuple[float, float, float]:
    """Give the same for pairs of speakers, by the sense of most of their uses."""
    uses: dict[str, Counter[int]] = {}
    gold: dict[str, int] = {}
    for place, true, number in zip(trial.places, trial.gold, found, strict=True):
        uses.setdefault(place.said.voice, Counter())[number] += 1
        gold[place.said.voice] = true
    return of_pairs(list(gold.values()), [uses[voice].most_common(1)[0][0] for voice in gold])


def measured(two: Sequence[Trial], one: Sequence[Trial], senses: Any, plain: Any) -> dict[str, Any]:
    """Run the senses over trials, and the baseline."""
    words: list[tuple[float, float, float]] = []
    people: list[tuple[float, float, float]] = []
    base: list[tuple[float, float, float]] = []
    noticed = false = divided = 0
    gaps: list[float] = []
    for trial in two:
        matrix = vectors(trial, senses)
        found, p = sorted_senses(trial, matrix, senses)
        words.append(of_pairs(trial.gold, found))
        people.append(of_people(trial, found))
        base.append(of_pairs(trial.gold, two_means(trial, plain)))
        noticed += p is not None and p < 0.01
        gaps.append(gap(trial, matrix, senses))
    for trial in one:
        matrix = vectors(trial, senses)
        found, p = sorted_senses(trial, matrix, senses)
        false += max(found) > 0
        divided += p is not None and p < 0.01
        gaps.append(gap(trial, matrix, senses))
    return {
        "two senses": len(two),
        "words P/R/F1": mean(words),
        "people P/R/F1": mean(people),
        "two means P/R/F1": mean(base),
        "divided, p < .01": round(noticed / max(len(two), 1), 3),
        "one sense": len(one),
        "false": round(false / max(len(one), 1), 3),
        "gap, chance that two senses have more": auc(gaps[: len(two)], gaps[len(two) :]),
        "false, divided p < .01": round(divided / max(len(one), 1), 3),
    }


def gap(trial: Trial, matrix: Any, senses: Any) -> float:
    """Give the evidence for the best division in two, whether it is enough or not."""
    from index.terms.clustering import divide, evidence, likeness

    here, _ = likeness(senses.same_sense(matrix, matrix), [place.said.utterance_id for place in trial.places])
    side = divide(here)
    return evidence(here, side)[1] if side is not None else 0.0


def auc(more: Sequence[float], less: Sequence[float]) -> float:
    """Give the chance that one of `more` is greater than one of `less`.

    Example: auc([2, 3], [1]) -> 1.0
    """
    won = sum((one > other) + (one == other) / 2 for one in more for other in less)
    return round(won / max(len(more) * len(less), 1), 3)


def mean(rows: Sequence[tuple[float, float, float]]) -> list[float]:
    """Average figures over words."""
    return [round(sum(column) / max(len(rows), 1), 3) for column in zip(*rows, strict=True)]


def sorted_senses(trial: Trial, matrix: Any, senses: Any) -> tuple[Sequence[int], float | None]:
    """Sort the uses of a made-up word as those of any term are."""
    from index.terms.inventory import sorted_by_sense
    from index.terms.vocabulary import Chosen

    sorting = sorted_by_sense(Chosen(trial.word, (trial.word,), (), 1.0, 2, ()), trial.places, matrix, {}, senses)
    return sorting.of_uses, sorting.divided


def vectors(trial: Trial, senses: Any) -> Any:
    """Give the vectors of a made-up word's uses."""
    return senses.usages(
        [place.said.text for place in trial.places], [(place.start, place.end) for place in trial.places]
    )


def two_means(trial: Trial, plain: Any) -> list[int]:
    """Cut the uses in two by k-means."""
    from sklearn.cluster import KMeans

    return KMeans(2, n_init=10, random_state=0).fit_predict(vectors(trial, plain)).tolist()


def found_as_terms(reading: Any, made: Sequence[Trial]) -> float:
    """Put all made-up words into the corpus, and see which are found to be terms."""
    from index.terms.vocabulary import vocabulary

    new = {(place.said.utterance_id, place.said.start): place.said for trial in made for place in trial.places}
    words = {trial.word for trial in made}
    said = []
    for each in reading.said:
        other = new.get((each.utterance_id, each.start))
        if other is not None:
            here = tuple(word for word in words if word in other.text)
            each = replace(other, terms=(*each.terms, *here))
        said.append(each)
    names = {key for chosen in vocabulary(replace(reading, said=tuple(said))) for key in chosen.keys}
    return round(len(words & names) / max(len(words), 1), 3)


def readings(data: Path, bases: Path, corpora: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Read the corpora into records, where they are not there yet, and give what is said in them."""
    from corpus.record import Record
    from index.terms.reading import read
    from ingest.pipeline import ingest
    from ingest.sources import Hints

    for name in corpora:
        (bases / name).mkdir(parents=True, exist_ok=True)
        record = Record.open(bases / name / "corpus.db")
        if not record.generation:
            ingest([str(data / name)], record, Hints())
        yield name, read(record)
        record.close()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", default=os.environ.get("CROSSTALK_DATA"), required="CROSSTALK_DATA" not in os.environ)
    parser.add_argument("--bases", default=tempfile.gettempdir() + "/crosstalk-bench")
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--most", type=int, default=60, help="uses of each sense that are looked at")
    parser.add_argument("--corpora", nargs="+", default=["arbital-dev", "axrp-dev"])
    given = parser.parse_args()

    from index.encoder import Encoder
    from index.terms.plain_senses import PlainSenses
    from index.terms.study import senses_and_weights
    from index.terms.usages import places
    from index.terms.vocabulary import vocabulary

    encoder = Encoder.load()
    for name, reading in readings(Path(given.data), Path(given.bases), given.corpora):
        standing = places(reading.said, vocabulary(reading))
        two, one = trials(standing, given.pairs, given.most, SEED)
        figures = measured(two, one, senses_and_weights()[0], PlainSenses(encoder))
        print(json.dumps({name: figures | {"terms": found_as_terms(reading, one)}}), flush=True)


if __name__ == "__main__":
    main()
