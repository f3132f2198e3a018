"""Views told by a verb or an adjective: "Ana thinks that P", "I take you to be saying that P", "she is sure that P"."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.claims import report_cues as cues
from ingest.claims.report import Report, make_report
from ingest.claims.report_places import (
    QUOTED,
    Place,
    find_clause_beside,
    find_clause_end,
    find_end_by_order,
    find_larger_part,
    find_quoted,
    is_statement,
    span_clause,
    span_tokens,
    trim_content,
)
from ingest.claims.view_holders import (
    find_case,
    find_owner,
    find_subject,
    has_gap,
    is_asked_after,
    is_first_person,
    is_holder,
)

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_BEING = frozenset("'s ’s 're ’re is was were are be 'm ’m am".split())
_BEGINNINGS = frozenset("well oh ok okay yeah no yes hey look sure um uh hm hmm wait man i we you".split())
_REPUTE = frozenset(
    "think believe say claim hold argue agree consider suppose allege assume expect deem regard".split()
)
_COLONS = frozenset({"that", ":", "like"})
_NEAR, _FAR = 6, 40  # characters between "Ana said" and what is quoted: a few words, or a sentence
_FEW_WORDS = 4
_NAMING = cues.CALLING | {"mean", "consider"}


def find_by_verb(sentence: "Span", verb: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find "Ana thinks that P", "P, Ana says", "as Ana argued, P", "I take you to be saying that P"."""
    lemma = cues.find_lemma(verb)
    if verb.pos_ not in {"VERB", "AUX"} or lemma not in cues.SAYING | cues.INTENDING | cues.CALLING:
        return
    subject = find_subject(verb)
    clauses = [c for c in verb.children if c.dep_ == "ccomp"]
    intended = None
    if not clauses and lemma in cues.INTENDING:
        intended = next((c for c in verb.children if c.dep_ == "xcomp" and c.pos_ == "VERB"), None)
    quoted = find_quoted(sentence, verb) if not clauses and subject is not None else None
    if subject is not None and (said := _find_identified(sentence, verb)) is not None:
        yield make_report(sentence, known, verb, subject, said)
    elif clauses and is_statement(clauses[0]):
        yield _report_clauses(sentence, verb, known, clauses)
    elif intended is not None and is_statement(intended):
        report = make_report(sentence, known, verb, subject, span_clause(intended, verb))
        yield report if lemma in {"claim", "purport", "profess"} else replace(report, somebody=False)
    elif subject is not None and quoted is not None and _is_said(sentence, verb, subject, quoted):
        yield make_report(sentence, known, verb, subject, quoted)
    elif verb.dep_ in {"parataxis", "advcl"} and verb.head.i != verb.i and _is_aside(verb):
        # "P, Ana says" and "as Paul argued, P": the view is the clause around.
        report = make_report(sentence, known, verb, subject, find_larger_part(sentence, verb))
        anybody = subject is not None and subject.lower_ in {"you", "one"} and report.imagined
        yield replace(report, somebody=report.somebody and not anybody)  # "as one might expect"
    elif quoted is not None:
        yield replace(make_report(sentence, known, verb, subject, quoted), somebody=False)
    elif not clauses and subject is not None and (named := _find_predicated(verb)) is not None:
        yield replace(make_report(sentence, known, verb, subject, named), somebody=False)


