"""Where within a sentence another claim may begin, and how likely one does.

A boundary is a place after a comma, a bracket, a conjunction or a word that joins clauses, with what hangs on it by the
dependency parse. Boosted trees over what is seen there say whether both sides claim something by themselves
(CLAUSE_BOUNDARIES.md tells of the weights). Elementary discourse units are found so (Soricut & Marcu 2003).
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.boosted_trees import Tree, score, tree_from_json
from corpus.errors import CrosstalkError
from ingest.claims.dependencies import SUBJECTS, has_subject, is_finite

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

WEIGHTS = Path(__file__).with_name("clause_boundaries.json")
Features = dict[str, float]

_SET_OFF = frozenset({",", ";", ":", "(", "[", "—", "–", "--", "-", "―"})
_COORDINATORS = frozenset({"and", "but", "so", "yet", "&", "or", "nor"})
SUBORDINATORS = frozenset({"because", "since", "although", "though", "whereas", "while", "cause", "cos", "as", "for"})
_RELATIVES = frozenset({"which", "who", "whose", "where"})
_BEFORE_SUBORDINATOR = frozenset({"even", "just", "only", "partly", "mainly", "mostly", "especially", "and", "but"})
_JOINING = _COORDINATORS | SUBORDINATORS | _RELATIVES
_LIMITING = frozenset({"part", "partly", "mainly", "mostly", "only", "just", "not", "simply", "merely", "especially"})
_REASONS = frozenset(
    {"because", "although", "though", "whereas"}
)  # what they lead over to is asserted whenever it stands
_CONDITIONS = frozenset(
    {"if", "unless", "whether", "assuming", "provided", "suppose", "supposing", "once", "lest", "when"}
)
_VERBS = frozenset({"VERB", "AUX"})
_DENYING = frozenset({"not", "n't", "n’t", "never", "no", "cannot"})
_FIRST_PERSON = frozenset({"i", "we", "me"})
_STANCES = frozenset(
    "think believe guess feel suspect expect say mean agree claim argue assume hope imagine know suppose bet "
    "note".split()
)
CLOSING_MARKS = frozenset('"”’»') | {"''"}
ENUMERATOR = re.compile(r"[ivx]{1,4}|\d{1,2}|[a-h]", re.IGNORECASE)
_NEXT = frozenset(
    "i we you he she it they this that these those there then not to of in by if when what how just only also even "
    "therefore thus hence maybe perhaps instead rather otherwise".split()
)
_EITHER = frozenset({"either", "whether", "both", "neither", "between"})
_SUCH = frozenset({"such", "so", "too", "enough", "more", "less", "rather"})
_MAY_JOIN = _SET_OFF | _JOINING | CLOSING_MARKS
_BEFORE_SUBJECTS = SUBJECTS | {"det", "expl", "nmod:poss"}
_SHOWN_FIRST = _JOINING | _CONDITIONS
_NO_JOINT_WORDS = CLOSING_MARKS | {",", "(", "["}
_LITTLE_JOINT_WORDS = frozenset({"even", "that", "therefore", "thus", "then"})
_LABELS = ("ccomp", "advcl", "acl:relcl", "acl", "csubj", "xcomp", "obl", "nmod", "obj", "parataxis", "appos", "conj")
_NOWHERE = 1 << 30  # behind every token
_LONG = 20  # words; more are as good as this many


@dataclass(frozen=True, slots=True)
class Boundary:
    """A place where another claim may begin: tokens [edge, start) join it to what stands before.

    `head` is the highest token of what begins at `start`; `joint` are the joining words and marks, lower case.
    """

    edge: int
    start: int
    head: "Token"
    joint: tuple[str, ...]

    @property
    def bracket(self) -> str | None:
        """Return the bracket that it opens, if it does; "(ii)" opens none."""
        opened = next((mark for mark in self.joint if mark in "(["), None)
        return None if opened is None or ")" in self.joint else opened

    @property
    def relative(self) -> str | None:
        """Return the relative pronoun that it begins with, which is part of the joint."""
        return self.joint[-1] if self.joint[-1] in _RELATIVES else None


@dataclass(frozen=True, slots=True)
class ScannedSentence:
    """What `describe_boundary` asks of a sentence, looked up once for all its boundaries.

    `words` and `verbs` count, for each token from `start` on and for the end, the words and the finite verbs before it;
    the other places are of the first or last token of their kind (`_NOWHERE`, -1: there is none).
    """

    doc: "Doc"
    start: int
    end: int
    text: str
    words: list[int]
    verbs: list[int]
    last_word: int
    first_clause: int  # a finite verb with a subject
    first_condition: int
    last_condition: int
    first_denial: int
    first_either: int
    first_such: int

    def cut_before(self, edge: int) -> str:
        """Return the text before the token at `edge`."""
        last = self.doc[edge - 1]
        return self.text[: last.idx + len(last) - self.doc[self.start].idx]

    def count_words(self, start: int, end: int) -> int:
        """Count the tokens of [start, end) that are no punctuation."""
        return self.words[max(end, start) - self.start] - self.words[start - self.start]


def scan_sentence(sentence: "Span") -> ScannedSentence:
    """Look up what the boundaries of a sentence are described by."""
    start = sentence.start
    words, verbs = [0], [0]
    last_word = last_condition = -1
    first_clause = first_condition = first_denial = first_either = first_such = _NOWHERE
    for index, token in enumerate(sentence, start):
        is_word = not token.is_punct
        if is_word:
            last_word = index
        words.append(words[-1] + is_word)
        is_verb = token.pos_ in _VERBS
        finite = is_verb and is_finite(token)
        verbs.append(verbs[-1] + finite)
        if first_clause == _NOWHERE and (finite or not is_verb) and has_subject(token) and (finite or is_finite(token)):
            first_clause = index
        word = token.lower_
        if word in _CONDITIONS:
            label = token.dep_
            if label in {"mark", "advmod"}:
                last_condition = index
            if first_condition == _NOWHERE and label in {"mark", "advmod", "cc"}:
                first_condition = index
        if word in _DENYING and first_denial == _NOWHERE:
            first_denial = index
        elif word in _EITHER and first_either == _NOWHERE:
            first_either = index
        elif word in _SUCH and first_such == _NOWHERE:
            first_such = index
    return ScannedSentence(
        doc=sentence.doc,
        start=start,
        end=sentence.end,
        text=sentence.text,
        words=words,
        verbs=verbs,
        last_word=last_word,
        first_clause=first_clause,
        first_condition=first_condition,
        last_condition=last_condition,
        first_denial=first_denial,
        first_either=first_either,
        first_such=first_such,
    )


def find_boundaries(sentence: "Span") -> list[Boundary]:
    """Return the places in a sentence where another claim may begin, in order; a question has none."""
    doc = sentence.doc
    boundaries: list[Boundary] = []
    if sentence.text.rstrip(" \"'”’)]").endswith("?"):
        return boundaries  # what is asked is one question
    index = sentence.start + 1
    while index < sentence.end:
        if not _joins(sentence, index):
            index += 1
            continue
        edge = index
        while index < sentence.end and (_joins(sentence, index) or _leads_to_joint(sentence, index)):
            index += 1
        index = _skip_enumerator(sentence, index)
        index = _skip_connective(sentence, edge, index)
        if index < sentence.end and doc[index].lower_ == "that" and doc[index].dep_ == "mark":
            index += 1
        if index < sentence.end:
            joint = tuple(doc[i].lower_ for i in range(edge, index))
            boundary = Boundary(edge, index, _find_head(doc[index], edge), joint)
            if not _must_not_part(sentence, boundary):
                boundaries.append(boundary)
    return boundaries


def _must_not_part(sentence: "Span", boundary: Boundary) -> bool:
    """Tell whether what a boundary parts is one claim whatever it looks like.

    So are what goes on within a condition, a quotation, a restrictive relative clause, the content of
    somebody else's view or of a noun ("the claim that P and Q"); a reason that is denied or one of several ("not
    because", "in part because").
    """
    doc, head = sentence.doc, boundary.head
    before = doc[boundary.edge - 1].lower_
    joint = boundary.joint
    if joint[-1] in SUBORDINATORS and (before in _LIMITING or joint[0] in _LIMITING):
        return True
    if joint == ("because",) and any(child.lower_ in _DENYING for child in head.head.children):
        return True  # "does not do A because B" may deny B
    if head.dep_ == "conj" and not {"but", "yet", ";"} & set(joint) and _is_conditioned(head.head, head):
        return True  # "if P, then A and B": the condition holds for both
    if _is_open(doc[sentence.start : boundary.edge].text) or _may_hang_lower(boundary):
        return True
    if head.dep_ not in {"conj", "ccomp", "advcl", "dep", "xcomp"} or head.head.i >= boundary.edge:
        return False
    for above in (head, *head.ancestors) if head.dep_ == "ccomp" else head.ancestors:
        if above.head.i == above.i:
            return False
        if above.dep_ in {"advcl", "advcl:relcl", "csubj"} and any(
            child.lower_ in _CONDITIONS and child.dep_ in {"mark", "advmod"} for child in above.children
        ):
            return True
        if above.dep_ in {"acl:relcl", "acl"} and doc[above.left_edge.i - 1].text not in _SET_OFF:
            return head.dep_ != "advcl"
        if above.dep_ in {"ccomp", "csubj"} and above.head.i < above.i and joint[-1] not in {";", "—"}:
            return find_stance(above) is None and head.dep_ in {"conj", "ccomp"}
        if above.dep_ == "xcomp" and not has_subject(head):
            return True
    return False


def _is_conditioned(governor: "Token", other: "Token") -> bool:
    """Tell whether a clause beside `other` says under which condition the governor's holds."""
    return any(
        clause.dep_ == "advcl"
        and clause.i != other.i
        and any(token.lower_ in _CONDITIONS and token.dep_ in {"mark", "advmod"} for token in clause.children)
        for clause in governor.children
    )


