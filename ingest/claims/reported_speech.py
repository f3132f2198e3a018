"""Whose view a clause tells: "Eliezer thinks that P", "as Paul argued, P", "P, Ana says", "according to Bo, P".

Works on a dependency parse with Universal Dependencies labels. A report has a source (who), a cue (thinks, according
to) and a content (P), as in PARC and PolNeAR (Newell et al. 2018). What the author says of himself ("I think that
P") is no report, only a hedge.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

# Verbs that tell what somebody says, thinks or feels to be so. Lemmas.
_SAYING = frozenset(
    """accept acknowledge add admit advise affirm agree allege announce answer anticipate argue ask assert assume
    assure believe bet boast caution claim comment complain concede conclude confirm conjecture consider contend
    declare decide decry demand deny describe disclose dispute doubt emphasize emphasise estimate exclaim expect
    explain fear feel figure find forecast foresee gather guess hint hold hope hypothesize imagine imply
    indicate infer insist intimate joke judge know lament learn maintain mean mention note notice object observe
    opine point posit predict presume pretend proclaim project promise propose quip read realize realise reason
    recall recognize recognise recommend reckon recount reiterate relate remark remember repeat reply report
    respond retort reveal rule say see sense show signal speculate state stress submit suggest suppose surmise
    suspect swear tell testify theorize think threaten tweet understand urge view vow warn wonder worry write
    conceive advocate prophesy endorse quote""".split()
)
_INTENDING = frozenset(
    "claim vow promise threaten refuse pledge hope want plan intend agree decide expect swear".split()
)
_CALLING = frozenset("call describe characterize characterise label dismiss portray regard brand denounce".split())
# Verbs by which an author grants what is told: "Ana showed that P" is his own claim too.
_FACTIVE = frozenset(
    """acknowledge admit concede confirm disclose discover explain find forget know learn notice observe prove read
    realize realise recall recognize recognise relate remember remind reveal see sense show understand mean
    signal indicate demonstrate figure wonder ask determine decide ensure imply hear judge sure hope fear worry
    want wish like love care imagine feel suppose pretend""".split()
)
_PEOPLE = frozenset(
    """people person folks folk guy guys man men woman women everyone everybody someone somebody anyone most many
    some others other few several both author authors writer writers researcher researchers scientist scientists
    philosopher philosophers economist economists critic critics skeptic skeptics sceptic sceptics proponent
    proponents opponent opponents advocate advocates supporter supporters commenter commenters commentator
    commentators poster op user users rationalist rationalists ea eas alignment-researcher doomer doomers
    optimist optimists pessimist pessimists expert experts friend friends colleague colleagues reviewer
    reviewers engineer engineers mathematician mathematicians biologist physicist academic academics paper
    papers post posts article articles essay essays study studies survey report book comment reply abstract
    community crowd camp side team lab labs company companies public he she they those majority minority""".split()
)
_NOBODY = frozenset(
    "you one we i it this that which there what these ai agi agent system model program algorithm".split()
)
_YOU_SAY = frozenset("say claim argue mention suggest think believe write note state assert propose contend".split())
_MODAL = frozenset("would could might may can will should must 'd ’d 'll ’ll".split())

# Nouns whose complement clause is somebody's view.
_VIEWS = frozenset(
    """claim view belief argument thesis idea assertion statement contention suggestion point opinion position
    hypothesis conclusion prediction theory fear worry concern hope expectation suspicion conviction assumption
    proposal allegation feeling sense intuition impression take guess warning report assessment estimate
    doubt""".split()
)
_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj"})
_FIRST = frozenset({"i", "we", "me", "us", "my", "our", "mine", "ours", "myself"})
_IMPERSONAL = frozenset({"it", "this", "that", "which", "there", "what", "these", "those"})
_NOT = frozenset({"not", "n't", "n’t", "never", "no", "nobody", "none", "neither", "hardly"})
_CONDITION = frozenset({"if", "unless", "whether", "when", "whenever", "suppose", "supposing", "assuming"})


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody's view, in characters of the Doc. `source` is None where nobody is named ("it is claimed that").

    `denied`: that he does *not* hold it ("Ana doesn't think that P"). `own`: the author speaks of himself. `supposed`:
    inside a question or a condition, so that nobody is said to hold it. `somebody`: people are said to hold it, and as
    an opinion ("Ana claims", "people here think", "it is argued"; not "the proof shows", "the agent believes").
    """

    cue: tuple[int, int]
    content: tuple[int, int]
    source: tuple[int, int] | None = None
    denied: bool = False
    own: bool = False
    supposed: bool = False
    somebody: bool = False


