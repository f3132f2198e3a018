"""What the detector weighs of a candidate: its form, the words and tags around it, the parse, and where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.logistic import compute_log_odds
from ingest.definitions.forms import DefinitionCandidate
from ingest.definitions.spans import Place

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_TELLS_APART = re.compile(r"\b(?:that|which|who|whose|where|of|such that|when|if|for|to|in|with|by|as|from|about)\b")
_SAID_BEFORE = 20_000  # characters in which an earlier use of a term is looked for
_QUOTES = "\"“”‘’'`"
_I = re.compile(r"\b(?:I|I['’]\w+|my|me)\b")
_EVALUATES = re.compile(
    r"\b(?:good|bad|great|best|worst|better|worse|important|wrong|right|terrible|hard|easy|problem|mistake|example"
    r"|reason|useful|interesting|likely|difficult|necessary|useless|dangerous|nice|huge|big|key|main|major|only|first"
    r"|biggest|one of the|lot of|kind of|bit|strong|real|much|more|less|most|too|very|no|fine|open question|case|fact"
    r"|question|part|result|idea|need|goal|point|way)\b"
)
_SPECIFIC = re.compile(
    r"\b(?:the|this|that|these|those|my|your|our|their|his|her|its|current|above|next|first)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a sentence stands. `number` counts the sentences of the utterance.

    `marked` are emphasised and linked words of its block, in characters of the block. The sentence stands
    at `at` of the text of its utterance.
    """

    number: int = 0
    in_block: int = 0
    opens: bool = False
    listed: bool = False
    title: str = ""
    marked: tuple[Place, ...] = ()
    utterance: str = ""
    at: int = 0


def compute_features(candidate: DefinitionCandidate, sentence: "Span", text: str, setting: Setting) -> dict[str, float]:
    """Describe a candidate: name → weight's factor."""
    form = candidate.form
    values = dict.fromkeys(_names(candidate, sentence, text, setting), 1.0)
    values["likely"] = compute_log_odds(candidate.likely)
    values[f"form={form}"] = 1.0
    return values


def _names(candidate: DefinitionCandidate, sentence: "Span", text: str, setting: Setting) -> Iterator[str]:
    yield from _of_term(candidate, text, setting)
    yield from _of_gloss(candidate, sentence, text)
    yield from _of_place(candidate, sentence, text, setting)
    yield from _of_words(candidate, sentence, text)


def _of_term(candidate: DefinitionCandidate, text: str, setting: Setting) -> Iterator[str]:
    start, end = candidate.term
    term, form = text[start:end], candidate.form
    quoted = ((text[start - 1 : start] or " ") in _QUOTES and (text[end : end + 1] or " ") in _QUOTES) or term[
        :1
    ] in _QUOTES
    marked = any(a < end and start < b for a, b in setting.marked)
    for name, holds in (("quoted", quoted), ("marked", marked)):
        if holds:
            yield f"term {name}"
            yield f"term {name}, {form}"
    if not (quoted or marked):
        yield f"term plain, {form}"
    words = term.split()
    yield f"term words={min(len(words), 5)}"
    if term[:1].isupper() and start and text[start - 1 : start] == " " and text[start - 2 : start - 1] not in ".!?":
        yield "term capital inside"
    if words and words[-1][:1].isupper() and len(words) > 1:
        yield "term ends capital"
    if term.isupper() and len(term) < 7:
        yield "term acronym"
    led = text[max(0, start - 12) : start].lower().rstrip(_QUOTES + "*_").split()
    article = (
        led[-1]
        if led
        and led[-1]
        in {"a", "an", "the", "any", "my", "your", "our", "its", "their", "some", "this", "that", "these", "those"}
        else "none"
    )
    yield f"article={article}, {form}"
    if _SPECIFIC.match(term):
        yield "term specific"
    folded = term.casefold()
    if setting.title and (folded in setting.title or setting.title in folded):
        yield "term is title" if folded == setting.title else "term like title"
    if setting.at and folded in setting.utterance[max(0, setting.at - _SAID_BEFORE) : setting.at].casefold():
        yield "term said before"
        yield f"term said before, {form}"
    yield f"term last={words[-1].lower()[-4:] if words else ''}"


def _of_gloss(candidate: DefinitionCandidate, sentence: "Span", text: str) -> Iterator[str]:
    form = candidate.form
    if candidate.gloss is None:
        yield f"no gloss, {form}"
        return
    gloss = text[slice(*candidate.gloss)]
    words = gloss.split()
    lowered = gloss.lower()
    yield f"gloss size={min(len(words), 60).bit_length()}"
    yield f"gloss opens={' '.join(words[:1]).lower()}"
    yield f"gloss opens={' '.join(words[:2]).lower()}"
    yield f"gloss opens={words[0].lower()}, {form}"
    opening = " ".join(words[:12]).lower()
    apart = _TELLS_APART.search(opening)
    yield f"apart={apart[0] if apart else 'none'}"
    yield f"apart={apart[0] if apart else 'none'}, {form}"
    if _EVALUATES.search(" ".join(words[:6]).lower()):
        yield "gloss evaluates"
    for word in _EVALUATES.findall(" ".join(words[:6]).lower()):
        yield f"evaluates={word}"
    if re.search(r"\bwho\b", opening) and text[candidate.term[0]].isupper():
        yield "of a person"
    if _I.search(gloss):
        yield "gloss has I"
    if re.search(r"\d", gloss):
        yield "gloss has digit"
    if " you " in lowered:
        yield "gloss has you"
    if text[slice(*candidate.term)].casefold() in lowered:
        yield "term in gloss"