def _may_hang_lower(boundary: Boundary) -> bool:
    """Tell whether a clause that follows without a mark may go on what stands before it: "a number that P and Q"."""
    head, doc = boundary.head, boundary.head.doc
    if head.dep_ != "conj" or any(word in _SET_OFF for word in boundary.joint):
        return False
    token = doc[boundary.edge - 1]
    while token.i != head.head.i and token.head.i != token.i:
        if token.dep_ in {"acl", "acl:relcl", "advcl", "advcl:relcl", "csubj"} and has_subject(token):
            return True
        token = token.head
    return False


def _joins(sentence: "Span", index: int) -> bool:
    """Tell whether a token may stand between two claims; a hyphen within a word does not."""
    token = sentence.doc[index]
    text = token.lower_
    if text not in _MAY_JOIN:
        return False
    if text in _SET_OFF:
        return text != "-" or bool(index and sentence.doc[index - 1].whitespace_ and token.whitespace_)
    if text == "as" or text == "for":
        return token.dep_ == "mark" and sentence.doc[index - 1].text == ","
    if text == "so":
        return (
            sentence.doc[index - 1].dep_ == "cc"
            or token.pos_ != "ADV"
            or token.dep_ in {"cc", "mark"}
            or (index + 1 < sentence.end and sentence.doc[index + 1].dep_ in _BEFORE_SUBJECTS)
        )
    if text in _RELATIVES:
        before = sentence.doc[index - 1]
        return token.tag_ in {"WDT", "WP", "WP$", "WRB"} and (
            before.text in _SET_OFF or (text == "which" and not before.text.strip("X"))
        )
    if text in CLOSING_MARKS:
        return index + 1 < sentence.end and index > sentence.start and sentence.doc[index - 1].text in {",", ";"}
    return text in _JOINING and token.pos_ != "NOUN"


