"""A sentence → the atomic claims in it, each a stretch of the sentence with a reading that stands alone.

Works on a dependency parse with Universal Dependencies labels. Where another claim begins is told by
`clause_boundaries`; here the words between boundaries become claims. A sentence is cut only so that each piece is a
claim by itself: a boundary beside a piece that is none (no finite verb, half of a bracket) is given up, and what hangs
on it stays together. (Proposition segmentation: Chen et al. 2023, PropSegmEnt; clause splitting: Del Corro & Gemulla
2013, ClausIE.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.claims.clause_boundaries import (
    CLOSING_MARKS,
    ENUMERATOR,
    SUBORDINATORS,
    Boundary,
    choose_boundaries,
    find_stance,
)
from ingest.claims.dependencies import SUBJECTS, has_subject, is_finite, is_helper

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_OPENERS = frozenset(",;:([—–-―") | {"--"}
_CLOSERS = frozenset({",", ";", ":", "(", "[", "—", "–", "--", "-", "―"})
_CLOSING = {"(": ")", "[": "]"}
_DASHES = frozenset({"—", "–", "--", "-", "―"})
_DEPENDENT = frozenset(
    "when if that which who whom whose how where why rather than because though although as whereas while "
    "unless".split()
)
_ASIDES = frozenset({"acl:relcl", "advcl:relcl", "appos", "parataxis", "advcl", "acl", "dep"})
_LEFT_HANGING = frozenset({"not", "because", "n't", "say", "says", "said"})
_LEAST_WORDS = 2
_MOST_TOKENS = 200
_POSSESSIVE = "’s"


@dataclass(frozen=True, slots=True)
class Clause:
    """One claim in a sentence, in characters of its Doc: [start, end) is quotable as it stands.

    `spans` are all the stretches that carry the claim, the subject it shares with another clause included; `standalone`
    reads them as a sentence.
    """

    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    standalone: str


@dataclass(frozen=True, slots=True)
class _Lead:
    """What a clause shares with others: tokens that read before it, `link` after them; `gap` the token before which.

    Without `gap` they stand before the whole clause.
    """

    tokens: tuple[int, ...] = ()
    link: str = ""
    gap: int | None = None


def split_clauses(
    sentence: "Span", text: str | None = None, boundaries: Sequence[Boundary] | None = None
) -> list[Clause]:
    """Cut a sentence into its claims, in order of place; a sentence that must not be cut is one claim.

    `text` is what is read for the reader where the parser was given something else of the same length; `boundaries` are
    places where claims begin, if they are known already.

    Raises:
        CrosstalkError: the weights are missing or damaged.
    """
    text = sentence.doc.text if text is None else text
    if boundaries is None:
        boundaries = choose_boundaries(sentence) if len(sentence) <= _MOST_TOKENS else []
    chosen = list(boundaries)
    while chosen:
        pieces = _assign_tokens(sentence, chosen)
        clauses = [
            _make_clause(sentence, tokens, boundary, text)
            for tokens, boundary in zip(pieces, [None, *chosen], strict=True)
        ]
        failed = next((number for number, clause in enumerate(clauses) if clause is None), None)
        if failed is None:
            return sorted(
                (clause for clause in clauses if clause is not None), key=lambda clause: (clause.start, clause.end)
            )
        del chosen[max(0, failed - 1)]
    start, end = sentence.start_char, sentence.end_char
    return [Clause(start, end, (), text[start:end].strip())]


def _assign_tokens(sentence: "Span", boundaries: Sequence[Boundary]) -> list[list[int]]:
    """Give each token to the innermost piece that it stands in: the main one, then one for each boundary."""
    owner = dict.fromkeys(range(sentence.start, sentence.end), 0)
    bracket_end = sentence.start
    for number, boundary in enumerate(boundaries, 1):
        following = boundaries[number].edge if number < len(boundaries) else sentence.end
        last = _find_end(sentence, boundary, following)
        if boundary.edge < bracket_end:
            last = min(last, bracket_end - 1)  # what begins within a bracket ends within it
        elif boundary.bracket is not None:
            bracket_end = last
        before = owner[boundary.edge - 1]
        owner.update(dict.fromkeys(range(boundary.edge, last), number))
        for index in range(boundary.edge, boundary.start):
            if sentence.doc[index].text in CLOSING_MARKS:
                owner[index] = before  # “no way,” because: the mark closes what stands before
    pieces: list[list[int]] = [[] for _ in range(len(boundaries) + 1)]
    for index, number in owner.items():
        if not number or index >= boundaries[number - 1].start:
            pieces[number].append(index)
    return pieces


def _find_end(sentence: "Span", boundary: Boundary, following: int) -> int:
    """Return the token after the last one of the piece at a boundary; `following` is the edge of the next boundary."""
    doc = sentence.doc
    opened = boundary.bracket
    if opened is not None:
        depth = 1
        for index in range(boundary.start, sentence.end):
            depth += (doc[index].text == opened) - (doc[index].text == _CLOSING[opened])
            if not depth:
                return index + 1
    last = boundary.head.right_edge.i + 1
    goes_on = any(not doc[index].is_punct for index in range(last, sentence.end))
    if boundary.head.dep_ in _ASIDES and goes_on and boundary.head.i >= boundary.start and last < following:
        rest = doc[last]
        if rest.text in _DASHES and any(mark in _DASHES for mark in boundary.joint):
            return last + 1
        if rest.is_punct or doc[last - 1].text in _CLOSERS:
            return last + 1 if rest.text in {",", "—", "–", "--"} else last
    return sentence.end


def _make_clause(sentence: "Span", tokens: list[int], boundary: Boundary | None, text: str) -> Clause | None:
    """Make a claim of tokens, without the joining words and marks at both ends.

    None where it would not be one: too short, without a finite verb, opening on a word that needs another clause, or
    holding half of a bracket or of a quotation.
    """
    doc = sentence.doc
    tokens = _strip_joints(sentence, tokens, boundary)
    if sum(doc[i].is_alpha or doc[i].like_num for i in tokens) < _LEAST_WORDS:
        return None
    opening = doc[tokens[0]]
    if opening.text[0] in "'’" and tokens[0] and not doc[tokens[0] - 1].whitespace_:
        return None  # the "'s" of "who's" or "it's"
    within = set(tokens)
    head = _find_top(opening, within)
    begins = set(tokens[:2])
    if any(child.i in begins and child.i < head.i and _subordinates(child) for child in head.children):
        return None
    if _breaks_off(sentence, tokens[-1]):
        return None
    lead = _find_lead(boundary, head, within)
    if lead is None or not _predicates(doc, tokens, lead):
        return None
    own = _find_stretches(doc, tokens)
    words = _write_reading(doc, text, tokens, lead)
    if not _is_balanced(words) or not _is_balanced(" ".join(text[start:end] for start, end in own)):
        return None
    words = words[:1].upper() + words[1:]
    if words[-1:] not in ".!?…":
        words += "."
    stretch = (own[0][0], own[-1][1])
    spans = tuple(sorted({*own, *_find_stretches(doc, list(lead.tokens))}))
    return Clause(*stretch, () if spans == (stretch,) else spans, words)


def _breaks_off(sentence: "Span", last: int) -> bool:
    """Tell whether a piece stops at a word that needs what follows, in the middle of the sentence."""
    token = sentence.doc[last]
    if all(sentence.doc[index].is_punct for index in range(last + 1, sentence.end)) or token.pos_ in {"PRON", "NOUN"}:
        return False
    if token.tag_ == "IN":
        return not sentence.doc[last + 1].is_punct  # "hard to gain trust with, but"
    return token.tag_ in {"MD", "TO", "DT", "CC", "PRP$"} or token.lower_ in _LEFT_HANGING


def _subordinates(token: "Token") -> bool:
    """Tell whether a word makes its clause hang on another: a condition, an infinitive, an indirect question."""
    if token.lower_ == "to":
        return token.dep_ == "mark"
    return token.lower_ in _DEPENDENT and token.tag_ in {"IN", "WDT", "WP", "WP$", "WRB"}


def _strip_joints(sentence: "Span", tokens: list[int], boundary: Boundary | None) -> list[int]:
    doc = sentence.doc
    while tokens and (doc[tokens[0]].is_space or doc[tokens[0]].text in _OPENERS or doc[tokens[0]].dep_ == "cc"):
        tokens = tokens[1:]
    if boundary is None and tokens and doc[tokens[0]].lower_ in SUBORDINATORS and doc[tokens[0]].dep_ == "mark":
        tokens = tokens[1:]  # "Because B, A": A has a boundary of its own
    if boundary is None:
        tokens = _strip_opening(sentence, tokens)
    while tokens and (doc[tokens[-1]].is_space or doc[tokens[-1]].text in _CLOSERS or _closes(doc, tokens, boundary)):
        tokens = tokens[:-1]
    return tokens


def _strip_opening(sentence: "Span", tokens: list[int]) -> list[int]:
    """Leave out the number of a list, and a quotation mark that the sentence does not close."""
    doc = sentence.doc
    if len(tokens) > 2 and ENUMERATOR.fullmatch(doc[tokens[0]].text) and doc[tokens[1]].text == ")":
        tokens = tokens[2:]
    if tokens and doc[tokens[0]].text == '"' and sentence.text.count('"') % 2:
        tokens = tokens[1:]
    return tokens


def _closes(doc: "Doc", tokens: list[int], boundary: Boundary | None) -> bool:
    """Tell whether the last token closes the bracket that the boundary opens, or stops the sentence."""
    last = doc[tokens[-1]].text
    if last in {".", "!", "?", "…"}:
        return True
    if boundary is not None and boundary.bracket is not None and _CLOSING[boundary.bracket] == last:
        return True
    return last == ")" and not any(doc[index].text == "(" for index in tokens)


def _find_top(token: "Token", within: set[int]) -> "Token":
    while token.head.i != token.i and token.head.i in within:
        token = token.head
    return token


def _predicates(doc: "Doc", tokens: list[int], lead: _Lead) -> bool:
    """Tell whether something is said of something in a clause."""
    finite = any(is_finite(doc[i]) for i in tokens)
    within = set(tokens)
    if lead.tokens or lead.link:
        top = _find_top(doc[tokens[0]], within)
        opens_with_link = any(child.dep_ in {"mark", "case"} and child.i in set(tokens[:2]) for child in top.children)
        if lead.tokens and (doc[tokens[0]].lower_ == "not" or opens_with_link):
            return False  # "care about A, and not about B": one contrast
        helped = any(is_helper(child) for child in top.children)
        shares_help = any(doc[i].dep_ == "cop" for i in lead.tokens)
        return finite or helped or shares_help or top.pos_ in {"VERB", "AUX"}
    # A verb with a subject is finite, whatever its tag ("Probes read beliefs"); after "to" it has none.
    for i in tokens:
        if doc[i].dep_ in SUBJECTS and doc[i].head.i in within:
            verb = doc[i].head
            if finite or (verb.pos_ == "VERB" and not any(child.lower_ == "to" for child in verb.children)):
                return True
    top = _find_top(doc[tokens[0]], within)
    return top.tag_ == "VB" and not has_subject(top)  # an imperative


def _find_lead(boundary: Boundary | None, head: "Token", within: set[int]) -> _Lead | None:
    """Return what a clause shares; None where it has no subject and shares none."""
    if boundary is None:
        return _Lead()
    governor = boundary.head.head if boundary.head.head.i < boundary.edge else None
    if boundary.relative is not None:
        return _find_antecedent(boundary, governor, within)
    if not has_subject(head):
        shared = _find_shared_subject(head, governor)
        if shared is not None:
            return shared
        if head.tag_ == "VB" or any(head.doc[i].dep_ in SUBJECTS for i in within):
            return _Lead()
        return None
    stance = find_stance(boundary.head)
    if stance is not None and stance.i < boundary.edge:
        clause = next(
            (child for child in stance.children if child.dep_ in {"ccomp", "csubj"} and child.i > stance.i), None
        )
        if clause is not None and clause.left_edge.i < boundary.edge:
            first = clause.left_edge.i
            first += clause.doc[first].lower_ == "that"
            return _Lead(tuple(range(_find_beginning(stance), first)))
    return _Lead()


def _find_beginning(verb: "Token") -> int:
    """Return the first token of the clause of a verb, behind what joins it to another."""
    first = verb.left_edge.i
    while verb.doc[first].dep_ in {"cc", "punct", "mark"} and first < verb.i:
        first += 1
    return first


def _find_shared_subject(head: "Token", governor: "Token | None") -> _Lead | None:
    """Return the subject of the clause that `head` is coordinated with, and the auxiliaries that it shares."""
    for above in () if governor is None else (governor, *governor.ancestors):
        subjects = [child for child in above.children if child.dep_ in SUBJECTS]
        if subjects:
            break
    else:
        return None
    subject = subjects[0]
    if subject.i > above.i or subject.lower_ in {"which", "who", "that"}:
        return None
    shared = list(range(subject.left_edge.i, subject.right_edge.i + 1))
    helped = any(is_helper(child) for child in head.children)
    may_share = head.tag_ in {"VB", above.tag_} or not is_finite(head)
    if may_share and not helped and head.tag_ not in {"VBD", "VBZ", "VBP"}:
        shared += [child.i for child in above.children if is_helper(child) and child.i < above.i]
    return _Lead(tuple(shared))


def _find_antecedent(boundary: Boundary, governor: "Token | None", within: set[int]) -> _Lead | None:
    """Return what a relative pronoun stands for: the noun before it, or "this" for all that is said before."""
    doc = boundary.head.doc
    pronoun = doc[boundary.start - 1]
    if boundary.relative == "where":
        return _Lead()
    noun = next((a for a in pronoun.ancestors if a.i < boundary.edge), None)
    lead: tuple[int, ...] = ()
    if noun is not None and noun.pos_ in {"NOUN", "PROPN", "PRON"}:
        last = next((i for i in range(boundary.edge - 1, noun.i - 1, -1) if not doc[i].is_punct), noun.i)
        lead = tuple(range(noun.left_edge.i, last + 1))
        if doc[noun.left_edge.i].dep_ == "case":
            lead = lead[1:]
        if any(doc[i].dep_ in {"acl:relcl", "appos", "conj"} for i in lead):
            return None
    if boundary.relative == "whose":
        return _Lead(lead, _POSSESSIVE) if lead else None
    if boundary.relative == "who" and not lead:
        return None
    link = "" if lead else "this"
    verb = pronoun.head
    if verb.i not in within:
        return None
    if pronoun.dep_ not in SUBJECTS:
        if pronoun.dep_ == "obj" and (verb.i + 1 == len(doc) or doc[verb.i + 1].tag_ not in {"IN", "RP"}):
            return _Lead(lead, link, verb.i + 1)
        return _Lead(lead, link, max(within) + 1) if doc[max(within)].tag_ == "IN" else None
    if verb.i == boundary.head.i:
        return _Lead(lead, link)
    # "which I think is rare": the noun reads before the inner clause, "I think the noun is rare".
    inner = (i for i in range(boundary.start, verb.i + 1) if i == verb.i or doc[i].head.i == verb.i)
    return _Lead(lead, link, next(inner))


def _write_reading(doc: "Doc", text: str, tokens: list[int], lead: _Lead) -> str:
    """Return the words of a clause as they are read alone."""

    def join(part: Sequence[int]) -> str:
        return " ".join(text[start:end].strip(" ,;:—–") for start, end in _find_stretches(doc, list(part)))

    gap = tokens[0] if lead.gap is None else lead.gap
    before, after = [i for i in tokens if i < gap], [i for i in tokens if i >= gap]
    shared = join(lead.tokens)
    shared = shared + lead.link if lead.link == _POSSESSIVE else " ".join(filter(None, (shared, lead.link)))
    return " ".join(filter(None, (join(before), shared, join(after))))


def _is_balanced(text: str) -> bool:
    """Tell whether brackets and quotation marks of a text close."""
    pairs = ("()", "[]", "{}", "“”")
    return text.count('"') % 2 == 0 and all(text.count(opened) == text.count(closed) for opened, closed in pairs)


def _find_stretches(doc: "Doc", tokens: list[int]) -> list[tuple[int, int]]:
    """Join neighbouring tokens into stretches of characters; none has white space at its ends."""
    spans: list[tuple[int, int]] = []
    before = -2
    for i in tokens:
        token = doc[i]
        if token.is_space:
            before = i if i == before + 1 else before
            continue
        end = token.idx + len(token.text)
        if i == before + 1:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((token.idx, end))
        before = i
    return spans
