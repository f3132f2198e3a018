"""How a sentence tells somebody's view, over its parse: by a verb, an adjective, a noun, or a phrase over a clause."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.claims import report_cues as cues
from ingest.claims.report import Report
from ingest.claims.view_holders import find_case, find_owner, find_subject, is_first_person, is_holder, is_named

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

Place = tuple[int, int]

QUOTED = re.compile(r"“[^”]{8,}”|\"[^\"]{8,}\"")
_WORLD = re.compile(r"[A-Z][\w'’-]+(?:verse|topia)")
_NO_WORLD = re.compile(r"(?:Uni|Multi|Meta|Omni|Con|In|Re|Tra|Ad|Di|Per|Ob|U|Dys|Eu)(?:verse|topia)")
_LIKE = re.compile(r"(?:,\s*)?(?:(?:along|on) the lines of|to the effect that|such as|like|:|that)?[\s,:]*")


# --- by a verb


def find_by_verb(sentence: "Span", verb: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find "Ana thinks that P", "P, Ana says", "as Ana argued, P", "I take you to be saying that P"."""
    lemma = verb.lemma_.lower()
    if verb.pos_ not in {"VERB", "AUX"} or lemma not in cues.SAYING | cues.INTENDING | cues.CALLING:
        return
    subject = find_subject(verb)
    clauses = [c for c in verb.children if c.dep_ == "ccomp"]
    intended = None
    if not clauses and lemma in cues.INTENDING:
        intended = next((c for c in verb.children if c.dep_ == "xcomp" and c.pos_ == "VERB"), None)
    if clauses and _tells_view(clauses[0]):
        first = _subtree(clauses[0], verb)
        later = [_subtree(c, verb) for c in clauses[1:] if c.i > clauses[0].i > verb.i]
        yield _report(sentence, known, verb, subject, (first[0], max([first[1], *(end for _, end in later)])))
    elif intended is not None and _tells_view(intended):
        report = _report(sentence, known, verb, subject, _subtree(intended, verb))
        yield report if lemma in {"claim", "purport", "profess"} else replace(report, somebody=False)
    elif verb.dep_ in {"parataxis", "advcl"} and verb.head.i != verb.i and _is_aside(verb):
        # "P, Ana says" and "as Paul argued, P": the view is the clause around.
        yield _report(sentence, known, verb, subject, _find_larger_part(sentence, verb))
    elif not clauses and subject is not None and (quoted := _find_quoted(sentence, verb)) is not None:
        yield _report(sentence, known, verb, subject, quoted)
    elif not clauses and subject is not None and (named := _find_predicated(verb)) is not None:
        yield replace(_report(sentence, known, verb, subject, named), somebody=False)


def _find_predicated(verb: "Token") -> Place | None:
    """Return the content of "calls P a hoax" and "described it as harmless"."""
    if verb.lemma_.lower() not in cues.CALLING:
        return None
    what = next((c for c in verb.children if c.dep_ == "obj"), None)
    as_what = next((c for c in verb.children if c.dep_ in {"xcomp", "obl", "advcl"} and c.i > verb.i), None)
    if what is None or as_what is None or (as_what.dep_ != "xcomp" and find_case(as_what) != "as"):
        return None
    return _stretch(verb.doc, what.left_edge.i, as_what.right_edge.i)


def _tells_view(clause: "Token") -> bool:
    """Leave out "I know what he does" and "see how it works": no view is told."""
    return clause.doc[clause.left_edge.i].lower_ not in cues.ASKING_WORDS


def _is_aside(verb: "Token") -> bool:
    if verb.dep_ == "parataxis":
        return verb.i > verb.head.i or find_subject(verb) is not None
    marks = [child.lower_ for child in verb.children if child.dep_ in {"mark", "advmod"}]
    return "as" in marks and find_subject(verb) is not None


def _find_quoted(sentence: "Span", verb: "Token") -> Place | None:
    """Return the quotation in a sentence whose verb has no clause: 'It fails," Ana said'."""
    offset = sentence.start_char
    outside = [m for m in QUOTED.finditer(sentence.text) if not m.start() <= verb.idx - offset < m.end()]
    if not outside:
        return None
    longest = max(outside, key=lambda match: match.end() - match.start())
    return offset + longest.start(), offset + longest.end()