def _report_clauses(sentence: "Span", verb: "Token", known: frozenset[str], clauses: "list[Token]") -> Report:
    """Return the report of a verb with clauses, up to where the author goes on: ", but I"."""
    subject = find_subject(verb)
    first = span_clause(clauses[0], verb)
    later = [span_clause(c, verb) for c in clauses[1:] if c.i > clauses[0].i > verb.i]
    report = make_report(sentence, known, verb, subject, (first[0], max([first[1], *(end for _, end in later)])))
    # "suggests doing it" advises, and tells no view
    is_whole = (
        any(c.dep_ in cues.REFERRING_SUBJECTS | {"expl"} for c in clauses[0].children) or clauses[0].tag_ != "VBG"
    )
    is_told = is_whole and not _is_for_example(verb) and not _lacks_subject(sentence, report)
    is_told = is_told and not has_gap(verb, subject) and not is_asked_after(verb, subject)
    is_told = is_told and not _is_as_anybody(verb, subject)
    if report.content[1] > (end := _find_end(sentence, verb, first)):
        report = replace(report, content=trim_content(sentence, (report.content[0], end)))
    return replace(report, somebody=report.somebody and is_told)


def find_by_defining(sentence: "Span", verb: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find "by alignment Ana means P", "one reader took takeoff to be P": a term as somebody has it, in one piece."""
    lemma = cues.find_lemma(verb)
    children = list(verb.children)
    stated = [
        c for c in children if c.dep_ == "ccomp" and any(part.dep_ in cues.REFERRING_SUBJECTS for part in c.children)
    ]
    if lemma not in cues.DEFINING or stated or not is_statement(verb) or any(c.lower_ == "what" for c in children):
        return
    term = next((c for c in children if c.dep_ == "obj"), None)
    if lemma == "mean":
        is_defining = any(t.lower_ == "by" and t.dep_ == "case" for c in children for t in c.subtree if t.i <= c.i)
    else:
        is_defining = term is not None and any(c.i > term.i and _is_gloss(c) for c in children)
    subject = find_subject(verb)
    if is_defining and subject is not None and subject.i != verb.i and not is_asked_after(verb, subject):
        report = make_report(sentence, known, verb, subject, span_tokens(verb.doc, *_find_edges(sentence, verb)))
        yield replace(report, somebody=report.somebody or subject.lower_ == "you")


def _find_end(sentence: "Span", verb: "Token", content: Place) -> int:
    """Return where a clause behind its verb ends by the order of the words: before ", but I"."""
    if content[0] < verb.idx:
        return content[1]
    first = sentence.doc.char_span(*content, alignment_mode="expand")
    last = find_end_by_order(sentence, first.start) if first is not None else -1
    return sentence.doc[last].idx + len(sentence.doc[last].text) if last > verb.i + 1 else content[1]


def _lacks_subject(sentence: "Span", report: Report) -> bool:
    """Tell what is told of something outside of the clause: "somebody who you think will come"."""
    content = sentence.doc.char_span(*report.content, alignment_mode="expand")
    return content is not None and (content[0].tag_ in cues.FINITE or content[0].lower_ in {"of", "about"})


def _is_as_anybody(verb: "Token", subject: "Token | None") -> bool:
    """Tell "as one might expect"."""
    is_anybody = subject is not None and subject.lower_ in {"you", "one"}
    return is_anybody and any(c.lower_ == "as" and c.i < verb.i for c in verb.children)


def _find_identified(sentence: "Span", verb: "Token") -> Place | None:
    """Return the content of "what Ana says is that P"."""
    doc, after = verb.doc, verb.i + 1
    is_what = verb.dep_ == "acl:relcl" and verb.head.lower_ in {"what", "all"}
    if not is_what or after + 2 >= sentence.end or doc[after].lower_ not in {"is", "was", "'s", "’s"}:
        return None
    first = next((i + 1 for i in range(after + 1, min(after + 4, sentence.end - 1)) if doc[i].lower_ in _COLONS), None)
    return None if first is None else span_tokens(doc, first, find_end_by_order(sentence, first))


def _is_gloss(part: "Token") -> bool:
    """Tell "to be P", "to mean P" and "as P"."""
    if part.dep_ in {"xcomp", "advcl", "ccomp"}:
        return cues.find_lemma(part) == "mean" or any(c.dep_ == "cop" and c.lower_ == "be" for c in part.children)
    return part.dep_ == "obl" and find_case(part) == "as"


def _find_edges(sentence: "Span", verb: "Token") -> tuple[int, int]:
    return max(verb.left_edge.i, sentence.start), min(find_clause_end(verb), sentence.end - 1)


def _is_for_example(verb: "Token") -> bool:
    """Tell the "say" that gives an example: "two boxes, say one of wood"."""
    has_subject = any(c.dep_ in cues.REFERRING_SUBJECTS for c in verb.children)
    return verb.lower_ == "say" and not has_subject and verb.i > 0 and verb.nbor(-1).text in {",", "(", "—"}


def _find_predicated(verb: "Token") -> Place | None:
    """Return the content of "calls P a hoax" and "described it as harmless"."""
    if cues.find_lemma(verb) not in cues.CALLING:
        return None
    what = next((c for c in verb.children if c.dep_ == "obj"), None)
    as_what = next((c for c in verb.children if c.dep_ in {"xcomp", "obl", "advcl"} and c.i > verb.i), None)
    if what is None or as_what is None or (as_what.dep_ != "xcomp" and find_case(as_what) != "as"):
        return None
    return span_tokens(verb.doc, what.left_edge.i, as_what.right_edge.i)


def _is_aside(verb: "Token") -> bool:
    if any(c.dep_ == "obj" and c.lower_ not in {"it", "so", "that"} for c in verb.children):
        return False
    if verb.dep_ == "parataxis":
        before, after = verb.left_edge.i - 1, verb.right_edge.i + 1
        is_beside = before < 0 or verb.doc[before].is_punct or verb.left_edge.is_punct
        if not is_beside and not (after < len(verb.doc) and verb.doc[after].is_punct):
            return False
        return verb.i > verb.head.i or find_subject(verb) is not None
    marks = [child.lower_ for child in verb.children if child.dep_ in {"mark", "advmod"}]
    return "as" in marks and find_subject(verb) is not None


def _is_said(sentence: "Span", verb: "Token", subject: "Token", quoted: Place) -> bool:
    """Leave out a name in quotation marks, and what "you say" in a tale of what anybody does."""
    words = sentence.doc.text[slice(*quoted)]
    first, last = min(subject.idx, verb.idx), max(subject.idx + len(subject.text), verb.idx + len(verb.text))
    distance = max(quoted[0] - last, first - quoted[1])
    if distance > (_NEAR if len(words.split()) < _FEW_WORDS else _FAR) or cues.find_lemma(verb) in _NAMING:
        return False
    if has_gap(verb, subject):
        return False
    return subject.lower_ != "you" or verb.tag_ in {"VBG", "VBD", "VBN"}


def find_by_following(sentence: "Span", verb: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find "as I understand you, P", "if I read Ana right, P": hers, as the author understands it."""
    if verb.dep_ != "advcl" or cues.find_lemma(verb) not in cues.FOLLOWING or verb.head.i == verb.i:
        return
    marks = {child.lower_ for child in verb.children if child.dep_ in {"mark", "advmod"}}
    subject = find_subject(verb)
    followed = next((c for c in verb.children if c.dep_ == "obj"), None)
    if not marks & {"as", "if"} or subject is None or subject.lower_ not in {"i", "we"} or followed is None:
        return
    holder = find_owner(followed) or followed
    if holder.lower_ not in {"you", "your"} and not is_holder(holder, known):
        return
    content = find_clause_beside(sentence, verb.head, verb.left_edge.i, verb.right_edge.i)
    if content is not None:
        report = make_report(sentence, known, verb, holder, content)
        asks = sentence.text.rstrip(" \"'”’)]").endswith("?")
        yield replace(report, own=False, supposed=asks, somebody=True, denied=False)


def find_by_being_like(sentence: "Span", like: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find 'and Ana is like "P"', "Ana would be like, P"."""
    if like.lower_ != "like" or like.i < sentence.start + 2 or like.nbor(-1).lower_ not in _BEING:
        return
    text, offset = sentence.doc.text, like.idx + 4
    quoted = QUOTED.match(text, offset + len(text[offset : offset + 3]) - len(text[offset : offset + 3].lstrip(", ")))
    content = quoted.span() if quoted is not None else _find_speech(sentence, like)
    before = list(sentence.doc[max(sentence.start, like.i - 4) : like.i - 1])
    source = next(
        (t for t in before if t.dep_ in cues.REFERRING_SUBJECTS or (t.pos_ == "PROPN" and t.i == like.i - 2)), None
    )
    if content is not None and source is not None and source.lower_ not in {"you", "one"}:
        yield replace(make_report(sentence, known, like, source, content), imagined=True)


def _find_speech(sentence: "Span", like: "Token") -> Place | None:
    """Return what follows "Ana is like" without quotation marks: behind a comma, or begun as people begin."""
    first = like.i + 1
    is_set_off = first < sentence.end and like.doc[first].text in {",", ":"}
    first += is_set_off
    if first >= sentence.end or not (is_set_off or like.doc[first].lower_ in _BEGINNINGS):
        return None
    last = find_end_by_order(sentence, first)
    words = like.doc[first : last + 1]
    has_verb = any(token.tag_ in cues.FINITE for token in words)
    return span_tokens(like.doc, first, last) if len(words) >= _FEW_WORDS and has_verb else None


def find_by_adjective(sentence: "Span", adjective: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find "Ana is convinced that P"."""
    lemma = cues.find_lemma(adjective)
    if adjective.pos_ not in {"ADJ", "VERB"} or (
        lemma not in cues.CONVINCED and adjective.lower_ not in cues.CONVINCED
    ):
        return
    clause = next((c for c in adjective.children if c.dep_ in {"ccomp", "advcl"} and c.i > adjective.i), None)
    subject = find_subject(adjective)
    if clause is None or subject is None:
        return
    if clause.dep_ != "ccomp" and clause.doc[clause.left_edge.i].lower_ != "that":
        return
    report = make_report(sentence, known, adjective, subject, span_clause(clause, adjective))
    is_told = report.somebody and not _lacks_subject(sentence, report)
    yield replace(report, somebody=is_told, denied=report.denied or lemma in cues.DOUBTFUL)


def find_by_seeming(sentence: "Span", verb: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find "to Ana it looks like P", "it seems to you that P"."""
    if verb.pos_ != "VERB" or cues.find_lemma(verb) not in cues.SEEMING:
        return
    holder = next((c for c in verb.children if c.dep_ == "obl" and find_case(c) == "to"), None)
    clause = next((c for c in verb.children if c.dep_ in {"ccomp", "advcl", "csubj"} and c.i > verb.i), None)
    if holder is not None and clause is not None and not is_first_person(holder):
        lead = clause.doc[clause.left_edge.i].lower_
        first, last = clause.left_edge.i + (lead in {"like", "that", "as"}), find_clause_end(clause)
        is_somebody = holder.lower_ == "you" or is_holder(holder, known)
        report = make_report(sentence, known, verb, holder, span_tokens(verb.doc, first, last))
        yield replace(report, somebody=is_somebody)


def find_by_repute(sentence: "Span", verb: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find "the shield is widely believed to melt": what people say of it, whole."""
    if verb.tag_ != "VBN" or cues.find_lemma(verb) not in _REPUTE:
        return
    subject = next((c for c in verb.children if c.dep_ in {"nsubj:pass", "csubj:pass", "csubj"}), None)
    is_common = any(c.dep_ == "advmod" and c.lower_ in cues.OFTEN for c in verb.children)
    what = next((c for c in verb.children if c.dep_ == "xcomp" and c.i > verb.i), None)
    if subject is not None and what is not None and is_common:
        content = span_tokens(verb.doc, subject.left_edge.i, what.right_edge.i)
        yield replace(make_report(sentence, known, verb, None, content), somebody=True)
