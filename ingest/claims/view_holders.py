"""Who holds the view that a word tells: the subject of a verb, the owner of a noun; and whether that is somebody."""

from typing import TYPE_CHECKING

from ingest.claims import report_cues as cues

if TYPE_CHECKING:
    from spacy.tokens import Token

_LETTERS = 6
_CLIMBS = 3  # verbs between "people" and "think" in "people seem to want to think"


def find_subject(verb: "Token", climbs: int = _CLIMBS) -> "Token | None":
    """Return who does what a verb or predicate says, also where another verb lends him: "people seem to think"."""
    subjects = [c for c in verb.children if c.dep_ in cues.REFERRING_SUBJECTS]
    own = min(subjects, key=lambda c: (c.dep_ == "nsubj:outer", -c.i), default=None)
    if own is not None and own.lower_ == "model":  # "my model of Ana says that P"
        return next((c for c in own.children if c.dep_ == "nmod" and find_case(c) == "of"), own)
    if own is not None and any(c.i == own.i - 1 for c in subjects):
        own = own.nbor(-1)  # "person B"
    head = verb.head
    if own is not None and own.lower_ in cues.RELATIVE and verb.dep_ in {"acl:relcl", "acl"}:
        # "those who think that P"; "Ana is the one who thinks that P"
        of_predicate = any(c.dep_ == "cop" for c in head.children) and find_subject(head, 0)
        return of_predicate or head
    if own is not None and own.dep_ == "nsubj:pass":  # "it is argued by Ana that"
        agent = next((c for c in verb.children if c.dep_ in {"obl:agent", "obl"} and find_case(c) == "by"), None)
        return agent or (None if own.lower_ in cues.IMPERSONAL else own)
    if own is not None or not climbs or head.i == verb.i:
        return own
    if verb.dep_ == "conj" and head.pos_ in {"VERB", "AUX"}:
        return find_subject(head, climbs - 1)
    if verb.dep_ == "acl" and verb.tag_ == "VBG":
        return head  # "a post arguing that P"
    if verb.dep_ in {"xcomp", "ccomp", "advcl", "parataxis"} and cues.find_lemma(head) in cues.HEARING:
        heard = next((c for c in head.children if c.dep_ in {"obj", "iobj"}), None)
        if heard is not None and heard.i < verb.i and not any(t.is_punct for t in verb.doc[heard.i : verb.i]):
            return heard  # "I take you to be saying that P", "I read Ana as claiming that P"
    if verb.dep_ == "xcomp" and any(c.dep_ == "aux:pass" for c in head.children if cues.find_lemma(head) == "use"):
        return None  # "it is used to forecast"
    if verb.dep_ == "xcomp" and cues.find_lemma(head) in cues.RAISING:
        return find_subject(head, climbs - 1)
    is_passive = any(c.dep_ == "aux:pass" for c in head.children)
    if verb.dep_ == "advcl" and head.pos_ in {"VERB", "AUX"} and _is_nonfinite(verb) and not is_passive:
        return find_subject(head, climbs - 1)  # "what do you mean by saying that P", "Ana says it to stress that P"
    return None


def _is_nonfinite(verb: "Token") -> bool:
    marks = {child.lower_ for child in verb.children if child.dep_ == "mark"}
    return (verb.tag_ == "VBG" and marks <= {"by", "in"}) or (verb.tag_ == "VB" and marks == {"to"})


def is_asked_after(verb: "Token", subject: "Token | None") -> bool:
    """Tell "I wonder what Ana thinks it does", where no "that" follows: what is told depends on the question word."""
    if subject is None or subject.i > verb.i or verb.i + 1 >= len(verb.doc):
        return False
    first = subject.left_edge.i
    asking = cues.ASKING_WORDS - {"why", "if", "when"}
    if first > verb.sent.start + 1 and verb.doc[first - 2].lower_ == "how" and verb.nbor(1).lower_ != "that":
        return True  # "how hard you think it is"
    is_asking = first > verb.sent.start + 1 and verb.doc[first - 1].lower_ in asking
    return is_asking and verb.nbor(1).lower_ != "that"


def has_gap(verb: "Token", subject: "Token | None") -> bool:
    """Tell "the things that Ana expects": what is told stands outside of the clause."""
    is_relative = verb.dep_ in {"acl:relcl", "advcl:relcl"}
    return is_relative and subject is not None and subject.head.i == verb.i and subject.lower_ not in cues.RELATIVE


