"""Views read off the order of the words where the parse shows no clause: "he thinks when it thaws it leaks".

A thought without "that" is what a parser of forum prose most often hangs elsewhere; a holder, right after him a verb of
opinion, and after that something with a finite verb of its own is told nevertheless.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.claims import report_cues as cues
from ingest.claims.report import Report, make_report
from ingest.claims.report_places import find_end_by_order, span_tokens
from ingest.claims.view_holders import find_case, find_subject, has_gap, is_asked_after

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_BEING = frozenset("is was 's ’s are were will would can could may might should must has had".split())
_OPENING = frozenset({"PRON", "DET", "NOUN", "PROPN", "ADJ", "NUM"})
_LEADING = frozenset({"when", "if", "while", "even", "there", "because", "as", "given"})
_PLAIN_TAIL = 3  # words of a thing that somebody expects, at least
_NEAR_THAT = 6  # tokens between "he said in the past" and "that"
_NEAR_VERB = 14  # tokens until a clause has its verb


def find_clause_by_order(sentence: "Span", verb: "Token") -> tuple[int, int] | None:
    """Return the first and the last token of what follows a verb of opinion, read by order alone."""
    doc = verb.doc
    first = verb.i + 1
    that = next((i for i in range(first, min(first + _NEAR_THAT, sentence.end)) if doc[i].lower_ == "that"), None)
    if that is not None and that + 1 < sentence.end and doc[that + 1].tag_ in cues.FINITE:
        that = None  # "that is so"
    if that is not None and all(doc[i].pos_ not in {"VERB", "AUX", "SCONJ"} for i in range(first, that)):
        is_joined = that == first or doc[first].pos_ in {"ADP", "ADV", "PUNCT", "PART"}
        first = that + 1 if is_joined and that + 1 < sentence.end and doc[that + 1].pos_ != "PUNCT" else first
    while first < sentence.end and doc[first].text in {":", '"', "“"}:
        first += 1
    last = find_end_by_order(sentence, first)
    if last <= first:
        return None
    opening = doc[first]
    is_opening = first == (that or 0) + 1 or opening.pos_ in _OPENING or opening.lower_ in _LEADING
    if not is_opening or opening.lower_ in cues.ASKING_WORDS - _LEADING or opening.lower_ in {"so", "this", "that"}:
        return None if not (opening.lower_ in {"this", "that"} and doc[first + 1].lower_ in _BEING) else (first, last)
    before = doc[first : min(first + _NEAR_VERB, last + 1)]
    return (first, last) if any(token.tag_ in cues.FINITE for token in before) else None


def find_by_order(sentence: "Span", verb: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find "since you think the shield melts" where the parser sees no clause."""
    goes = cues.find_lemma(verb) == "go"
    if not verb.tag_.startswith("VB") or cues.find_lemma(verb) not in cues.OPINING | {"go"}:
        return
    if any(c.lower_ == "as" for c in verb.lefts):
        return
    content = next((c for c in verb.rights if c.dep_ in {"ccomp", "obj"}), None)
    if content is not None and not _is_led(content):
        return
    subject = find_subject(verb)
    if goes and (subject is None or cues.find_lemma(subject) not in cues.STANCES):
        return  # "the argument goes that P"
    span = find_clause_by_order(sentence, verb) if subject is not None and subject.i < verb.i else None
    if (
        span is not None
        and subject is not None
        and verb.i - subject.i <= _NEAR_THAT
        and not has_gap(verb, subject)
        and not is_asked_after(verb, subject)
    ):
        yield make_report(sentence, known, verb, subject, span_tokens(verb.doc, *span))


def _is_led(part: "Token") -> bool:
    """Tell "that" taken for an object, and a clause that begins with its condition: "he thinks when it thaws …"."""
    opening = part.doc[part.left_edge.i].lower_
    return part.lower_ == "that" or (part.dep_ == "ccomp" and opening in {"when", "if", "while"})


def find_by_object(sentence: "Span", verb: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find "Ana expects it to melt", "she sees it as a shield", "he predicts a slow thaw"."""
    lemma = cues.find_lemma(verb)
    if verb.pos_ != "VERB" or lemma not in cues.RAISING_OBJECTS | cues.SEEING_AS | cues.FORESEEN:
        return
    if any(c.dep_ == "ccomp" for c in verb.children):
        return
    subject = find_subject(verb)
    what = next((c for c in verb.children if c.dep_ == "obj" and c.i > verb.i), None)
    if subject is None or what is None or what.lower_ in cues.ASKING_WORDS | {"themselves", "himself", "herself"}:
        return
    later = [c for c in verb.children if c.i > what.i and c.dep_ in {"xcomp", "advcl", "obl", "obj"}]
    raised = next((c for c in later if c.dep_ in {"xcomp", "obj"}), None) if lemma in cues.RAISING_OBJECTS else None
    seen = next((c for c in later if _begins_as(c)), None) if lemma in cues.SEEING_AS else None
    last = raised or seen
    if last is None and lemma in cues.FORESEEN and len(list(what.subtree)) >= _PLAIN_TAIL:
        last = what
    if last is not None:
        end = last.right_edge.i if last is not what else _find_phrase_end(sentence, what)
        report = make_report(sentence, known, verb, subject, span_tokens(verb.doc, what.left_edge.i, end))
        yield replace(report, somebody=report.somebody and not has_gap(verb, subject))


def _begins_as(part: "Token") -> bool:
    return find_case(part) == "as" or any(c.lower_ == "as" and c.dep_ == "mark" for c in part.children)


def _find_phrase_end(sentence: "Span", noun: "Token") -> int:
    """Return the last token of a noun with all that follows it up to a comma, wherever the parser hangs that."""
    first = noun.right_edge.i + 1
    last = find_end_by_order(sentence, first) if first < sentence.end else noun.right_edge.i
    stop = next((i for i in range(first, last + 1) if noun.doc[i].text in {",", "(", "—", ":"}), last + 1)
    while stop - 1 > noun.right_edge.i and noun.doc[stop - 1].is_punct:
        stop -= 1
    return max(noun.right_edge.i, stop - 1)
