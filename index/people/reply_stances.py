"""Agreement and disagreement, from how a reply opens: "I agree", "This seems wrong".

Rules, on purpose: who disagrees with whom is nothing to guess at. What is mixed ("Yes, but…"), conditional, asked, or
not said in the opening is left alone; most replies are. Measured in bench/people.py.
"""

# pyright: standard

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from corpus.model import BLOCKS, Passage, PassageKind, Utterance
from index.passages import Spans

_OPENING = 400  # characters of the first own words that are looked at
_NAME = r"(?:@?[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)?)"
_ADDRESS = re.compile(
    rf"(?:(?:hi|hey|hello|thanks|ok|okay|well|hm+|oh|ah),? )?(?P<name>{_NAME}) ?[,:—–-] ?(?=\S)", re.A
)
_FILLER = re.compile(
    r"(?:(?:hm+|well|ok(?:ay)?|oh|ah|so|also|actually|honestly|sorry|to be clear|edit)[,.:… ]+)+", re.I
)
_VERY = (
    r"(?:(?:very|much|quite|pretty|really|rather|just|also|still|basically|mostly|largely|totally|completely|fully|entirely|"
    r"strongly|wholeheartedly|generally|certainly|definitely|obviously|clearly|plainly|simply|slightly|somewhat|"
    r"blatantly|dangerously|a bit|a little|about|exactly|broadly|roughly|deeply|kind of|sort of|would|do|does|must|"
    r"tend to|have to|'d|’d) )*"
)
_NOUN = r"(?:points?|claims?|arguments?|positions?|views?|comments?|definitions?|conclusions?|assumptions?|reasoning)"
_THIS = rf"(?:this|that|it|which|(?:this|that|these|those|your|the) (?:\w+ )?{_NOUN})"
_BE = r"(?:is|'s|’s|was|are|seems?(?: to (?:be|me))?|sounds?|looks?|feels?|strikes? me as)"

# What follows is written over several lines, where a space must be marked as one.
_VERY, _THIS, _BE = (part.replace(" ", r"\ ") for part in (_VERY, _THIS, _BE))
_AGREE = re.compile(
    rf"""(?:
      (?:yes|yep|yeah|yup|agreed|exactly|indeed|precisely|seconded|approved|absolutely|\+1|same\ here|true\ enough|
          quite\ so)\b(?!\W*\?)
      | (?:true|right|correct|fair|agree)\s*(?:enough)?\s*(?:[.,!]|$)
      | (?:(?:thanks?(?:\ you)?|hah?|ha\ ha)\W*)?(?:yeah,?\ )?(?:agreed\b|{_VERY}(?:correct|right|true)\s*[.!]|
          (?:good|great|excellent|fair|nice)\ (?:point|catch|call|idea)\b)
      | (?:as\ [^.!?,]{{3,60}},\ )?i\ {_VERY}(?:agree|concur|endorse|second\ (?:this|that|the))\b
      | i\ (?:thought|think|feel|felt)\ (?:so|the\ same)\ ?(?:too|as\ well|way)?\b | i\ have\ (?:the\ same|similar)\b
      | i\ (?:think|believe)\ (?:{_THIS}\ {_BE}\ |you(?:'re|’re|\ are)\ ){_VERY}(?:right|correct|true)\b
      | you(?:'re|’re|\ are)\ {_VERY}(?:right|correct)\b
      | {_THIS}\ ?{_BE}\ {_VERY}(?:right|correct|true|
          (?:a\ )?(?:good|great|fair|excellent)\ (?:point|idea|plan|assumption)|
          good\ to\ me|right\ to\ me|good|great|well\ (?:put|said))\b
      | (?:looks|sounds|seems)\ (?:good|great|right|fine|reasonable)(?:\ to\ me)?\s*(?:[.!]|$)
      | (?:{_THIS}\ )?makes\ (?:a\ lot\ of\ |perfect\ |total\ )?sense\b
      | well\ (?:put|said)\b | couldn['’]?t\ agree\ more | no\ (?:objection|disagreement)s?\b
    )""",
    re.I | re.X,
)
_WRONG = (
    r"(?:wrong|false|incorrect|untrue|mistaken|misleading|inaccurate|implausible|dubious|unlikely|unconvincing|"
    r"overstated|incomplete|insufficient|weak|circular|flawed|unfair|too strong|backwards?|confused|"
    r"an? \w*(?:mistake|error|flaw)|(?:a )?straw ?man|a straw\w*|"
    r"not (?:\w+ )?(?:right|true|correct|so|the case|accurate|convincing))"
).replace(" ", r"\ ")
_DISAGREE = re.compile(
    rf"""(?:
      (?:no|nope|nah)\s*[,.!;:—–-] | (?:wrong|false|incorrect|disagreed?|untrue)\b(?!\W*\?)
      | {_VERY}(?:misleading|inaccurate|incorrect|implausible)\b
      | [^.!?]{0, 40},\ but\ {_VERY}{_WRONG}\b
      | not\ (?:really|quite|so|true|exactly|necessarily|at\ all|sure\ i\ agree)\b
      | i\ {_VERY}(?:disagree|object|reject|dispute|doubt)\b(?!\ (?:that\ )?(?:it\ )?will\ satisfy)
      | i\ (?:don['’]?t|do\ not|can(?:'t|’t|not))\ {_VERY}(?:agree|buy|accept|believe|see\ (?:how|why)|
          think\ (?:so|that|this|it|the|you|we|there))\b
      | i(?:'m|’m|\ am)\ {_VERY}(?:skeptical|sceptical|unconvinced|doubtful|not\ (?:\w+\ )?(?:convinced|persuaded|sold)|
          surprised\ (?:that\ )?you)\b
      | i\ (?:find|found)\ (?:this|that|it|your\ \w+|the\ \w+)\ {_VERY}(?:confusing|unconvincing|implausible|dubious)\b
      | (?:{_THIS}|the\ (?:\w+\ ){{1,5}}?)\ ?{_BE}\ {_VERY}(?:like\ )?{_WRONG}\b
      | {_THIS}\ (?:isn['’]t|doesn['’]t\ (?:seem|sound|look|follow)|does\ not\ (?:seem|sound|look|follow))\b
      | you(?:'re|’re|\ are)\ {_VERY}(?:wrong|mistaken|incorrect|overlooking|missing|ignoring|conflating|confusing)\b
    )""",
    re.I | re.X,
)
_YES_OR_NO = re.compile(r"(?:yes|yep|yeah|yup|no|nope|nah|exactly|correct|right|not (?:really|quite|at all))\b", re.I)
_BUT = re.compile(r"(?:but|however|although|though|except|yet|still)\b", re.I)
_UNDONE = re.compile(r"\b(?:but|however|although|though|except|yet|unless|if|until|as long as|so long as)\b", re.I)
_NOT_DISAGREEING = re.compile(
    r"(?:i )?(?:don['’]?t|do not|can['’]?t|cannot|not) (?:\w+ )?(?:disagree|object|doubt)", re.I
)


