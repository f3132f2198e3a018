"""A view that is told: whose, by which words, what it says, and whether anybody is said to hold it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.claims import report_cues as cues
from ingest.claims.report_places import Place, find_cue, span_noun_phrase, trim_content
from ingest.claims.view_holders import find_subject, is_first_person, is_holder

if TYPE_CHECKING:
    from spacy.tokens import Span, Token


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody's view, in characters of the Doc. `source` is None where nobody is named ("it is claimed that").

    `denied`: that he does *not* hold it ("Ana doesn't think that P"). `own`: the author speaks of himself. `supposed`:
    inside a question or a condition, so that nobody is said to hold it. `imagined`: told of nobody real, or as what
    somebody would say ("one might object that P"). `somebody`: people are said to hold it, and as an opinion ("Ana
    claims", "people here think", "it is argued"; not "the proof shows", "the agent believes").
    """

    cue: tuple[int, int]
    content: tuple[int, int]
    source: tuple[int, int] | None = None
    denied: bool = False
    own: bool = False
    supposed: bool = False
    imagined: bool = False
    somebody: bool = False

    @property
    def is_others(self) -> bool:
        """Tell whether the content is somebody else's words or thoughts, held or only asked about."""
        return not self.own and (self.somebody or self.source is not None)

    @property
    def is_view(self) -> bool:
        """Tell whether somebody other than the author is said to hold it."""
        return self.somebody and not self.own and not self.supposed


def make_report(
    sentence: "Span", known: frozenset[str], cue: "Token", source: "Token | None", content: Place
) -> Report:
    """Describe a view that `cue` tells of `source`, with `content` as its words.

    `known` are words (lower case) that are names here.
    """
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
    if (source is not None and source.lower_ in cues.NOT) or any(t.lower_ in cues.NOT for t in _determiners(source)):
        negated, somebody = True, False  # "nobody thinks that P"
    return Report(
        cue=find_cue(cue),
        content=trim_content(sentence, content),
        source=span_noun_phrase(doc, source) if source is not None and whose else None,
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
    if (is_verb and (lemma in cues.GRANTING or _points_out(cue))) or cue.head.lower_ in {"what", "whatever"}:
        return False  # "what Claude says it would do" tells no view
    if source is None:
        is_held = any(c.dep_ in {"nsubj:pass", "expl"} and c.lower_ == "it" for c in cue.children) and cue.tag_ == "VBN"
        return is_held and (lemma not in cues.SET_UP or any(c.lower_ in cues.OFTEN for c in cue.children))
    verb, modals = cue, _find_modals(cue)
    while verb.dep_ == "xcomp" and verb.head.i != verb.i:  # "you might be starting to think that P"
        verb = verb.head
        modals |= _find_modals(verb)
    if source.lower_ in {"you", "one"} and is_verb:
        return _is_yours(cue, source, modals)
    if modals and is_verb and (not modals & cues.WOULD or lemma in cues.FORESEEING):
        return "will" in modals and is_holder(source, known)
    if source.lower_ in {"you", "your"}:
        return True  # whose view a noun names
    if is_verb and source.lemma_.lower() in cues.STANCES and source.lower_ not in cues.PEOPLE:
        return lemma in {"say", "hold", "go", "claim", "think"} and (source.dep_ != "obl")
    return is_holder(source, known)


def _find_modals(verb: "Token") -> set[str]:
    return {child.lower_ for child in verb.children if child.dep_ == "aux" and child.lower_ in cues.MODAL}


def _points_out(cue: "Token") -> bool:
    return cue.lemma_.lower() == "point" and any(child.lower_ == "out" for child in cue.children)


def _is_yours(cue: "Token", source: "Token", modals: set[str]) -> bool:
    """Tell whether "you" or "one" holds a view: not "a point at which you think that P", which is anybody."""
    lemma = cue.lemma_.lower()
    if modals:
        asked_how = any(c.dep_ == "advmod" and c.lower_ in {"how", "why"} for c in cue.children)
        if modals <= {"can", "could"} and asked_how and source.lower_ == "you":
            return lemma in cues.YOU_SAY  # "I don't see how you can think that P"
        return (
            bool(modals & cues.MIGHT)
            and not modals & {"'d", "’d"}
            and lemma in cues.ONE_MIGHT
            and (source.lower_ == "one" or not modals & {"could", "would"})
        )
    if source.lower_ == "one" or lemma not in cues.YOU_SAY:
        return False
    if cue.dep_ in {"acl:relcl", "advcl:relcl"}:
        return False
    while True:
        conditions = (c for c in cue.children if c.dep_ == "advcl" and c.i < cue.i)
        if any(c.doc[c.left_edge.i].lower_ in cues.CONDITION for c in conditions):
            return False
        if cue.head.i == cue.i:
            return True
        cue = cue.head


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
        if verb.i != cue.i and verb.lemma_.lower() in cues.LET_US_SAY and find_subject(verb) is None:
            return True, imagined
        if verb.head.i == verb.i:
            return False, imagined
        verb = verb.head
