"""What the analyses find: terms with their senses, exchanges in which people talk past each other, clusters.

One set of types for every face, and their JSON both ways: findings are kept as JSON (analyses.py) and read back. They
hold speakers by id and name, and claims by id and exact words, so that nothing here outlives the record unnoticed.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from corpus.model import Heading, Speaker, Stance

LIKELY = 0.4  # probability of a mismatch, from which it is counted for its term
COUNTED = ("counted", "yes")  # the key under which it is kept then


@dataclass(frozen=True, slots=True)
class Usage:
    """A place where somebody uses a term, in their own words: `utterance.text[start:end] == text`.

    `at` is where the term stands, in characters of `text`. `url` opens at the passage; it is not kept, but looked up
    when a finding is read (standing.py).
    """

    speaker: Speaker | None
    utterance_id: str
    start: int
    end: int
    text: str
    at: tuple[int, int] = (0, 0)
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Gloss:
    """What somebody said a term means: `text` is the sentence, `gloss` its defining words; `url` as in `Usage`."""

    speaker: Speaker | None
    utterance_id: str
    start: int
    end: int
    text: str
    gloss: str
    stance: Stance = Stance.STATED
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """How often one person uses a term in one sense."""

    speaker: Speaker | None
    uses: int


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of a term, in the authors' words. `speakers` are in order of use; `size` counts all usages, of
    which `usages` shows the most typical."""

    label: str
    size: int
    definitions: tuple[Gloss, ...] = ()
    usages: tuple[Usage, ...] = ()
    speakers: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A term that people argue with. `aliases` are other forms met (variants, an acronym, its expansion).

    `uses` counts its places in people's own words. `divided` is the probability, by permutation, that people who differ
    in its use differ no more than each from himself (small: they really differ); None where too few uses. `contested`
    counts the exchanges in which it was used differently, perhaps at least (`LIKELY`).
    """

    name: str
    aliases: tuple[str, ...]
    uses: int
    speakers: tuple[Share, ...]
    termhood: float = 0.0
    contested: int = 0
    divided: float | None = None
    senses: tuple[Sense, ...] = ()


class MismatchKind(StrEnum):
    """In what way two people talk past each other."""

    DISAGREEMENT = "disagreement"  # about what the word should mean, or how it was used
    CLARIFICATION = "clarification"  # one asks, or sets right, what the other meant
    IMPLICIT = "implicit"  # each in a sense of their own, and nobody says so


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a mismatch: `utterance.text[start:end] == text`; `sense` is what the term is there, as far as can be
    told in the people's own words; `url` as in `Usage`."""

    speaker: Speaker | None
    utterance_id: str
    start: int
    end: int
    text: str
    sense: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An exchange in which two people use one term differently. `score` is the calibrated probability of that.

    `noticed`: somebody in it says that the word is the problem. `why` is one line that a reader can check.
    """

    id: str
    term: str
    score: float
    kind: MismatchKind
    noticed: bool
    why: str
    a: Side
    b: Side
    conversation: Heading


def says_more(sense: str, text: str) -> bool:
    """Tell whether the sense of a side is more than the beginning of its passage: what no gloss was found for is not.

    Example: says_more("It is a goal", "It is a goal.") -> False
    """
    return bool(sense) and not " ".join(text.split()).startswith(sense.removesuffix(" …"))


def usage_json(usage: Usage) -> dict[str, Any]:
    """Give a usage as JSON values."""
    return _place(usage) | {"at": list(usage.at)}


def gloss_json(gloss: Gloss) -> dict[str, Any]:
    """Give a definition as JSON values."""
    return _place(gloss) | {"gloss": gloss.gloss, "stance": gloss.stance.value}


def share_json(share: Share) -> dict[str, Any]:
    """Give a person's share in a sense as JSON values."""
    return _who(share.speaker) | {"uses": share.uses}


def sense_json(sense: Sense) -> dict[str, Any]:
    """Give a sense as JSON values; `speakers` are names, most uses first, `shares` say how often each."""
    return {
        "label": sense.label,
        "size": sense.size,
        "definitions": [gloss_json(gloss) for gloss in sense.definitions],
        "usages": [usage_json(usage) for usage in sense.usages],
        "speakers": _names(sense.speakers),
        "shares": [share_json(share) for share in sense.speakers],
    }


