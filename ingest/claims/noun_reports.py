"""Views told by a noun or a phrase: "Ana's claim that P", "she has the feeling that P", "on Bo's view P"."""

import re
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
    is_statement,
    span_clause,
    span_noun_phrase,
    span_tokens,
)
from ingest.claims.view_holders import find_case, find_owner, find_subject, is_holder, is_named

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_WORLD = re.compile(r"[A-Z][\w'’-]+(?:verse|topia)")
_NO_WORLD = re.compile(r"(?:Uni|Multi|Meta|Omni|Con|In|Re|Tra|Ad|Di|Per|Ob|U|Dys|Eu)(?:verse|topia)")
_CLAUSES = frozenset("ccomp advcl acl acl:relcl parataxis appos conj".split())
_LEADING = frozenset("that because so but and least like if".split())
_FEW_WORDS = 4
_DASHES = frozenset({"—", "–", "-", "--", ":"})
_NEAR_VERB = 14  # tokens until a clause has its verb
_LIKE = re.compile(r"(?:,\s*)?(?:(?:along|on) the lines of|to the effect that|such as|like|:|that)?[\s,:]*")
_KINDS = frozenset({"amod", "compound"})
_WHOSE = frozenset({"your", "his", "her", "their"})
_SECTS = frozenset("many most some them others critics proponents".split())


