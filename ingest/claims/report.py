"""A view that is told: whose, by which words, what it says, and whether anybody is said to hold it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.claims import report_cues as cues
from ingest.claims.report_places import Place, find_cue, span_noun_phrase, trim_content
from ingest.claims.view_holders import find_subject, is_first_person, is_holder

if TYPE_CHECKING:
    from spacy.tokens import Span, Token


_WOULD = frozenset({"would", "'d", "’d"})
_COULD = frozenset({"could", "might", "may"})
_STANCE_VERBS = frozenset("say hold go claim think argue assert answer reply suggest maintain insist respond".split())


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
    lemma = cues.find_lemma(cue)
    governing = {cue.i, *(child.i for child in cue.children)}
    if cue.dep_ == "xcomp":
        governing |= {child.i for child in cue.head.children}  # "they don't seem to think that P"
    negated = any(doc[i].lower_ in cues.NOT and (doc[i].lower_ != "no" or doc[i].dep_ == "det") for i in governing)
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
    lemma = cues.find_lemma(cue)
    is_verb = cue.pos_ in {"VERB", "AUX"}
    if is_verb and (lemma in cues.GRANTING or _points_out(cue)):
        return False
    if source is None:
        is_held = any(c.dep_ in {"nsubj:pass", "expl"} and c.lower_ == "it" for c in cue.children) and cue.tag_ == "VBN"
        return is_held and (lemma not in cues.SET_UP or any(c.lower_ in cues.OFTEN for c in cue.children))
    verb, modals = cue, _find_modals(cue)
    while (
        verb.dep_ in {"xcomp", "advcl", "conj"}
        and verb.head.i != verb.i
        and not any(child.dep_ in cues.REFERRING_SUBJECTS for child in verb.children)
    ):  # "you might be starting to think that P", "you should either say it or think that P"
        verb = verb.head
        modals |= _find_modals(verb)
    if source.lower_ in {"you", "one"} and is_verb:
        return _is_yours(cue, source, modals)
    if modals and is_verb and (not modals & cues.WOULD or (lemma in cues.FORESEEING and modals & _COULD)):
        return "will" in modals and is_holder(source, known)
    if source.lower_ in {"you", "your"}:
        return True  # whose view a noun names
    if is_verb and cues.find_lemma(source) in cues.STANCES and source.lower_ not in cues.PEOPLE:
        return lemma in _STANCE_VERBS and (source.dep_ != "obl")
    return is_holder(source, known)


def _find_modals(verb: "Token") -> set[str]:
    return {child.lower_ for child in verb.children if child.dep_ == "aux" and child.lower_ in cues.MODAL}


def _points_out(cue: "Token") -> bool:
    return cues.find_lemma(cue) == "point" and any(child.lower_ == "out" for child in cue.children)


def _is_yours(cue: "Token", source: "Token", modals: set[str]) -> bool:
    """Tell whether "you" or "one" holds a view: not "a point at which you think that P", which is anybody."""
    lemma = cues.find_lemma(cue)
    if modals:
        asked_how = any(c.dep_ == "advmod" and c.lower_ in {"how", "why"} for c in cue.children)
        if modals <= {"can", "could"} and asked_how and source.lower_ == "you":
            return lemma in cues.YOU_SAY  # "I don't see how you can think that P"
        if modals <= _WOULD and source.lower_ == "you":
            return lemma in cues.WOULD_SAY
        return (
            bool(modals & cues.MIGHT)
            and not modals & {"'d", "’d"}
            and lemma in cues.ONE_MIGHT
            and (source.lower_ == "one" or not modals & {"could", "would"})
        )
    if source.lower_ == "one" or lemma not in cues.YOU_SAY:
        return False
    if cue.dep_ in {"acl:relcl", "advcl:relcl"} and cue.head.lower_ not in {"what", "all"} and source.head.i == cue.i:
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
    if cue.dep_ in {"xcomp", "ccomp"} and cues.find_lemma(cue.head) in cues.IMAGINING:
        subject = find_subject(cue.head)
        imagined = imagined or (subject is not None and is_first_person(subject))
    if sentence.text.rstrip(" \"'”’)]").endswith("?") and _is_asked(cue):
        return True, imagined
    verb = cue
    while True:
        leads = [c.lower_ for c in verb.children if c.dep_ in {"mark", "advmod"} and c.i < verb.i]
        if verb.i == cue.i and "whether" in leads and cues.find_lemma(cue) in {"say", "claim", "argue", "suggest"}:
            imagined = True  # "I can't tell whether you are saying that P": a reading of his words
        elif any(lead in cues.CONDITION for lead in leads) and not _sounds_as_if(verb, leads):
            return True, imagined
        if verb.i != cue.i and cues.find_lemma(verb) in cues.LET_US_SAY and find_subject(verb) is None:
            return True, imagined
        if verb.head.i == verb.i:
            return False, imagined
        verb = verb.head


def _sounds_as_if(verb: "Token", leads: list[str]) -> bool:
    """Tell "it sounds as if you think that P" from a condition."""
    return "as" in leads and "if" in leads and cues.find_lemma(verb.head) in cues.SEEMING


def _is_asked(cue: "Token") -> bool:
    """Tell whether a question asks after the view itself: "do you think that P?", not "odd that you think that P?"."""
    verb = cue
    while True:
        subject = next((c for c in verb.children if c.dep_ in cues.REFERRING_SUBJECTS), None)
        if subject is not None and any(c.dep_.startswith(("aux", "cop")) and c.i < subject.i for c in verb.children):
            return True
        if any(c.lower_ in cues.ASKING_WORDS - cues.CONDITION for c in verb.lefts):
            return True
        if verb.head.i == verb.i:
            return verb.i == cue.i
        verb = verb.head