def term_json(term: Term) -> dict[str, Any]:
    """Give a term as JSON values, its senses by label only."""
    return {
        "term": term.name,
        "aliases": list(term.aliases),
        "uses": term.uses,
        "speakers": _names(term.speakers),
        "contested": term.contested > 0,
        "mismatches": term.contested,
        "divided": term.divided,
        "termhood": round(term.termhood, 4),
        "senses": [sense.label for sense in term.senses],
    }


def whole_term_json(term: Term) -> dict[str, Any]:
    """Give a term as JSON values, its senses in full."""
    return term_json(term) | {"senses": [sense_json(sense) for sense in term.senses]}


def side_json(side: Side) -> dict[str, Any]:
    """Give a side of a mismatch as JSON values."""
    return _place(side) | {"sense": side.sense}


def mismatch_json(mismatch: Mismatch) -> dict[str, Any]:
    """Give a mismatch as JSON values."""
    return {
        "id": mismatch.id,
        "term": mismatch.term,
        "score": round(mismatch.score, 4),
        "kind": mismatch.kind.value,
        "noticed": mismatch.noticed,
        "why": mismatch.why,
        "a": side_json(mismatch.a),
        "b": side_json(mismatch.b),
        "conversation": asdict(mismatch.conversation),
    }


def term_of(body: Mapping[str, Any]) -> Term:
    """Undo `kept_term`."""
    return Term(
        body["name"],
        tuple(body["aliases"]),
        body["uses"],
        tuple(_share_of(share) for share in body["speakers"]),
        body["termhood"],
        body["contested"],
        body["divided"],
        tuple(
            Sense(
                sense["label"],
                sense["size"],
                tuple(
                    Gloss(**_place_of(one), gloss=one["gloss"], stance=Stance(one["stance"]))
                    for one in sense["definitions"]
                ),
                tuple(Usage(**_place_of(one), at=(one["at"][0], one["at"][1])) for one in sense["usages"]),
                tuple(_share_of(share) for share in sense["shares"]),
            )
            for sense in body["senses"]
        ),
    )


def kept_term(term: Term) -> dict[str, Any]:
    """Give a term as JSON values that hold all of it."""
    return {
        "name": term.name,
        "aliases": list(term.aliases),
        "uses": term.uses,
        "speakers": [share_json(share) for share in term.speakers],
        "termhood": term.termhood,
        "contested": term.contested,
        "divided": term.divided,
        "senses": [sense_json(sense) for sense in term.senses],
    }


def mismatch_of(body: Mapping[str, Any]) -> Mismatch:
    """Undo `mismatch_json` (the score to four digits)."""
    a, b = (Side(**_place_of(body[side]), sense=body[side]["sense"]) for side in ("a", "b"))
    return Mismatch(
        body["id"],
        body["term"],
        body["score"],
        MismatchKind(body["kind"]),
        body["noticed"],
        body["why"],
        a,
        b,
        Heading(**body["conversation"]),
    )


def _who(speaker: Speaker | None) -> dict[str, Any]:
    return {"speaker": speaker.name if speaker else None, "speaker_id": speaker.id if speaker else None}


def _place(one: Usage | Gloss | Side) -> dict[str, Any]:
    place = {"utterance_id": one.utterance_id, "start": one.start, "end": one.end, "text": one.text}
    return _who(one.speaker) | place | {"url": one.url}


def _speaker_of(body: Mapping[str, Any]) -> Speaker | None:
    return Speaker(body["speaker_id"], body["speaker"]) if body["speaker_id"] is not None else None


def _place_of(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"speaker": _speaker_of(body)} | {name: body[name] for name in ("utterance_id", "start", "end", "text")}


def _share_of(body: Mapping[str, Any]) -> Share:
    return Share(_speaker_of(body), body["uses"])


def _names(shares: tuple[Share, ...]) -> list[str]:
    return [share.speaker.name for share in shares if share.speaker]