def _leads_to_joint(sentence: "Span", index: int) -> bool:
    """Tell whether a word only strengthens the joining word after it: "even though", "mostly because"."""
    return (
        sentence.doc[index].lower_ in _BEFORE_SUBORDINATOR
        and index + 1 < sentence.end
        and sentence.doc[index + 1].lower_ in SUBORDINATORS
    )


def _skip_enumerator(sentence: "Span", index: int) -> int:
    """Return the token after "(i)", "1)" or "b)" at a joint, which numbers what follows."""
    doc = sentence.doc
    if index + 1 < sentence.end and ENUMERATOR.fullmatch(doc[index].text) and doc[index + 1].text == ")":
        return index + 2
    return index


def _skip_connective(sentence: "Span", edge: int, index: int) -> int:
    """Return the token after an adverb that is set off behind a joining word: "since, again, P"."""
    doc = sentence.doc
    has_word = any(doc[i].is_alpha for i in range(edge, index))
    if has_word and index + 1 < sentence.end and doc[index].pos_ == "ADV" and doc[index + 1].text == ",":
        return index + 2
    return index


def _find_head(token: "Token", edge: int) -> "Token":
    """Return the highest token above this one that does not stand before `edge`."""
    while token.head.i != token.i and token.head.i >= edge:
        token = token.head
    return token