class Reaction(StrEnum):
    """What a reply makes of what it answers."""

    AGREES = "agrees"
    DISAGREES = "disagrees"


@dataclass(frozen=True, slots=True)
class ReplyStance:
    """A reaction, in the words `[start, end)` of the reply. `named`: whom the opening addresses by name, if anybody."""

    reaction: Reaction
    start: int
    end: int
    named: str | None = None


def find_stance(utterance: Utterance, answered: str, sentences: Spans) -> ReplyStance | None:
    """Return whether a reply opens on agreement or disagreement with `answered`; None where it does neither, or both.

    `sentences` are those of the reply. A bare yes or no to what ends on a question is an answer, not a stance.
    """
    start, end = _own_opening(utterance)
    first = utterance.text[start : _end_first_sentence(utterance.text, start, end, sentences)].rstrip()
    reaction = classify_opening(first, utterance.text[start + len(first) : end])
    if reaction is None or (answered.rstrip().endswith("?") and _YES_OR_NO.match(_bare(first))):
        return None
    address = _ADDRESS.match(first)
    return ReplyStance(reaction, start, start + len(first), address["name"] if address else None)


def classify_opening(sentence: str, rest: str) -> Reaction | None:
    """Return what the first own sentence of a reply makes of what it answers; `rest` are the words behind it.

    >>> classify_opening("I agree.", "")
    <Reaction.AGREES: 'agrees'>
    >>> classify_opening("Yes, but it fails.", "") is None
    True
    """
    sentence = _bare(sentence)
    if not sentence or _NOT_DISAGREEING.match(sentence):
        return None
    if _DISAGREE.match(sentence):
        return None if sentence.rstrip().endswith("?") else Reaction.DISAGREES
    agrees = _AGREE.match(sentence)
    if agrees is None or sentence.rstrip().endswith("?"):
        return None
    rest = rest.lstrip(" .!\n\"'”’)")
    if _UNDONE.search(sentence[agrees.end() :]) or _BUT.match(rest) or _DISAGREE.match(_bare(rest[:200])):
        return None
    return Reaction.AGREES


def _bare(sentence: str) -> str:
    """Drop an address and words that only begin to speak."""
    address = _ADDRESS.match(sentence)
    if address and not _AGREE.match(sentence) and not _DISAGREE.match(sentence):
        sentence = sentence[address.end() :]
    filler = _FILLER.match(sentence)
    return sentence[filler.end() :] if filler else sentence


def _end_first_sentence(text: str, start: int, end: int, sentences: Spans) -> int:
    """Return where the sentence ends that stands at `start`: with its line at the latest, and at `end`."""
    line_end = text.find("\n", start, end)
    stops = [stop for begin, stop in sentences if begin <= start < stop]
    return min((end, *stops, *([line_end] if line_end >= 0 else [])))


def _own_opening(utterance: Utterance) -> tuple[int, int]:
    """Return the span of the first words that are the author's own: no quote, code, heading, or machine's words."""
    passages = utterance.passages
    barred = (PassageKind.QUOTE, PassageKind.MACHINE_TEXT, PassageKind.FOOTNOTE)
    regions = [(passage.start, passage.end) for passage in passages if passage.kind in barred]
    kinds = (PassageKind.PARAGRAPH, PassageKind.LIST_ITEM)
    for block in _blocks(utterance):
        if block.kind in kinds and not any(start <= block.start < end for start, end in regions):
            gap = len(utterance.text[block.start : block.end]) - len(utterance.text[block.start : block.end].lstrip())
            return block.start + gap, min(block.end, block.start + gap + _OPENING)
    return (0, 0) if passages else (0, min(len(utterance.text), _OPENING))


def _blocks(utterance: Utterance) -> Iterable[Passage]:
    return (passage for passage in utterance.passages if passage.kind in BLOCKS and not passage.inline)