def find_reports(text: str, sentences: "Sequence[Span]", known: frozenset[str] = frozenset()) -> list[Report]:
    """Find the views told in a paragraph: those of each sentence, where quoted speech counts to its closing mark.

    `text` is the text of the paragraph's Doc; `known` are words (lower case) that are names here.
    '"It fails. It must," Ana said. "Wait."' is one content, though it is several sentences.
    """
    quotes = [match.span() for match in _QUOTED.finditer(text)]
    reports: list[Report] = []
    for sentence in sentences:
        for report in find_sentence_reports(sentence, known):
            if any(start < report.cue[0] < end for start, end in quotes):
                reports.append(report)  # told within somebody's speech
                continue
            start, end = report.content
            beside = [q for q in quotes if _is_overlapping(q, (start, end)) or _is_adjoining(text, q, report.cue)]
            if beside and any(q[0] <= start + 1 or q[1] + 1 >= end for q in beside if _is_overlapping(q, (start, end))):
                start, end = min(start, *(q[0] for q in beside)), max(end, *(q[1] for q in beside))
            whole = replace(report, content=(start, end))
            if all(other.content != whole.content for other in reports):
                reports.append(whole)
    return reports


def _is_overlapping(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span[0] < other[1] and other[0] < span[1]


def _is_adjoining(text: str, quote: tuple[int, int], cue: tuple[int, int]) -> bool:
    """Tell whether a quotation goes on right after "Ana said" or ends right before it."""
    start = quote[0]
    after = text[cue[1] : start] if start >= cue[1] else None
    return after is not None and len(after) < 60 and bool(re.fullmatch(r"[^.!?“\"]{0,50}[.,:]?\s*", after))


def find_sentence_reports(sentence: "Span", known: frozenset[str] = frozenset()) -> list[Report]:
    """Find the views told in a sentence, outermost first."""
    reports: list[Report] = []
    for token in sentence:
        if token.lemma_.lower() not in _CUES and token.lower_ != "according":
            continue
        for report in (way for find in _WAYS for way in find(sentence, token, known)):
            if report.content[0] < report.content[1] and not any(r.content == report.content for r in reports):
                reports.append(report)
    return sorted(reports, key=lambda report: report.content[0] - report.content[1])


def _by_verb(sentence: "Span", verb: "Token", known: frozenset[str]) -> Iterator[Report]:
    if verb.pos_ not in {"VERB", "AUX"} or verb.lemma_.lower() not in _SAYING | _INTENDING | _CALLING:
        return
    subject = _subject(verb)
    clause = next((c for c in verb.children if c.dep_ == "ccomp"), None)
    if clause is None and verb.lemma_.lower() in _INTENDING:
        clause = next((c for c in verb.children if c.dep_ == "xcomp" and c.pos_ == "VERB"), None)
    if clause is not None and _is_view(clause):
        yield _report(sentence, known, verb, subject, _subtree(clause, verb))
    elif verb.dep_ in {"parataxis", "advcl"} and verb.head.i != verb.i and _is_aside(verb):
        # "P, Ana says" and "as Paul argued, P": the view is the clause around.
        yield _report(sentence, known, verb, subject, _find_larger_part(sentence, verb))
    elif clause is None and subject is not None and (quoted := _find_quoted(sentence, verb)) is not None:
        yield _report(sentence, known, verb, subject, quoted)
    elif clause is None and subject is not None and (named := _find_predicated(verb)) is not None:
        yield _report(sentence, known, verb, subject, named)


def _find_predicated(verb: "Token") -> tuple[int, int] | None:
    """Return the content of "calls P a hoax" and "described it as harmless"."""
    if verb.lemma_.lower() not in _CALLING:
        return None
    what = next((c for c in verb.children if c.dep_ == "obj"), None)
    as_what = next((c for c in verb.children if c.dep_ in {"xcomp", "obl", "advcl"} and c.i > verb.i), None)
    if what is None or as_what is None or (as_what.dep_ != "xcomp" and _case(as_what) != "as"):
        return None
    first, last = what.left_edge.i, as_what.right_edge.i
    return verb.doc[first].idx, verb.doc[last].idx + len(verb.doc[last].text)


def _is_view(clause: "Token") -> bool:
    """Leave out "I know what he does" and "see how it works": no view is told."""
    first = clause.doc[clause.left_edge.i]
    return first.lower_ not in {"what", "how", "who", "whom", "where", "why", "whether", "if", "which", "when"}


def _is_aside(verb: "Token") -> bool:
    if verb.dep_ == "parataxis":
        return verb.i > verb.head.i or _subject(verb) is not None
    marks = [child.lower_ for child in verb.children if child.dep_ in {"mark", "advmod"}]
    return "as" in marks and _subject(verb) is not None


def _subject(verb: "Token") -> "Token | None":
    own = next((c for c in verb.children if c.dep_ in _SUBJECTS), None)
    if own is None and verb.dep_ == "conj" and verb.head.pos_ in {"VERB", "AUX"}:
        own = next((c for c in verb.head.children if c.dep_ in _SUBJECTS), None)
    if own is not None and own.lower_ in {"who", "whom"} and verb.dep_ == "acl:relcl":
        return verb.head  # "those who think that P"
    if own is not None and own.dep_ == "nsubj:pass":  # "it is argued by Ana that"
        agent = next((c for c in verb.children if c.dep_ in {"obl:agent", "obl"} and _case(c) == "by"), None)
        return agent or (None if own.lower_ in _IMPERSONAL else own)
    return own


def _case(noun: "Token") -> str:
    return next((child.lower_ for child in noun.children if child.dep_ == "case"), "")


def _report(
    sentence: "Span", known: frozenset[str], cue: "Token", source: "Token | None", content: tuple[int, int]
) -> Report:
    doc = sentence.doc
    governing = {cue.i, *(child.i for child in cue.children)}
    denied = any(doc[i].lower_ in _NOT for i in governing) or bool(source is not None and source.lower_ in _NOT)
    own = source is not None and any(
        token.lower_ in _FIRST for token in source.subtree if token.i == source.i or token.dep_ == "nmod:poss"
    )
    return Report(
        cue=_cue(cue),
        content=_trim_content(sentence, content),
        source=None if source is None or source.lower_ in _IMPERSONAL else _noun_phrase(doc, source),
        denied=denied,
        own=own,
        supposed=_is_supposed(sentence, cue),
        somebody=_is_somebodys(cue, source, known),
    )


def _is_somebodys(cue: "Token", source: "Token | None", known: frozenset[str]) -> bool:
    if cue.lemma_.lower() in _FACTIVE or cue.head.lower_ in {"what", "whatever"}:
        return False  # "what Claude says it would do" tells no view
    if source is None:
        return any(c.dep_ == "nsubj:pass" and c.lower_ == "it" for c in cue.children)
    modal = any(child.dep_ == "aux" and child.lower_ in _MODAL for child in cue.children)
    if source.lower_ == "you":
        # "a point at which you think that P": anybody
        return not modal and cue.dep_ not in {"acl:relcl", "advcl:relcl"} and cue.lemma_.lower() in _YOU_SAY
    if source.lower_ in _NOBODY:
        return False
    if source.lower_ in _PEOPLE:
        return source.i == source.left_edge.i or not source.doc[source.left_edge.i].lower_.startswith("wh")
    name = source.pos_ == "PROPN" and source.text[:1].isupper() and len(source.text) > 2
    # A lone capital at the start of a sentence may be any word that the tagger does not know.
    return name and (source.i != source.sent.start or source.right_edge.i > source.i or source.lower_ in known)


def _is_supposed(sentence: "Span", cue: "Token") -> bool:
    """Tell whether the report stands in a question or in a condition."""
    if sentence.text.rstrip(" \"'”’)]").endswith("?"):
        return True
    verb = cue
    while True:
        leads = (child for child in verb.children if child.dep_ in {"mark", "advmod"} and child.i < verb.i)
        if any(child.lower_ in _CONDITION for child in leads):
            return True
        if verb.head.i == verb.i:
            return False
        verb = verb.head


def _cue(verb: "Token") -> tuple[int, int]:
    helpers = [c for c in verb.children if c.i < verb.i and (c.dep_.startswith("aux") or c.lower_ in _NOT)]
    first = min([verb.i, *(token.i for token in helpers)])
    particle = next((c for c in verb.children if c.dep_ == "compound:prt" and c.i == verb.i + 1), verb)
    return verb.doc[first].idx, particle.idx + len(particle.text)


def _subtree(clause: "Token", verb: "Token") -> tuple[int, int]:
    """Return the characters of a clause, without what its governing verb brackets out of it ("P, Ana says, and Q")."""
    doc = clause.doc
    first, last = clause.left_edge.i, clause.right_edge.i
    if first <= verb.i <= last:
        first, last = (first, verb.i - 1) if clause.i < verb.i else (verb.i + 1, last)
    return doc[first].idx, doc[last].idx + len(doc[last].text)


def _find_larger_part(sentence: "Span", verb: "Token") -> tuple[int, int]:
    """Return the larger part of the sentence beside an aside."""
    doc = sentence.doc
    first, last = verb.left_edge.i, verb.right_edge.i
    before = (sentence.start, first)
    after = (last + 1, sentence.end)
    start, end = max(before, after, key=lambda part: part[1] - part[0])
    if start >= end:
        return 0, 0
    return doc[start].idx, doc[end - 1].idx + len(doc[end - 1].text)


_QUOTED = re.compile(r"“[^”]{8,}”|\"[^\"]{8,}\"")


def _find_quoted(sentence: "Span", verb: "Token") -> tuple[int, int] | None:
    """Return the quotation in a sentence whose verb has no clause: 'It fails," Ana said'."""
    quotations = [match for match in _QUOTED.finditer(sentence.text)]
    offset = sentence.start_char
    outside = [m for m in quotations if not m.start() <= verb.idx - offset < m.end()]
    if not outside:
        return None
    longest = max(outside, key=lambda match: match.end() - match.start())
    return offset + longest.start(), offset + longest.end()


def _by_noun(sentence: "Span", noun: "Token", known: frozenset[str]) -> Iterator[Report]:
    """Find "Nora's claim that P"."""
    if noun.pos_ != "NOUN" or noun.lemma_.lower() not in _VIEWS:
        return
    owner = next((c for c in noun.children if c.dep_ == "nmod:poss"), None)
    owner = owner or next((c for c in noun.children if c.dep_ == "nmod" and _case(c) in {"of", "by", "from"}), None)
    clause = next(
        (
            c
            for c in noun.children
            if c.dep_ in {"acl", "acl:relcl", "ccomp"} and c.i > noun.i and c.doc[c.left_edge.i].lower_ == "that"
        ),
        None,
    )
    if owner is not None and clause is not None and any(c.dep_ in _SUBJECTS for c in clause.children):
        yield _report(sentence, known, noun, owner, _subtree(clause, noun))
    elif (
        owner is not None
        and _case(noun) in {"in", "on"}
        and noun.lemma_ in {"view", "opinion", "telling", "estimation"}
    ):
        rest = _find_larger_part(sentence, noun)
        if rest != (0, 0):
            yield _report(sentence, known, noun, owner, rest)


def _by_phrase(sentence: "Span", token: "Token", known: frozenset[str]) -> Iterator[Report]:
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
        content = (doc[start].idx, doc[end - 1].idx + len(doc[end - 1].text))
        report = _report(sentence, known, holder, holder, content)
        cue = (token.idx, token.nbor(1).idx + len(token.nbor(1).text))
        yield replace(report, cue=cue, denied=False)


def _noun_phrase(doc: "Doc", noun: "Token") -> tuple[int, int]:
    """Return a noun with what stands before it and its name; not the clauses behind it."""
    tokens = [noun.i]
    for child in noun.children:
        if child.dep_ in {"case", "punct"} or child.dep_.startswith(("acl", "appos", "parataxis", "cc:preconj")):
            continue
        tokens.extend(t.i for t in child.subtree)
    first, last = min(tokens), max(tokens)
    return doc[first].idx, doc[last].idx + len(doc[last].text)


def _trim_content(sentence: "Span", content: tuple[int, int]) -> tuple[int, int]:
    start, end = content
    inside = sentence.start_char <= start and end <= sentence.end_char
    text, offset = (sentence.text, sentence.start_char) if inside else (sentence.doc.text, 0)
    while start < end and text[start - offset] in " \n\t,;:—–-":
        start += 1
    while end > start and text[end - 1 - offset] in " \n\t,;:—–-":
        end -= 1
    return start, end


def skip_that(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out the "that" that leads over to a view.

    >>> skip_that("that it rains", 0, 13)
    (5, 13)
    """
    led = re.match(r"(?:that|how)\s+", text[start:end], re.IGNORECASE)
    return (start + led.end(), end) if led else (start, end)


_WAYS = (_by_verb, _by_noun, _by_phrase)
_CUES = _SAYING | _INTENDING | _CALLING | _VIEWS  # without one of these lemmas, or "according", no way finds anything