def find_by_noun(sentence: "Span", noun: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find "Nora's claim that P", "her view is that P", "Nora has the intuition that P"."""
    lemma = cues.find_lemma(noun)
    if noun.pos_ not in {"NOUN", "VERB"} or lemma not in cues.VIEWS | cues.UNDERSTANDING:
        return
    owner = find_owner(noun)
    if (owner is None and lemma in cues.UNDERSTANDING - cues.VIEWS) or (lemma == "sense" and find_case(noun) == "in"):
        return
    content = _find_content(noun) or _find_content_by_order(sentence, noun)
    is_common = (lemma in cues.CLAIMED and _is_somebodys_claim(noun)) or any(
        child.dep_ in _KINDS and child.lower_ in cues.COMMON for child in noun.children
    )
    if owner is None and content is not None:
        owner = _find_haver(noun)
    if content is not None and (owner is not None or is_common):
        report = make_report(sentence, known, noun, owner, content)
        if owner is None:
            report = replace(report, somebody=True, source=span_noun_phrase(noun.doc, noun))
        is_presupposed = owner is not None and owner.dep_ == "nmod:poss" and noun.dep_ in {"obl", "obj", "nmod"}
        if is_presupposed:  # "how much rests on your belief that P?": that he believes it is not asked
            report = replace(report, supposed=False)
        yield replace(report, somebody=report.somebody and not _is_agreed(noun))
    elif (quoted := _find_quotation_beside(sentence, noun)) is not None:
        owner = owner or _find_haver(noun)
        report = make_report(sentence, known, noun, owner, quoted)
        yield replace(report, somebody=report.somebody or (owner is None and lemma in cues.OBJECTIONS))


def _is_somebodys_claim(noun: "Token") -> bool:
    """Leave out "I make the claim that P", "that is not a claim that P", "Claim 1: P"."""
    is_predicate = any(c.dep_ == "cop" for c in noun.children)
    is_numbered = noun.i + 1 < len(noun.doc) and (noun.nbor(1).pos_ == "NUM" or noun.nbor(1).text == ":")
    is_made = noun.dep_ == "obj" and cues.find_lemma(noun.head) in cues.HAVING
    return noun.pos_ == "NOUN" and not is_predicate and not is_made and not is_numbered


def _find_content(noun: "Token") -> Place | None:
    """Return the clause that says what a view is: "the claim that P", "his claim is that P", "his view: P"."""
    for child in noun.children:
        first = child.doc[child.left_edge.i].lower_
        is_clause = child.dep_ in {"acl", "acl:relcl", "ccomp"} and child.i > noun.i
        if is_clause and first == "that" and _is_whole(child):
            return span_clause(child, noun)
        if child.dep_ in {"acl", "acl:relcl"} and first == "where" and cues.find_lemma(noun) in cues.PICTURES:
            return span_clause(child, noun)
        if child.dep_ in {"appos", "parataxis"} and child.i > noun.i and child.doc[child.left_edge.i].text == ":":
            if any(c.dep_ in cues.REFERRING_SUBJECTS for c in child.children):
                return span_clause(child, noun)
    if (beside := _find_clause_behind(noun)) is not None:
        return beside
    head = noun.head
    if noun.dep_ in cues.REFERRING_SUBJECTS and noun.i < head.i and cues.find_lemma(head) in cues.SEEMING:
        head = next((c for c in head.children if c.dep_ == "xcomp" and c.i > head.i), head)  # "your claim seems to be"
    if noun.dep_ in cues.REFERRING_SUBJECTS and noun.i < head.i:
        link = next((c for c in head.children if c.dep_ == "cop" and noun.i < c.i < head.i), None)
        own = [c for c in head.children if c.dep_ in cues.REFERRING_SUBJECTS and c.i > noun.i]
        if link is not None and own:
            return _span_to_end(head, link.i + 1)
        clause = next((c for c in head.children if c.dep_ == "ccomp" and c.i > head.i), None)
        if cues.find_lemma(head) == "be" and clause is not None and is_statement(clause):
            return span_clause(clause, noun)
    if noun.dep_ == "obj" and cues.find_lemma(head) in cues.HAVING:
        clause = next((c for c in head.children if c.dep_ in {"ccomp", "advcl"} and c.i > noun.i), None)
        begins = (
            [token.lower_ for token in clause.doc[clause.left_edge.i : clause.i + 1][:2]] if clause is not None else []
        )
        if clause is not None and (begins[:1] == ["that"] or begins in (["about", "why"], ["about", "how"])):
            return span_clause(clause, noun)
    return None


def _span_to_end(head: "Token", first: int) -> Place:
    """Return a clause behind "is", up to where the author goes on, though the parser hangs its end elsewhere."""
    last = max(find_clause_end(head), find_end_by_order(head.sent, first))
    return span_tokens(head.doc, first, last)


def _is_whole(clause: "Token") -> bool:
    """Tell "the claim that it melts" from "the claim that melted"."""
    is_marked = clause.doc[clause.left_edge.i].dep_ == "mark"
    return is_marked or any(c.dep_ in cues.REFERRING_SUBJECTS and c.lower_ != "that" for c in clause.children)


def _find_clause_behind(noun: "Token") -> Place | None:
    """Return the clause right behind a noun that is hung higher: "it rests on your belief that P"."""
    head = noun.head
    above = head.head if head.dep_ == "xcomp" else head
    for child in (*head.children, *above.children):
        begins = child.left_edge.i
        while child.i > noun.i and not child.doc[begins].is_alpha and begins < child.i:
            begins += 1
        is_next = begins > noun.i and not any(token.is_alpha for token in child.doc[noun.i + 1 : begins])
        if (
            is_next
            and child.doc[begins].lower_ == "that"
            and child.doc[begins].dep_ == "mark"
            and child.dep_ in _CLAUSES
        ):
            return span_tokens(child.doc, begins, find_clause_end(child))
    return None


def _find_content_by_order(sentence: "Span", noun: "Token") -> Place | None:
    """Return the content of "the opposite view — that P", "one prediction you made is that P"."""
    doc, first = noun.doc, noun.i + 1
    while first < sentence.end and (doc[first].text in _DASHES or doc[first].is_space):
        first += 1
    if first + 2 >= sentence.end or doc[first].lower_ != "that" or doc[first + 1].tag_ in cues.FINITE:
        return None
    if first == noun.i + 1 and doc[first].dep_ != "mark":  # "I don't know your view that well"
        return None
    return _find_clause_after(sentence, first + 1)


def _find_haver(noun: "Token") -> "Token | None":
    """Return who has a view that has no owner: "Ana has the feeling that", "Bo is under the impression that"."""
    if noun.dep_ in {"obj", "xcomp", "ccomp"} and cues.find_lemma(noun.head) in cues.HAVING:
        return find_subject(noun.head)
    if find_case(noun) in {"of", "under"}:
        return next((c for c in noun.children if c.dep_ in cues.REFERRING_SUBJECTS), None)
    if noun.dep_ == "nmod" and noun.head.dep_ in {"obl", "obj"}:
        noun = noun.head
    if noun.dep_ == "obl" and find_case(noun) in {"between", "with", "from", "on"}:
        subject = find_subject(noun.head)
        return subject if subject is not None and subject.lower_ in {"you", "he", "she", "they"} else None
    return None


def _is_agreed(noun: "Token") -> bool:
    """Tell whether the author takes a view for his own too: "I agree with Ana's claim that P"."""
    head = noun.head
    if cues.find_lemma(head) not in cues.AGREEING or any(c.lower_ in cues.NOT for c in head.children):
        return False
    subject = find_subject(head)
    return subject is not None and subject.lower_ in {"i", "we"}


def _find_quotation_beside(sentence: "Span", noun: "Token") -> Place | None:
    """Return the quotation that says what a view is: 'retorts along the lines of "P"', 'his "P" claim'."""
    offset = sentence.start_char
    text = sentence.text
    start, end = noun.idx - offset, noun.idx + len(noun.text) - offset
    for match in QUOTED.finditer(text):
        if len(match[0].split()) < 4:
            continue
        after = match.start() >= end and match.start() - end < 40 and text[end : match.start()]
        if after is not False and len(after.split()) > 0 and _LIKE.fullmatch(after.strip() + " "):
            return offset + match.start(), offset + match.end()
        if match.end() <= start and not text[match.end() : start].strip():
            return offset + match.start(), offset + match.end()
    return None


def find_by_phrase(sentence: "Span", token: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find "according to Marcus, P"."""
    if token.lower_ != "according" or token.i + 2 >= sentence.end or token.nbor(1).lower_ != "to":
        return
    holder = (
        token.head
        if token.dep_ in {"case", "mark"}
        else next((c for c in token.children if c.pos_ in {"NOUN", "PROPN", "PRON"}), None)
    )
    if holder is None or not sentence.start <= holder.i < sentence.end:
        return
    doc = sentence.doc
    last = max(right.i for right in holder.subtree if right.i >= holder.i) if holder.i > token.i else token.i + 1
    if token.i == sentence.start:
        comma = next((i for i in range(token.i, min(last + 2, sentence.end)) if doc[i].text == ","), None)
        last = comma if comma is not None else last
        start, end = last + 1, sentence.end
    else:
        before, after = (sentence.start, token.i), (last + 1, sentence.end)
        is_set_off = doc[last].text == "," or (last + 1 < sentence.end and doc[last + 1].text == ",")
        breaks = [i for i in range(sentence.start, token.i) if doc[i].text in {";", ":", "—"}]
        if is_set_off and breaks and token.i - breaks[-1] <= _FEW_WORDS:  # "…; so, according to Ana, P"
            before, after = (0, 0), (last + 1, find_end_by_order(sentence, last + 1) + 1)
        start, end = after if is_set_off and after[1] - after[0] > before[1] - before[0] else before
    if start < end:
        report = make_report(sentence, known, holder, holder, span_tokens(doc, start, end - 1))
        cue = (token.idx, token.nbor(1).idx + len(token.nbor(1).text))
        yield replace(report, cue=cue, denied=False)


def find_by_perspective(sentence: "Span", noun: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find "on Ana's view P", "from your perspective P", "in the Paulverse P", "for Ana, P"."""
    case = find_case(noun)
    owner: Token | None
    if _WORLD.fullmatch(noun.text) and not _NO_WORLD.fullmatch(noun.text):
        owner = noun if case in cues.OVER else None
    elif case == "for":
        owner = noun if _is_set_off(sentence, noun) and (noun.lower_ in known or noun.lower_ in _SECTS) else None
    elif case in cues.OVER and cues.find_lemma(noun) in cues.PERSPECTIVES | cues.MODELS:
        owner = find_owner(noun) or _find_school(noun)
        is_model = cues.find_lemma(noun) in cues.MODELS
        is_whose = owner is not None and (is_named(owner, known) or owner.lower_ in _WHOSE)
        if owner is not None and is_model and not (is_whose or case in {"on", "under", "by"}):
            owner = None
    else:
        return
    if owner is None or not noun.dep_.startswith(("obl", "nmod", "advmod", "advcl")) or noun.head.i == noun.i:
        return
    governor = noun.head
    while governor.pos_ in {"NOUN", "PROPN", "PRON"} and governor.head.i != governor.i and not _is_predicate(governor):
        governor = governor.head
    first = noun.left_edge.i
    before = sentence.doc[max(first - 1, 0)]
    is_over = first <= governor.left_edge.i + 1 or before.text in {",", "(", "—", "-"} or before.lower_ in _LEADING
    content = None
    if governor.i < first and (before.lower_ in _LEADING or before.i == governor.i):
        content = _find_clause_after(sentence, noun.right_edge.i + 1)  # "I think on your view it melts"
        is_over = is_over or content is not None
    content = content or find_clause_beside(sentence, governor, first, noun.right_edge.i)
    if content is None or not is_over:  # "it has an impact on your view" tells none
        return
    report = make_report(sentence, known, noun, owner, content)
    is_somebodys = (
        (owner.head.i == noun.i and owner.dep_ in _KINDS)
        or owner.i == noun.i
        or owner.lower_ == "your"
        or is_holder(owner, known)
    )
    yield replace(report, somebody=is_somebodys, denied=False)


def _find_clause_after(sentence: "Span", first: int) -> Place | None:
    doc = sentence.doc
    first += first < sentence.end and doc[first].text == ","
    last = find_end_by_order(sentence, first)
    near = doc[first : min(first + _NEAR_VERB, last + 1)]
    return span_tokens(doc, first, last) if any(token.tag_ in cues.FINITE for token in near) else None


def _find_school(noun: "Token") -> "Token | None":
    """Return what says whose a view is where nobody owns it: "on the conventional view", "on the Bayesian account"."""
    if find_case(noun) == "from" and any(c.lower_ == "the" for c in noun.children):
        return next((c for c in noun.children if c.dep_ in _KINDS and c.i < noun.i), None)
    if find_case(noun) not in {"on", "under"} or cues.find_lemma(noun) not in {"view", "account", "picture", "reading"}:
        return None
    kinds = (c for c in noun.children if c.dep_ in _KINDS and c.i < noun.i)
    return next((c for c in kinds if c.lower_ in cues.COMMON or c.text[:1].isupper()), None)


def _is_set_off(sentence: "Span", noun: "Token") -> bool:
    """Tell whether "For Ana, …" opens a sentence or a clause."""
    after = noun.right_edge.i + 1
    first = noun.left_edge.i
    opens = first == sentence.start or sentence.doc[first - 1].text in {",", ";", "—", "and", "but", "that"}
    return opens and after < sentence.end and "," in {sentence.doc[after].text, noun.right_edge.text}


def _is_predicate(token: "Token") -> bool:
    return any(child.dep_ in cues.REFERRING_SUBJECTS or child.dep_ == "cop" for child in token.children)