def _of_place(candidate: DefinitionCandidate, sentence: "Span", text: str, setting: Setting) -> Iterator[str]:
    if setting.number == 0:
        yield f"first sentence, {'post' if setting.opens else 'answer'}"
    elif setting.number < 3:
        yield "early"
    if setting.in_block == 0:
        yield "block opens"
    if setting.listed:
        yield "listed"
        yield f"listed, {candidate.form}"
    yield f"sentence size={min(len(sentence), 80).bit_length()}"
    before = candidate.cue[0] - sentence.start_char
    yield "cue opens" if before <= 3 else f"cue at {min(before, 200).bit_length()}"
    if text[: sentence.end_char].rstrip().endswith("?"):
        yield "asks"
    stop = sentence.text.rstrip()[-1:]
    if stop != ".":
        yield f"ends={stop if not stop.isalnum() else 'a'}"


def _of_words(candidate: DefinitionCandidate, sentence: "Span", text: str) -> Iterator[str]:
    form, doc = candidate.form, sentence.doc
    for index, token in enumerate(doc[sentence.start : min(sentence.start + 3, sentence.end)]):
        yield f"word {index}={token.lower_}"
    first = " ".join(token.lower_ for token in doc[sentence.start : min(sentence.start + 2, sentence.end)])
    yield f"opening={first}"
    yield from _of_cue(candidate, sentence)
    span = doc.char_span(*candidate.term, alignment_mode="expand")
    if span is None:
        return
    yield f"term first tag={span[0].tag_}"
    yield f"before={doc[span.start - 1].lower_ if span.start > sentence.start else '^'}"
    after = doc[span.end].lower_ if span.end < sentence.end else "$"
    yield f"after={after}"
    root = span.root
    yield f"term dep={root.dep_}"
    yield f"term tag={root.tag_}"
    yield f"term dep={root.dep_}, {form}"
    yield f"term tag={root.tag_}, {form}"
    yield from _of_head(root, form)
    if candidate.gloss is not None:
        inside = doc.char_span(*candidate.gloss, alignment_mode="expand")
        if inside is not None:
            yield from _of_genus(list(inside[:8]), form)
    if any(token.lower_ in {"you", "your"} for token in sentence):
        yield "has you"
    if any(token.tag_ in {"VBD"} for token in sentence[:14]):
        yield "has past"
    if any(token.lower_ in {"not", "n't", "n’t"} for token in sentence[:14]):
        yield "has not"
    if any(token.tag_ == "MD" for token in sentence[:14]):
        yield "has modal"


def _of_cue(candidate: DefinitionCandidate, sentence: "Span") -> Iterator[str]:
    """Tell what the words are that make the form: "a means of detecting" has no verb that says what is meant."""
    (start, end), own = candidate.cue, (candidate.term, candidate.gloss or candidate.term)
    for token in sentence:
        if start <= token.idx < end and token.tag_[:1] in "VNM" and not any(a <= token.idx < b for a, b in own):
            yield f"cue {token.lower_}, {token.tag_}"


def _of_head(root: "Token", form: str) -> Iterator[str]:
    head = root.head
    if head.i != root.i:
        yield f"head tag={head.tag_}"
        yield f"head={head.lemma_.lower()}"
        copular = any(child.dep_ == "cop" for child in head.children)
        if root.dep_.startswith("nsubj") and copular:
            relations = [child.dep_ for child in head.children if child.i > head.i and child.dep_ != "punct"]
            yield "subject of genus"
            yield f"subject of genus, apart {relations[0] if relations else 'none'}"


def _of_genus(opening: "list[Token]", form: str) -> Iterator[str]:
    noun = next((token for token in opening if token.tag_ in {"NN", "NNS", "NNP", "NNPS"}), None)
    if noun is None:
        yield "genus=none"
        return
    heads = [noun]
    for token in opening:
        if token.i == heads[-1].i + 1 and token.tag_ in {"NN", "NNS", "HYPH"}:
            heads.append(token)
    yield f"genus={heads[-1].lemma_.lower()}"
    yield f"genus tag={heads[-1].tag_}, {form}"
    following = heads[-1].i + 1
    doc = heads[-1].doc
    yield f"after genus={doc[following].lower_ if following < len(doc) else '$'}"
    yield f"after genus tag={doc[following].tag_ if following < len(doc) else '$'}, {form}"
    if any(token.tag_ in {"JJS", "RBS", "JJR", "RBR"} for token in opening):
        yield "genus compared"
