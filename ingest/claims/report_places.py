"""Where in its sentence a view stands: the places of clauses, quotations and noun phrases, in characters of the Doc."""

import re
from typing import TYPE_CHECKING

from ingest.claims import report_cues as cues

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

Place = tuple[int, int]

QUOTED = re.compile(r"“[^”]{8,}”|\"[^\"]{8,}\"")
_QUOTES = frozenset('"“‘')
_LED = re.compile(r"(?:(?:things?|something|stuff) )?(?:more )?like,?\s+(?=[“\"])|about (?:how|why|that)\s+|where\s+")
_TURNING = frozenset({"but", "whereas", "though", "although"})
_AUTHOR_GOES_ON = frozenset({"i", "we"})


def span_tokens(doc: "Doc", first: int, last: int) -> Place:
    """Return the characters of the tokens first..last."""
    return doc[first].idx, doc[last].idx + len(doc[last].text)


def span_clause(clause: "Token", governor: "Token") -> Place:
    """Return the characters of a clause, without what its governing verb brackets out of it ("P, Ana says, and Q")."""
    first, last = clause.left_edge.i, find_clause_end(clause)
    if first <= governor.i <= last:
        first, last = (first, governor.i - 1) if clause.i < governor.i else (governor.i + 1, last)
    return span_tokens(clause.doc, first, last)


def find_clause_end(head: "Token") -> int:
    """Return the last token of what a main clause says, before what the author adds: ", but I disagree"."""
    last = head.right_edge.i
    for child in head.children:
        if child.i < head.i or child.dep_ not in {"conj", "parataxis"}:
            continue
        begins = [t.lower_ for t in child.subtree if t.i < child.i or t.i == child.i]
        subject = next((c for c in child.children if c.dep_ in cues.REFERRING_SUBJECTS), None)
        is_authors = subject is not None and (subject.lower_ in cues.FIRST or begins[:1] == ["but"])
        if is_authors and "that" not in begins[:2]:
            last = min(last, child.left_edge.i - 1)
    for token in head.doc[head.i : last]:
        if token.text in _QUOTES:
            break
        if token.text == ";":
            last = token.i - 1
            break
    return max(last, head.i)


def find_end_by_order(sentence: "Span", first: int) -> int:
    """Return the last token of a clause that begins at `first`: before the author turns against it, or goes on."""
    doc, depth = sentence.doc, 0
    for i in range(first, sentence.end):
        text, following = doc[i].lower_, doc[i + 1].lower_ if i + 1 < sentence.end else ""
        depth += (text == "(") - (text == ")")
        goes_on = text in {"and", "or"} and following in _AUTHOR_GOES_ON
        turns = text in {",", "—", "-", "–"} and (
            following in _TURNING
            or (following in {"and", "so", "while"} and i + 2 < sentence.end and doc[i + 2].lower_ in _AUTHOR_GOES_ON)
        )
        if depth < 0 or text == ";" or turns or goes_on:
            return i - 1
    return sentence.end - 1


def find_clause_beside(sentence: "Span", governor: "Token", first: int, last: int) -> Place | None:
    """Return the clause of `governor` without the phrase first..last that stands over it, on its larger side."""
    left = max(governor.left_edge.i, sentence.start)
    right = min(find_clause_end(governor), sentence.end - 1)
    leads = {"how", "why", "that", "because", "so", "and", "but"}
    while left < min(first, governor.i) and sentence.doc[left].lower_ in leads:
        left += 1
    before, after = (left, min(first - 1, right)), (max(last + 1, left), right)
    start, end = max(before, after, key=lambda part: part[1] - part[0])
    if not left <= governor.i <= right or end - start < 1 or not start <= governor.i <= end:
        return None
    return span_tokens(sentence.doc, start, end)


def find_larger_part(sentence: "Span", verb: "Token") -> Place:
    """Return the larger part of the sentence beside an aside."""
    before = (sentence.start, verb.left_edge.i)
    after = (verb.right_edge.i + 1, sentence.end)
    start, end = max(before, after, key=lambda part: part[1] - part[0])
    return span_tokens(sentence.doc, start, end - 1) if start < end else (0, 0)


def find_quoted(sentence: "Span", verb: "Token") -> Place | None:
    """Return the quotation in a sentence whose verb has no clause: 'It fails," Ana said'."""
    offset = sentence.start_char
    outside = [m for m in QUOTED.finditer(sentence.text) if not m.start() <= verb.idx - offset < m.end()]
    if not outside:
        return None
    longest = max(outside, key=lambda match: match.end() - match.start())
    return offset + longest.start(), offset + longest.end()


def is_statement(clause: "Token") -> bool:
    """Leave out "I know what he does" and "see how it works": no view is told."""
    first = next((t for t in clause.doc[clause.left_edge.i : clause.i + 1] if t.is_alpha), clause)
    return first.lower_ not in cues.ASKING_WORDS


def span_noun_phrase(doc: "Doc", noun: "Token") -> Place:
    """Return a noun with what stands before it and its name; not the clauses behind it."""
    tokens = [noun.i]
    for child in noun.children:
        left_out = ("acl", "appos", "parataxis", "cc", "nsubj", "cop", "aux", "mark", "advcl", "ccomp")
        if child.dep_ in {"case", "punct"} or child.dep_.startswith(left_out):
            continue
        tokens.extend(t.i for t in child.subtree)
    return span_tokens(doc, min(tokens), max(tokens))


def trim_content(sentence: "Span", content: Place) -> Place:
    """Leave out what leads over to a view, and the signs around it."""
    start, end = content
    inside = sentence.start_char <= start and end <= sentence.end_char
    text, offset = (sentence.text, sentence.start_char) if inside else (sentence.doc.text, 0)
    while start < end and text[start - offset] in " \n\t,;:—–-":
        start += 1
    while end > start and text[end - 1 - offset] in " \n\t,;:—–-.":
        end -= 1
    led = _LED.match(text, start - offset, end - offset)
    return (led.end() + offset, end) if led else (start, end)


def find_cue(verb: "Token") -> Place:
    """Return a verb with its auxiliaries, its "not" and its particle."""
    helpers = [c for c in verb.children if c.i < verb.i and (c.dep_.startswith("aux") or c.lower_ in cues.NOT)]
    first = min([verb.i, *(token.i for token in helpers)])
    particle = next((c for c in verb.children if c.dep_ == "compound:prt" and c.i == verb.i + 1), verb)
    return verb.doc[first].idx, particle.idx + len(particle.text)