def find_stance(token: "Token") -> "Token | None":
    """Return the verb by which the author says that he thinks what `token` heads: "I think that P", "my sense is P"."""
    for above in (token, *token.ancestors):
        if above.dep_ in {"ccomp", "csubj"} and above.head.i < above.i:
            return above.head if _is_own_stance(above.head) else None
        if above.dep_ not in {"conj", "ccomp", "csubj"}:
            return None
    return None


def _is_own_stance(verb: "Token") -> bool:
    """Tell whether the author says by a word what he thinks: "I guess", "my sense is", "it strikes me"."""
    if any(child.lower_ == "my" for child in verb.children):
        return True
    return verb.lemma_.lower() in _STANCES and any(
        child.dep_ in SUBJECTS
        and (child.lower_ in _FIRST_PERSON or any(owner.lower_ == "my" for owner in child.children))
        for child in verb.children
    )


def describe_boundary(sentence: ScannedSentence, boundary: Boundary, before: int) -> Features:
    """Return what is seen at a boundary; `before` is how many boundaries of the sentence stand before it."""
    doc, head = sentence.doc, boundary.head
    start, edge = boundary.start, boundary.edge
    above = list(head.ancestors)
    hangs_left = bool(above) and above[0].i < edge
    governor = above[0] if hangs_left else None
    last = head.right_edge.i + 1
    words_before = sentence.cut_before(edge)
    inside_end = min(last, sentence.end)
    children = list(head.children)
    subjects = [child for child in children if child.dep_ in SUBJECTS]
    verbs_left = sentence.verbs[edge - sentence.start]
    verbs_right = sentence.verbs[-1] - sentence.verbs[start - sentence.start]
    opening = doc[start]
    words = [word for word in boundary.joint if word not in _NO_JOINT_WORDS]
    kept = [word for word in words if word not in _LITTLE_JOINT_WORDS] or words
    first_word = doc[sentence.start].lower_
    joint = " ".join(kept[-2:])
    features: Features = {
        "comma": float("," in boundary.joint),
        "bracket": float(boundary.bracket is not None),
        f"joint {joint}": 1.0,
        f"mark {boundary.joint[0]}": 1.0,
        f"last {kept[-1] if kept else boundary.joint[-1]}": 1.0,
        f"next tag {opening.tag_}": 1.0,
        f"next dep {opening.dep_}": 1.0,
        f"head dep {head.dep_}": 1.0,
        f"head pos {head.pos_}": 1.0,
        f"head tag {head.tag_}": 1.0,
        "head finite": float(is_finite(head)),
        "head subject": float(bool(subjects)),
        "subject first": float(any(child.i < head.i for child in subjects)),
        "pronoun subject": float(any(child.pos_ == "PRON" for child in subjects)),
        "head left edge here": float(head.left_edge.i >= edge),
        "hangs left": float(hangs_left),
        "left words": float(min(sentence.count_words(sentence.start, edge), _LONG)),
        "right words": float(min(sentence.count_words(start, sentence.end), _LONG)),
        "inside words": float(min(sentence.count_words(start, inside_end), _LONG)),
        "runs to end": float(sentence.last_word < inside_end),
        "stops at mark": float(last >= sentence.end or doc[last].is_punct or doc[last].dep_ == "cc"),
        "left finite": float(sentence.first_clause < edge),
        "left verbs": float(min(4, verbs_left)),
        "right verbs": float(min(4, verbs_right)),
        "depth": float(min(6, len(above))),
        "before": float(min(before, 4)),
        "first mark": float(doc[sentence.start].dep_ == "mark"),
        f"first {first_word if first_word in _SHOWN_FIRST else ''}": 1.0,
        "quote open": float(_is_open(words_before)),
        "bracket open": float(words_before.count("(") > words_before.count(")")),
    }
    if opening.lower_ in _NEXT:
        features[f"next {opening.lower_}"] = 1.0
    for mark in (child for child in children if child.dep_ == "mark"):
        features[f"head mark {mark.lower_}"] = 1.0
    features["condition left"] = float(sentence.first_condition < edge)
    features["condition right"] = float(sentence.last_condition >= start)
    features["denied left"] = float(sentence.first_denial < edge)
    features["either left"] = float(sentence.first_either < edge)
    features["or right"] = float(any(child.dep_ == "cc" and child.lower_ in {"or", "nor"} for child in children))
    features["such left"] = float(sentence.first_such < edge)
    features["stance"] = float(find_stance(head) is not None)
    above_labels = {token.dep_ for token in above}
    for label in _LABELS:
        features[f"within {label}"] = float(label == head.dep_ or label in above_labels)
        features[f"governed in {label}"] = float(label in above_labels)
    if governor is not None:
        features[f"governor dep {governor.dep_}"] = 1.0
        features[f"governor pos {governor.pos_}"] = 1.0
        features["governor root"] = float(governor.head.i == governor.i)
        features["governor finite"] = float(is_finite(governor))
        features["governor subject"] = float(has_subject(governor))
        features["governor denied"] = float(any(child.lower_ in _DENYING for child in governor.children))
        features["governor near"] = float(edge - governor.i <= 2)
        features["governor condition"] = float(
            any(
                token.lower_ in _CONDITIONS
                for node in (governor, *governor.ancestors)
                for token in node.children
                if token.dep_ in {"mark", "advmod"}
            )
        )
        features["governor conditioned"] = float(_is_conditioned(governor, head))
        features["same tag"] = float(governor.tag_ == head.tag_)
        features[f"pair {governor.dep_}>{head.dep_}"] = 1.0
        features["says"] = float(governor.lemma_ in _STANCES)
    return features


def _is_open(text: str) -> bool:
    """Tell whether a quotation mark of a text is not closed in it."""
    return text.count('"') % 2 == 1 or text.count("“") > text.count("”")


@cache
def _load(path: Path) -> tuple[float, float, tuple[Tree, ...]]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        return (
            float(loaded["least"]),
            float(loaded["least_reason"]),
            tuple(tree_from_json(tree) for tree in loaded["trees"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CrosstalkError(f"{path.name}: the weights of clause boundaries cannot be read ({error})") from error


def choose_boundaries(sentence: "Span") -> list[Boundary]:
    """Return the boundaries of a sentence at which another claim begins, in order.

    Raises:
        CrosstalkError: the weights are missing or damaged.
    """
    boundaries = find_boundaries(sentence)
    if not boundaries:
        return boundaries
    least, least_reason, trees = _load(WEIGHTS)
    scanned = scan_sentence(sentence)
    return [
        boundary
        for before, boundary in enumerate(boundaries)
        if score(trees, describe_boundary(scanned, boundary, before))
        >= (least_reason if _REASONS & set(boundary.joint) else least)
    ]