def find_owner(noun: "Token") -> "Token | None":
    """Return whose view a noun names: "Ana's claim", "the belief of many", "the idea behind Bo's post"."""
    owner = next((c for c in noun.children if c.dep_ == "nmod:poss"), None)
    if owner is None:  # "the Ana view"
        owner = next((c for c in noun.children if c.dep_ == "compound" and _is_name(c)), None)
    of_whom = next(
        (
            c
            for c in noun.children
            if c.dep_ == "nmod" and find_case(c) in {"of", "by", "from", "among", "behind", "for"}
        ),
        None,
    )
    if owner is not None and owner.lower_ in cues.FIRST and cues.find_lemma(noun) in cues.UNDERSTANDING:
        if of_whom is not None:  # "my understanding of Ana's view is that P"
            return find_owner(of_whom) or of_whom
        return owner
    if owner is None and of_whom is None:
        made = next((c for c in noun.children if c.dep_ == "acl:relcl" and cues.find_lemma(c) in cues.HAVING), None)
        maker = made and next((c for c in made.children if c.dep_ in cues.REFERRING_SUBJECTS and c.i > noun.i), None)
        if maker is not None and maker.lower_ not in cues.RELATIVE:
            return maker  # "one prediction you made is that P"
        held = next((c for c in noun.children if c.dep_ == "acl" and c.tag_ == "VBN"), None)
        if held is not None:
            return next((c for c in held.children if c.dep_.startswith("obl") and find_case(c) == "by"), None)
    return owner or of_whom


def _is_name(token: "Token") -> bool:
    return token.pos_ == "PROPN" and token.text[:1].isupper() and token.text[1:].islower()


def find_case(noun: "Token") -> str:
    """Return the preposition of a noun, in lower case; "" without one."""
    return next((child.lower_ for child in noun.children if child.dep_ == "case" and child.i < noun.i), "")


def is_first_person(source: "Token") -> bool:
    """Tell whether the author speaks of himself: "I", "my view", "most of us"."""
    return any(
        token.lower_ in cues.FIRST
        and (token.i == source.i or (token.dep_ in {"nmod:poss", "nmod", "conj"} and token.head.i == source.i))
        for token in source.subtree
    )


def is_holder(source: "Token", known: frozenset[str]) -> bool:
    """Tell whether a word names people, or what people wrote; `known` are words (lower case) that are names here."""
    word = source.lower_
    if word in cues.NOBODY:
        return False
    if word in {"their", "his", "her", "whose", "them", "him", "your", "yours"}:
        return word != "whose"
    if word in cues.PEOPLE or _is_kind_of_people(source):
        return source.i == source.left_edge.i or not source.doc[source.left_edge.i].lower_.startswith("wh")
    if cues.find_lemma(source) in cues.VIEWS | cues.STANCES | {"model", "framework"}:
        owner = find_owner(source)
        return owner is not None and owner.i != source.i and (owner.lower_ == "your" or is_holder(owner, known))
    return is_named(source, known)


def is_named(source: "Token", known: frozenset[str]) -> bool:
    """Tell whether a word is somebody's name."""
    if source.lower_ in known and (source.text[:1].isupper() or _is_bare(source)):
        return True
    name = source.pos_ == "PROPN" and source.text[:1].isupper() and len(source.text) > 2
    is_letters = source.text.isupper() and source.text.isalpha() and 2 < len(source.text) <= _LETTERS
    if is_letters and len(set(source.text)) > 1 and source.pos_ in {"NOUN", "PROPN"}:
        return True  # a theory or a company by its letters
    # A lone capital at the start of a sentence may be any word that the tagger does not know.
    if name and (source.i != source.sent.start or source.right_edge.i > source.i or source.text[1:2].isupper()):
        return True
    return _is_uncapitalized(source)


def _is_uncapitalized(source: "Token") -> bool:
    """Tell a name that is typed without its capital where nothing else is: "eliezer thinks", "paul's position"."""
    is_noun = source.pos_ == "PROPN" or source.tag_ == "NN"
    is_bare = source.text.islower() and source.text.isalpha() and not list(source.lefts)
    if not is_noun or not is_bare or source.lower_.endswith(cues.THING_ENDINGS):
        return False
    if source.dep_ == "nmod:poss":
        return source.pos_ == "PROPN"
    return (
        source.dep_ in cues.REFERRING_SUBJECTS
        and cues.find_lemma(source.head) in cues.OPINING
        and source.head.tag_ != "VB"
    )


def _is_bare(source: "Token") -> bool:
    """Tell a name typed without its capital from a word that is also one: "paul thinks", not "the will thinks"."""
    is_noun = source.pos_ in {"NOUN", "PROPN"} and source.tag_ not in {"NNS", "NNPS"}
    return is_noun and source.dep_ in cues.REFERRING_SUBJECTS | {"obj", "nmod:poss"} and not list(source.lefts)


def _is_kind_of_people(source: "Token") -> bool:
    """Tell "two-boxers" and "most utilitarians" from computers and optimizers."""
    word = source.lower_
    return (
        source.tag_ in {"NNS", "NNPS"}
        and len(word) > 5
        and word.endswith(cues.AGENT_ENDINGS)
        and word.rsplit("-", 1)[-1] not in cues.NO_AGENTS
    )