def find_by_following(sentence: "Span", verb: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find "as I understand you, P", "if I read Ana right, P": hers, as the author understands it."""
    if verb.dep_ != "advcl" or verb.lemma_.lower() not in cues.FOLLOWING or verb.head.i == verb.i:
        return
    marks = {child.lower_ for child in verb.children if child.dep_ in {"mark", "advmod"}}
    subject = find_subject(verb)
    followed = next((c for c in verb.children if c.dep_ == "obj"), None)
    if not marks & {"as", "if"} or subject is None or subject.lower_ not in {"i", "we"} or followed is None:
        return
    holder = find_owner(followed) or followed
    if holder.lower_ not in {"you", "your"} and not is_holder(holder, known):
        return
    content = _find_clause_beside(sentence, verb.head, verb.left_edge.i, verb.right_edge.i)
    if content is not None:
        report = _report(sentence, known, verb, holder, content)
        asks = sentence.text.rstrip(" \"'”’)]").endswith("?")
        yield replace(report, own=False, supposed=asks, somebody=True, denied=False)


# --- by an adjective or a noun


def find_by_adjective(sentence: "Span", adjective: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find "Ana is convinced that P"."""
    lemma = adjective.lemma_.lower()
    if adjective.pos_ not in {"ADJ", "VERB"} or lemma not in cues.CONVINCED and adjective.lower_ not in cues.CONVINCED:
        return
    clause = next((c for c in adjective.children if c.dep_ in {"ccomp", "advcl"} and c.i > adjective.i), None)
    subject = find_subject(adjective)
    if clause is None or subject is None or clause.doc[clause.left_edge.i].lower_ != "that":
        return
    report = _report(sentence, known, adjective, subject, _subtree(clause, adjective))
    yield replace(report, denied=report.denied or lemma in cues.DOUBTFUL)


def find_by_noun(sentence: "Span", noun: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find "Nora's claim that P", "her view is that P", "Nora has the intuition that P"."""
    lemma = noun.lemma_.lower()
    if noun.pos_ not in {"NOUN", "VERB"} or lemma not in cues.VIEWS | cues.UNDERSTANDING:
        return
    owner = find_owner(noun)
    if owner is None and lemma in cues.UNDERSTANDING - cues.VIEWS:
        return
    content = _find_content(noun)
    is_common = any(child.dep_ == "amod" and child.lower_ in cues.COMMON for child in noun.children)
    if owner is None and content is not None:
        owner = _find_haver(noun)
    if content is not None and (owner is not None or is_common):
        report = _report(sentence, known, noun, owner, content)
        if owner is None:
            report = replace(report, somebody=True, source=_noun_phrase(noun.doc, noun))
        is_presupposed = owner is not None and owner.dep_ == "nmod:poss"
        if is_presupposed:  # "how much rests on your belief that P?": that he believes it is not asked
            report = replace(report, supposed=False)
        yield replace(report, somebody=report.somebody and not _is_agreed(noun))
    elif (quoted := _find_quotation_beside(sentence, noun)) is not None:
        owner = owner or _find_haver(noun)
        report = _report(sentence, known, noun, owner, quoted)
        yield replace(report, somebody=owner is None or report.somebody)


def _find_content(noun: "Token") -> Place | None:
    """Return the clause that says what a view is: "the claim that P", "his claim is that P", "his view: P"."""
    for child in noun.children:
        first = child.doc[child.left_edge.i].lower_
        is_clause = child.dep_ in {"acl", "acl:relcl", "ccomp"} and child.i > noun.i
        if is_clause and first == "that" and any(c.dep_ in cues.SUBJECTS and c.lower_ != "that" for c in child.children):
            return _subtree(child, noun)
        if child.dep_ in {"acl", "acl:relcl"} and first == "where" and noun.lemma_.lower() in cues.PICTURES:
            return _subtree(child, noun)
        if child.dep_ in {"appos", "parataxis"} and child.i > noun.i and child.doc[child.left_edge.i].text == ":":
            if any(c.dep_ in cues.SUBJECTS for c in child.children):
                return _subtree(child, noun)
    head = noun.head
    if noun.dep_ in cues.SUBJECTS and noun.i < head.i:
        link = next((c for c in head.children if c.dep_ == "cop" and noun.i < c.i < head.i), None)
        own = [c for c in head.children if c.dep_ in cues.SUBJECTS and c.i > noun.i]
        if link is not None and own:
            return _stretch(head.doc, link.i + 1, _end_of_clause(head))
        clause = next((c for c in head.children if c.dep_ == "ccomp" and c.i > head.i), None)
        if head.lemma_.lower() == "be" and clause is not None and _tells_view(clause):
            return _subtree(clause, noun)
    if noun.dep_ == "obj" and head.lemma_.lower() in cues.HAVING:
        clause = next((c for c in head.children if c.dep_ in {"ccomp", "advcl"} and c.i > noun.i), None)
        if clause is not None and clause.doc[clause.left_edge.i].lower_ in {"that", "about"}:
            return _subtree(clause, noun)
    return None


def _find_haver(noun: "Token") -> "Token | None":
    """Return who has a view that has no owner: "Ana has the feeling that", "Bo is under the impression that"."""
    if noun.dep_ in {"obj", "xcomp", "ccomp"} and noun.head.lemma_.lower() in cues.HAVING:
        return find_subject(noun.head)
    if find_case(noun) in {"of", "under"}:
        return next((c for c in noun.children if c.dep_ in cues.SUBJECTS), None)
    if noun.dep_ == "nmod" and noun.head.dep_ in {"obl", "obj"}:
        noun = noun.head
    if noun.dep_ == "obl" and find_case(noun) in {"between", "with", "from", "on"}:
        subject = find_subject(noun.head)
        return subject if subject is not None and subject.lower_ in {"you", "he", "she", "they"} else None
    return None


def _is_agreed(noun: "Token") -> bool:
    """Tell whether the author takes a view for his own too: "I agree with Ana's claim that P"."""
    head = noun.head
    if head.lemma_.lower() not in cues.AGREEING or any(c.lower_ in cues.NOT for c in head.children):
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


# --- by a phrase


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
        start, end = sentence.start, token.i
    if start < end:
        report = _report(sentence, known, holder, holder, _stretch(doc, start, end - 1))
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
    elif case in cues.OVER and noun.lemma_.lower() in cues.PERSPECTIVES | cues.MODELS:
        owner = find_owner(noun)
        is_model = noun.lemma_.lower() in cues.MODELS
        if owner is not None and is_model and not (is_named(owner, known) or case in {"on", "under", "by"}):
            owner = None
    else:
        return
    if owner is None or not noun.dep_.startswith(("obl", "nmod", "advmod", "advcl")) or noun.head.i == noun.i:
        return
    governor = noun.head
    while governor.pos_ in {"NOUN", "PROPN", "PRON"} and governor.head.i != governor.i and not _is_predicate(governor):
        governor = governor.head
    content = _find_clause_beside(sentence, governor, noun.left_edge.i, noun.right_edge.i)
    if content is None:
        return
    report = _report(sentence, known, noun, owner, content)
    is_somebodys = owner.i == noun.i or owner.lower_ == "your" or is_holder(owner, known)
    yield replace(report, somebody=is_somebodys, denied=False)


_SECTS = frozenset("many most some them others critics proponents".split())


def _is_set_off(sentence: "Span", noun: "Token") -> bool:
    """Tell whether "For Ana, …" opens a sentence or a clause."""
    after = noun.right_edge.i + 1
    first = noun.left_edge.i
    opens = first == sentence.start or sentence.doc[first - 1].text in {",", ";", "—", "and", "but", "that"}
    return opens and after < sentence.end and "," in {sentence.doc[after].text, noun.right_edge.text}


def _is_predicate(token: "Token") -> bool:
    return any(child.dep_ in cues.SUBJECTS or child.dep_ == "cop" for child in token.children)


# --- what is told, and how


def _report(
    sentence: "Span", known: frozenset[str], cue: "Token", source: "Token | None", content: Place
) -> Report:
    doc = sentence.doc
    lemma = cue.lemma_.lower()
    governing = {cue.i, *(child.i for child in cue.children)}
    if cue.dep_ == "xcomp":
        governing |= {child.i for child in cue.head.children}  # "they don't seem to think that P"
    negated = any(doc[i].lower_ in cues.NOT for i in governing)
    whose = source is not None and source.lower_ not in cues.IMPERSONAL
    asked, imagined = _find_supposition(sentence, cue)
    somebody = _is_somebodys(cue, source, known)
    if negated and cue.pos_ in {"VERB", "AUX"} and lemma not in cues.NEG_RAISING | cues.DENYING:
        somebody = False  # "Ana doesn't say that P": told of nobody
    if source is not None and source.lower_ in cues.NOT or any(t.lower_ in cues.NOT for t in _determiners(source)):
        negated, somebody = True, False  # "nobody thinks that P"
    return Report(
        cue=_cue(cue),
        content=_trim_content(sentence, content),
        source=_noun_phrase(doc, source) if source is not None and whose else None,
        denied=negated or lemma in cues.DENYING,
        own=source is not None and is_first_person(source),
        supposed=asked,
        imagined=imagined,
        somebody=somebody,
    )


def _determiners(source: "Token | None") -> "list[Token]":
    return [] if source is None else [child for child in source.children if child.dep_ == "det"]


def _is_somebodys(cue: "Token", source: "Token | None", known: frozenset[str]) -> bool:
    lemma = cue.lemma_.lower()
    is_verb = cue.pos_ in {"VERB", "AUX"}
    if is_verb and (lemma in cues.GRANTING or _points_out(cue)) or cue.head.lower_ in {"what", "whatever"}:
        return False  # "what Claude says it would do" tells no view
    if source is None:
        return any(c.dep_ in {"nsubj:pass", "expl"} and c.lower_ == "it" for c in cue.children) and cue.tag_ == "VBN"
    modals = {child.lower_ for child in cue.children if child.dep_ == "aux" and child.lower_ in cues.MODAL}
    if source.lower_ in {"you", "one"} and is_verb:
        return _is_yours(cue, source, modals)
    if modals and is_verb and not modals & cues.WOULD:
        return "will" in modals and is_holder(source, known)
    if source.lower_ in {"you", "your"}:
        return True  # whose view a noun names
    if is_verb and source.lemma_.lower() in cues.STANCES and source.lower_ not in cues.PEOPLE:
        return lemma in {"say", "hold", "go", "claim", "think"} and (source.dep_ != "obl")
    return is_holder(source, known)


def _points_out(cue: "Token") -> bool:
    return cue.lemma_.lower() == "point" and any(child.lower_ == "out" for child in cue.children)


def _is_yours(cue: "Token", source: "Token", modals: set[str]) -> bool:
    """Tell whether "you" or "one" holds a view: not "a point at which you think that P", which is anybody."""
    lemma = cue.lemma_.lower()
    if modals:
        asked_how = any(c.dep_ == "advmod" and c.lower_ in {"how", "why"} for c in cue.children)
        if modals <= {"can", "could"} and asked_how and source.lower_ == "you":
            return lemma in cues.YOU_SAY  # "I don't see how you can think that P"
        return bool(modals & cues.MIGHT) and not modals & {"'d", "’d"} and lemma in cues.ONE_MIGHT and (
            source.lower_ == "one" or not modals & {"could", "would"}
        )
    if source.lower_ == "one" or lemma not in cues.YOU_SAY:
        return False
    if cue.dep_ in {"acl:relcl", "advcl:relcl"} and cue.lemma_ not in {"say", "claim", "argue", "suggest"}:
        return False
    conditions = (c for c in cue.children if c.dep_ == "advcl" and c.i < cue.i)
    return not any(c.doc[c.left_edge.i].lower_ in cues.CONDITION for c in conditions)


def _find_supposition(sentence: "Span", cue: "Token") -> tuple[bool, bool]:
    """Tell whether a view is only asked about or part of a condition, and whether it is told of nobody real."""
    modal = any(c.dep_ == "aux" and c.lower_ in cues.WOULD for c in cue.children)
    imagined = modal and cue.pos_ in {"VERB", "AUX"}
    if sentence.text.rstrip(" \"'”’)]").endswith("?"):
        return True, imagined
    verb = cue
    while True:
        leads = [c.lower_ for c in verb.children if c.dep_ in {"mark", "advmod"} and c.i < verb.i]
        if verb.i == cue.i and "whether" in leads and cue.lemma_.lower() in {"say", "claim", "argue", "suggest"}:
            imagined = True  # "I can't tell whether you are saying that P": a reading of his words
        elif any(lead in cues.CONDITION for lead in leads):
            return True, imagined
        if verb.head.i == verb.i:
            return False, imagined
        verb = verb.head


def _cue(verb: "Token") -> Place:
    helpers = [c for c in verb.children if c.i < verb.i and (c.dep_.startswith("aux") or c.lower_ in cues.NOT)]
    first = min([verb.i, *(token.i for token in helpers)])
    particle = next((c for c in verb.children if c.dep_ == "compound:prt" and c.i == verb.i + 1), verb)
    return verb.doc[first].idx, particle.idx + len(particle.text)


def _stretch(doc: "Doc", first: int, last: int) -> Place:
    """Return the characters of the tokens first..last."""
    return doc[first].idx, doc[last].idx + len(doc[last].text)


def _subtree(clause: "Token", governor: "Token") -> Place:
    """Return the characters of a clause, without what its governing verb brackets out of it ("P, Ana says, and Q")."""
    first, last = clause.left_edge.i, clause.right_edge.i
    if first <= governor.i <= last:
        first, last = (first, governor.i - 1) if clause.i < governor.i else (governor.i + 1, last)
    return _stretch(clause.doc, first, last)


def _end_of_clause(head: "Token") -> int:
    """Return the last token of what a main clause says, before what the author adds: ", but I disagree"."""
    last = head.right_edge.i
    for child in head.children:
        if child.i < head.i or child.dep_ not in {"conj", "parataxis"}:
            continue
        begins = [t.lower_ for t in child.subtree if t.i < child.i or t.i == child.i]
        subject = next((c for c in child.children if c.dep_ in cues.SUBJECTS), None)
        is_authors = subject is not None and (subject.lower_ in cues.FIRST or begins[:1] == ["but"])
        if is_authors and "that" not in begins[:2]:
            last = min(last, child.left_edge.i - 1)
    return max(last, head.i)


def _find_clause_beside(sentence: "Span", governor: "Token", first: int, last: int) -> Place | None:
    """Return the clause of `governor` without the phrase first..last that stands over it, on its larger side."""
    left = max(governor.left_edge.i, sentence.start)
    right = min(_end_of_clause(governor), sentence.end - 1)
    left = next((c.i + 1 for c in governor.children if c.dep_ == "mark" and c.i == left and c.i < first), left)
    before, after = (left, min(first - 1, right)), (max(last + 1, left), right)
    start, end = max(before, after, key=lambda part: part[1] - part[0])
    if not left <= governor.i <= right or end - start < 1 or not start <= governor.i <= end:
        return None
    return _stretch(sentence.doc, start, end)


def _find_larger_part(sentence: "Span", verb: "Token") -> Place:
    """Return the larger part of the sentence beside an aside."""
    before = (sentence.start, verb.left_edge.i)
    after = (verb.right_edge.i + 1, sentence.end)
    start, end = max(before, after, key=lambda part: part[1] - part[0])
    return _stretch(sentence.doc, start, end - 1) if start < end else (0, 0)


def _noun_phrase(doc: "Doc", noun: "Token") -> Place:
    """Return a noun with what stands before it and its name; not the clauses behind it."""
    tokens = [noun.i]
    for child in noun.children:
        left_out = ("acl", "appos", "parataxis", "cc:preconj", "nsubj", "cop", "aux", "mark", "advcl", "ccomp")
        if child.dep_ in {"case", "punct"} or child.dep_.startswith(left_out):
            continue
        tokens.extend(t.i for t in child.subtree)
    return _stretch(doc, min(tokens), max(tokens))


def _trim_content(sentence: "Span", content: Place) -> Place:
    start, end = content
    inside = sentence.start_char <= start and end <= sentence.end_char
    text, offset = (sentence.text, sentence.start_char) if inside else (sentence.doc.text, 0)
    while start < end and text[start - offset] in " \n\t,;:—–-":
        start += 1
    while end > start and text[end - 1 - offset] in " \n\t,;:—–-.":
        end -= 1
    like = re.match(r"(?:more )?like\s+(?=[“\"])", text[start - offset : end - offset])
    return (start + like.end(), end) if like else (start, end)


RULES = (find_by_following, find_by_verb, find_by_adjective, find_by_noun, find_by_phrase, find_by_perspective)
_LEMMAS = (
    cues.SAYING | cues.INTENDING | cues.CALLING | cues.VIEWS | cues.UNDERSTANDING | cues.CONVINCED
    | cues.PERSPECTIVES | cues.MODELS | cues.FOLLOWING
)  # fmt: skip


def may_tell(token: "Token") -> bool:
    """Tell whether any rule may find something at a word."""
    return (
        token.lemma_.lower() in _LEMMAS
        or token.lower_ in cues.CONVINCED
        or token.lower_ == "according"
        or token.text.endswith(("verse", "topia"))
        or (token.i > 0 and token.nbor(-1).lower_ == "for")
    )
