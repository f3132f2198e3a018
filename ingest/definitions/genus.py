"""The commonest definition, "an X is a Y that …", found in the tags and words around the copula.

The parse decides nothing here: an unusual term is what a parser is most often wrong about ("an inductive prior is a
state of belief, before seeing any evidence, which …"). What the parse says of a candidate is evidence for the
detector. (Genus and differentia: Navigli & Velardi 2010.)
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.model import Stance
from ingest.definitions.forms import DefinitionCandidate
from ingest.definitions.spans import Place, trim_gloss, trim_term

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

COPULAS = frozenset({"is", "are"})
_SHORT = frozenset({"'s", "’s", "'re", "’re"})
_QUOTES = frozenset("\"“”'‘’`") | {"``", "''"}
_OPENING = frozenset({",", ":", ";", "—", "–", "--", "-", "(", "[", "…", "...", "."})
_ADVERBS = frozenset(
    """
    just simply really basically essentially roughly here then usually generally typically merely only thus
    always often rather precisely exactly informally formally also therefore literally
    """.split()
)
_BEFORE_CLAUSE = frozenset(
    {
        "that",
        "and",
        "but",
        "so",
        "or",
        "where",
        "then",
        "because",
        "since",
        "while",
        "whereas",
    }
)
_CONDITION = frozenset({"if", "when", "whenever", "insofar", "iff", "provided"})
_OPEN_GENUS = frozenset(
    {"one", "those", "whatever", "what", "anything", "something", "someone", "anyone", "everything", "whoever"}
)
_DENIED = frozenset({"not", "n't", "n’t", "never", "no", "nothing", "neither", "nobody"})
_ARTICLES = frozenset({"a", "an", "the", "any", "some", "another", "every", "each"})
_POINTING = frozenset({"this", "it", "that", "these", "they", "those"})
_PERSON = re.compile(
    r"\b(?:students?|professors?|researchers?|friends?|engineers?|writers?|philosophers?|economists?|founders?|authors?|colleagues?"
    r"|film|movie|novel|book|anime|series|podcast|blog|website|company)\b"
)
# What a text says of itself, of its argument or of its mood: no term ends or begins with one.
_TALK = re.compile(
    r"^(?:very|interesting|related|typical|good|bad|nice|sad|big|important|real|main|key|obvious|simple|natural|further)\b"
    r"|\b(?:examples?|questions?|arguments?|reasons?|guess|answers?|points?|things?|cases?|ways?|results?|versions?|concerns?"
    r"|worry|worries|intuitions?|suggestions?|differences?|analogy|conclusions?|takeaways?|upshot|hope|feeling|sense)$"
)
_MOST_TOKENS = 14
_MOST_APPOSED = 14


def find_by_genus(sentence: "Span", text: str) -> Iterator[DefinitionCandidate]:
    """Propose what stands on both sides of a copula, and after a comma or dash ("X, a Y that …")."""
    for token in sentence:
        word = token.lower_
        if word in COPULAS or (word in _SHORT and token.tag_ in {"VBZ", "VBP"}):
            yield from _find_around(sentence, token, text)
        elif token.text in {",", "—", "–", "--", "("} and token.i + 2 < sentence.end:
            yield from _find_apposed(sentence, token, text)


def _find_around(sentence: "Span", copula: "Token", text: str) -> Iterator[DefinitionCandidate]:
    doc = sentence.doc
    right = copula.i + 1
    while right < sentence.end and (doc[right].lower_ in _ADVERBS or doc[right].text in {",", ":"}):
        right += 1
    if right >= sentence.end or doc[right].lower_ in _DENIED:
        return
    subject = _subject(sentence, copula.i)
    if subject is None:
        yield from _find_reversed(sentence, copula, right, text)
        return
    first, last = subject
    opener = doc[right].lower_
    form = _kind(sentence, right)
    if form is None:
        return
    stance = Stance.ASKED if sentence.text.rstrip(" \"'”’)]").endswith("?") else Stance.STATED
    end = doc[_end(sentence, right)]
    gloss = trim_gloss(text, doc[right].idx, end.idx + len(end.text))
    cue = (doc[first].idx, doc[right].idx + len(opener))
    if form == "A is X if":
        split = _condition(sentence, right)
        if split is None:
            return
        last_of_term, condition = split
        term = trim_term(text, doc[right].idx, doc[last_of_term].idx + len(doc[last_of_term].text))
        gloss = trim_gloss(text, doc[condition + 1].idx, sentence.end_char) if condition + 1 < sentence.end else None
    else:
        term = trim_term(text, *_span_of_name(doc, first, last))
    if term is not None and gloss is not None and not _tells_of_somebody(text, gloss):
        talk = _TALK.search(text[slice(*term)].lower()) and text[term[0] - 1 : term[0]] not in _QUOTES
        if not talk and (form != "A is X if" or _generic(doc, first, last)):
            yield DefinitionCandidate(term, gloss, stance, form, 0.4, cue=cue)


def _generic(doc: "Doc", first: int, last: int) -> bool:
    """Tell whether a subject is any of its kind: "a system", "systems", "one"; not "this" or "the plan"."""
    return doc[first].lower_ in {"a", "an", "any", "one", "two", "someone", "something"} or (
        doc[last].tag_ == "NNS" and doc[first].tag_ in {"NNS", "JJ"}
    )


def _tells_of_somebody(text: str, gloss: Place) -> bool:
    return bool(_PERSON.search(" ".join(text[slice(*gloss)].split()[:6])))


def _kind(sentence: "Span", right: int) -> str | None:
    """Name what the predicate opens with; None for what defines nothing."""
    token = sentence.doc[right]
    if token.lower_ in _OPEN_GENUS:
        return "X is one that"
    if token.lower_ in _ARTICLES:
        return "X is a Y" if right + 1 < sentence.end and _begins_a_noun(sentence.doc[right + 1]) else None
    named = sentence.doc[right + 1] if token.text in _QUOTES and right + 1 < sentence.end else token
    if named.tag_ in {"NN", "NNS", "NNP", "JJ", "JJR", "VBN"} and _condition(sentence, right) is not None:
        return "A is X if"
    if token.tag_ in {"NNS", "NN"} or (token.tag_ in {"JJ", "VBN"} and _noun_soon(sentence, right)):
        return "X is Ys"
    if token.tag_ in {"VBG"}:
        return "X is doing"
    if token.lower_ == "to" and token.tag_ == "TO":
        return "X is to do"
    if token.lower_ in {"when", "where", "how"}:
        return "X is when"
    return None


def _begins_a_noun(token: "Token") -> bool:
    """Tell what may stand after an article: words, what is quoted, or the mark of a link ("a [page] that …")."""
    return not token.is_punct or token.text in _QUOTES or token.text == "["


def _noun_soon(sentence: "Span", right: int) -> bool:
    for token in sentence.doc[right + 1 : min(right + 4, sentence.end)]:
        if token.tag_ in {"NN", "NNS"}:
            return True
        if token.tag_ not in {"JJ", "VBN", "CC", ","}:
            return False
    return False


def _condition(sentence: "Span", right: int) -> tuple[int, int] | None:
    """Find "X if …" after the copula: (last token of X, the token before what the condition says)."""
    doc = sentence.doc
    for i in range(right + 1, min(right + 7, sentence.end - 2)):
        word = doc[i].lower_
        if word in _CONDITION and doc[i - 1].text != ",":
            closes = i + 2 if word == "insofar" and doc[i + 1].lower_ == "as" else i + 1
            return i - 1, closes - 1
        if (
            word in {"to", "in"}
            and doc[i + 1].lower_ in {"the"}
            and i + 3 < sentence.end
            and doc[i + 2].lower_ in {"extent", "sense"}
        ):
            return i - 1, i + 3
        if doc[i].tag_ not in {"NN", "NNS", "JJ", "IN", "DT", "VBN", "HYPH", "NNP", "RB", "``", "''"}:
            return None
    return None


def _subject(sentence: "Span", copula: int) -> tuple[int, int] | None:
    """Return the first and last token of the noun phrase that stands before a copula at the opening of a clause."""
    doc, last = sentence.doc, copula - 1
    last = _before_aside(sentence, last)
    if last < sentence.start:
        return None
    first = last
    while first >= sentence.start and last - first < _MOST_TOKENS and _in_name(doc[first]):
        first = _opening_quote(sentence, first) - 1
    first += 1
    if first > last:
        return None
    if first > sentence.start and doc[first - 1].text not in _OPENING and doc[first - 1].lower_ not in _BEFORE_CLAUSE:
        return None
    while first < last and doc[first].tag_ in {"IN", "RB", "CC"}:
        if doc[first].lower_ in {"whether", "if", "like", "than", "as"}:
            return None
        first += 1
    if sum(doc[i].text in {'"', "“", "”"} for i in range(first, last + 1)) % 2 and doc[first].text not in _QUOTES:
        return None  # the copula stands in a quotation that the subject does not
    head = doc[last]
    if doc[first].lower_ in {"this", "that", "these", "those", "here", "there"} or head.tag_ in {
        "PRP",
        "WP",
        "EX",
        "IN",
    }:
        return None
    if not any(token.tag_[:2] in {"NN", "JJ", "VB"} or token.pos_ in {"PROPN", "X"} for token in doc[first : last + 1]):
        return None
    return first, last


def _opening_quote(sentence: "Span", index: int) -> int:
    """Step from a closing mark to the one that opens it: anything may be quoted."""
    doc = sentence.doc
    if doc[index].text not in _QUOTES:
        return index
    pairs = {"”": "“", "’": "‘"}
    opener = pairs.get(doc[index].text, doc[index].text)
    return next((i for i in range(index - 1, max(sentence.start - 1, index - 10), -1) if doc[i].text == opener), index)


def _before_aside(sentence: "Span", last: int) -> int:
    """Step back over ", in this post," or "(a wug)" before the copula."""
    doc = sentence.doc
    for _ in range(2):
        if last <= sentence.start or doc[last].text not in {",", ")", "—", "–"}:
            break
        opener = "(" if doc[last].text == ")" else doc[last].text
        index = next((i for i in range(last - 1, max(sentence.start, last - 25), -1) if doc[i].text == opener), None)
        if index is None or index == sentence.start:
            break
        last = index - 1
    return last


def _is_formula(token: "Token") -> bool:
    """Tell whether a token stands for a formula, which the parser gets to see as a row of X."""
    return not token.text.strip("X")


def _in_name(token: "Token") -> bool:
    if _is_formula(token) or token.text in _QUOTES or token.text in {"-", "/", "'s", "’s", "*", "_"}:
        return True
    if token.tag_ in {"PRP", "WP", "WDT", "EX", "MD", "VBZ", "VBP", "VBD", "WRB"} and not token.text[:1].isupper():
        return False
    if token.tag_ in {"VB"} and not token.text[:1].isupper():
        return False
    if token.lower_ in {"that", "which", "who", "when", "if", "and"} or token.is_space:
        return False
    return token.tag_[:1] in {"N", "J", "D", "F", "H", "C", "R", "P", "V"} or token.tag_ in {
        "IN",
        "AFX",
        "``",
        "''",
        "XX",
        "SYM",
    }


def _span_of_name(doc: "Doc", first: int, last: int) -> Place:
    """Return where the term stands in the noun phrase of tokens first..last: what is quoted, or all up to "of a"."""
    opens = next((i for i in range(first, last + 1) if doc[i].text in _QUOTES), None)
    if opens is not None and opens < last:
        closes = next((i for i in range(opens + 1, last + 1) if doc[i].text in _QUOTES), None)
        if closes is not None and closes > opens + 1:
            upto = last if _plain(doc, closes + 1, last) and last - closes <= 3 else closes
            start = first if _plain(doc, first, opens - 1) and opens - first <= 2 else opens
            return doc[start].idx, doc[upto].idx + len(doc[upto].text)
    upto = last
    for i in range(first + 1, last + 1):
        if doc[i].lower_ in {"in", "on", "for", "between", "with", "from", "at", "by", "or", "over"} and doc[
            i
        ].tag_ in {"IN", "CC"}:
            upto = i - 1
            break
        if doc[i].lower_ == "of" and i < last and doc[i + 1].lower_ in {"a", "an", "any", "the", "our", "this"}:
            upto = i - 1
            break
    if _is_formula(doc[upto]) and upto > first:
        upto -= 1  # a formula set beside its name
    return doc[first].idx, doc[upto].idx + len(doc[upto].text)


def _plain(doc: "Doc", first: int, last: int) -> bool:
    return all(doc[i].tag_[:2] in {"NN", "JJ", "DT", "VB", "HY"} for i in range(first, last + 1))


def _end(sentence: "Span", right: int) -> int:
    """Return the last token of a gloss: where the sentence ends, or an own clause begins after a semicolon."""
    doc = sentence.doc
    for i in range(right + 3, sentence.end):
        if doc[i].text == ";" or (doc[i].text == "," and i + 1 < sentence.end and doc[i + 1].lower_ == "but"):
            return i - 1
    return sentence.end - 1


def _find_reversed(sentence: "Span", copula: "Token", right: int, text: str) -> Iterator[DefinitionCandidate]:
    """Read "any Y that … is an X": the term stands last."""
    doc = sentence.doc
    if doc[sentence.start].lower_ not in {"any", "every", "anything", "anyone", "something", "whatever", "a", "an"}:
        return
    if not any(token.tag_ in {"WDT", "WP"} for token in doc[sentence.start : copula.i]):
        return
    if any(token.tag_ in {"WDT", "WP"} for token in doc[copula.i - 2 : copula.i]):
        return  # "a relation that is reflexive": what tells it apart, not what it is
    last = right
    while last < sentence.end and (_plain(doc, last, last) or doc[last].text in _QUOTES) and last - right < 6:
        last += 1
    if last < sentence.end and doc[last].text not in {".", ";", ",", "—", "!", ")"}:
        return
    term = trim_term(text, doc[right].idx, doc[last - 1].idx + len(doc[last - 1].text)) if last > right else None
    gloss = trim_gloss(text, sentence.start_char, copula.idx)
    if term is not None and gloss is not None:
        cue = (copula.idx, copula.idx + len(copula.text))
        yield DefinitionCandidate(term, gloss, Stance.STATED, "any Y that is an X", 0.5, cue=cue)


def _find_apposed(sentence: "Span", mark: "Token", text: str) -> Iterator[DefinitionCandidate]:
    """Read "X, a Y that …" and "X (a Y that …)": a noun, a mark, an article, and something that tells it apart."""
    doc = sentence.doc
    opener, before = doc[mark.i + 1], mark.i - 1
    if opener.lower_ not in {"a", "an", "any", "the"} or before < sentence.start:
        return
    first = before
    while first >= sentence.start and before - first < 6 and (_plain(doc, first, first) or doc[first].text in _QUOTES):
        first -= 1
    first += 1
    if first > before or not (doc[before].tag_[:2] == "NN" or doc[before].text in _QUOTES):
        return
    last = mark.i + 1
    closing = {"(": ")"}.get(mark.text)
    while last < sentence.end and last - mark.i < 40:
        if (closing and doc[last].text == closing) or (
            not closing and doc[last].text in {",", "—", ";", ".", "–"} and last > mark.i + 3
        ):
            break
        last += 1
    apposition = doc[mark.i + 2 : min(last, mark.i + 2 + _MOST_APPOSED)]
    if not any(
        token.tag_ in {"WDT", "WP", "WRB"} or token.lower_ in {"of", "that", "in", "for", "to"} for token in apposition
    ):
        return
    term = trim_term(text, doc[first].idx, doc[before].idx + len(doc[before].text))
    gloss = trim_gloss(text, opener.idx, doc[last - 1].idx + len(doc[last - 1].text))
    if term is not None and gloss is not None:
        cue = (mark.idx, opener.idx + len(opener.text))
        yield DefinitionCandidate(term, gloss, Stance.STATED, "X, a Y that", 0.15, cue=cue)


def find_across_sentences(
    before: "Span", sentence: "Span", text: str, marked: tuple[Place, ...]
) -> Iterator[DefinitionCandidate]:
    """Read "Job two: the wug. This is the animal that …": a term at the end of one sentence, its gloss in the next."""
    doc = sentence.doc
    index = sentence.start + 1
    if doc[sentence.start].lower_ not in _POINTING or index + 2 >= sentence.end:
        return
    means = doc[index].lower_ in {"means", "mean", "refers", "denotes"}
    if not means and doc[index].lower_ not in COPULAS | _SHORT:
        return
    right = index + 1
    while right < sentence.end and (doc[right].lower_ in _ADVERBS or doc[right].lower_ == "to"):
        right += 1
    if right >= sentence.end or (not means and doc[right].lower_ not in _ARTICLES | _OPEN_GENUS | {"when", "where"}):
        return
    gloss = trim_gloss(text, doc[right].idx, sentence.end_char)
    cue = (sentence.start_char, doc[right].idx + len(doc[right].text))
    stance = Stance.ASKED if sentence.text.rstrip().endswith("?") else Stance.STATED
    for span in _last_named(before, text, marked):
        term = trim_term(text, *span)
        if term is not None and gloss is not None:
            yield DefinitionCandidate(term, gloss, stance, "X. This is a Y", 0.4, before=True, cue=cue)
            return


def _last_named(sentence: "Span", text: str, marked: tuple[Place, ...]) -> Iterator[Place]:
    """Yield what a sentence may introduce: what it marks, quotes, or names after a colon, or all of a short one."""
    inside = [span for span in marked if sentence.start_char <= span[0] and span[1] <= sentence.end_char]
    if inside:
        start, end = inside[-1]
        yield (text.rfind(": ", start, end) + 1 or start), end
    doc = sentence.doc
    colon = next((i for i in range(sentence.end - 2, sentence.start, -1) if doc[i].text in {":", "—"}), None)
    if colon is not None and sentence.end - colon <= 9:
        yield doc[colon + 1].idx, sentence.end_char
    quotes = [i for i in range(sentence.start, sentence.end) if doc[i].text in _QUOTES]
    if len(quotes) >= 2 and quotes[-1] - quotes[-2] > 1:
        yield doc[quotes[-2]].idx, doc[quotes[-1]].idx + 1
    if len(sentence) <= 7 and not any(token.pos_ in {"VERB", "AUX", "PRON"} for token in sentence):
        yield sentence.start_char, sentence.end_char
