"""A sentence → the atomic claims in it, each a stretch of the sentence with a reading that stands alone.

Works on a dependency parse with Universal Dependencies labels. Coordinated clauses, because/although/whereas clauses,
non-restrictive relative clauses and asserted parentheses become claims of their own. What would change its meaning
when cut is left whole: conditionals, alternatives ("A or B"), questions, restrictive relatives, reported speech,
comparisons, quotations. (Proposition segmentation: Chen et al. 2023, PropSegmEnt; clause splitting: Del Corro & Gemulla
2013, ClausIE.)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_ASSERTED_MARKS = frozenset({"because", "although", "though", "whereas", "since", "while", "so"})
_JOINING = frozenset({"and", "but", "yet", "so", "&"})
_CONDITION = frozenset({"if", "unless", "whether", "assuming", "provided", "suppose", "supposing", "once", "lest"})
_OPENERS = frozenset(",;:([—–-")
_CLOSERS = frozenset({",", ";", ":", "(", "[", "—", "–", "--", "-"})
_DEPENDENT = frozenset(
    "when if that which who whom whose how what where why rather than because though although as whereas while".split()
)
_DENYING = frozenset({"not", "n't", "n’t", "never"})
_SPEAKING = frozenset({"say", "ask", "tell", "argue", "claim", "wonder", "think", "answer", "reply", "write"})
_OPENING_MARKS = frozenset('"“‘«') | {"``"}
_CLOSING_MARKS = frozenset('"”’»') | {"''"}
_LEAST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Clause:
    """One claim in a sentence, in characters of its Doc: [start, end) is quotable as it stands.

    `spans` are all the stretches that carry the claim, the subject it shares with another clause included; `standalone`
    reads them as a sentence. `whole` holds for a sentence that was not cut.
    """

    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    standalone: str
    whole: bool


def split_clauses(sentence: "Span", text: str | None = None) -> list[Clause]:
    """Cut a sentence into its claims, in order of place; a sentence that must not be cut is one claim.

    `text` is what is read for the reader where the parser was given something else of the same length.
    """
    text = sentence.doc.text if text is None else text
    root = sentence.root
    cuts = [] if _must_stay_whole(sentence, root) else list(_cuts(sentence, root))
    end = _end_of_words(sentence)
    taken: set[int] = set()
    clauses: list[Clause] = []
    for cut in sorted(cuts, key=lambda cut: -cut.first):  # inner and later ones first: they are cut out of the outer
        own = [i for i in range(cut.first, cut.last) if i not in taken]
        clause = _clause(sentence, own, cut, text)
        if clause is not None:
            taken.update(range(cut.edge, cut.last))
            clauses.append(clause)
    main = _clause(sentence, [i for i in range(sentence.start, end) if i not in taken], None, text) if clauses else None
    if main is None or root.i in taken or _breaks_off(sentence, taken):
        return [_whole(sentence, text)]
    return sorted([main, *clauses], key=lambda clause: (clause.start, clause.end))


def _breaks_off(sentence: "Span", taken: set[int]) -> bool:
    """Tell whether what was cut out is what a verb says: "there is no way to say, well, it will go up"."""
    return any(
        token.i not in taken
        and token.i + 2 < sentence.end
        and token.lemma_ in _SPEAKING
        and token.pos_ == "VERB"
        and (token.i + 1 in taken or (token.nbor(1).is_punct and token.i + 2 in taken))
        for token in sentence
    )


@dataclass(frozen=True, slots=True)
class _Cut:
    """Tokens [first, last) that are a claim; `edge` ≤ first takes the conjunction or bracket before them out as well.

    `lead` are tokens from elsewhere that it shares (a subject, auxiliaries); `link` is a word to put after them.
    """

    edge: int
    first: int
    last: int
    lead: tuple[int, ...] = ()
    link: str = ""


def _whole(sentence: "Span", text: str) -> Clause:
    start, end = sentence.start_char, sentence.end_char
    return Clause(start, end, (), text[start:end].strip(), True)


def _must_stay_whole(sentence: "Span", root: "Token") -> bool:
    if sentence.text.rstrip(" \"'”’)]").endswith("?") or len(sentence) > 200 or not _is_clause(root):
        return True
    if any(child.dep_ == "mark" for child in root.children):
        return True  # no main clause, or not parsed as one
    if any(
        token.lower_ in _CONDITION and token.dep_ in {"mark", "advmod", "cc"} for token in _iterate_conditions(root)
    ):
        return True
    # "Had it been …, it would …": an inverted condition has no word to show for it.
    return any(
        child.dep_ == "advcl" and child.i < root.i and _first(child).lower_ in {"had", "were", "should"}
        for child in root.children
    )


def _iterate_conditions(root: "Token") -> Iterator["Token"]:
    """Yield the tokens whose condition would govern the main clause: markers of its adverbial clauses and conjuncts."""
    for head in (root, *root.conjuncts):
        for child in head.children:
            if child.dep_ in {"advcl", "mark", "cc", "parataxis", "csubj"}:
                yield child
                yield from child.children


def _cuts(sentence: "Span", root: "Token") -> Iterator[_Cut]:
    asserting = [root]
    while asserting:
        head = asserting.pop()
        for child in head.children:
            cut = None
            if child.dep_ == "conj" and (child.pos_ == "VERB" or _is_clause(child)):
                cut = _cut_coordinated(head, child)
            elif child.dep_ == "advcl" and _is_clause(child):
                cut = _cut_subordinate(child)
            elif child.dep_ == "parataxis" and _is_clause(child):
                cut = _cut_aside(child)
            if cut is not None and sentence.start <= cut.edge and cut.last <= sentence.end:
                yield cut
                asserting.append(child)
        if head.pos_ in {"NOUN", "PROPN"}:
            yield from _cut_noun_additions(head)
        for child in head.children:
            if child.dep_ in {"nsubj", "nsubj:pass", "obj", "obl", "nmod"} and child.pos_ in {"NOUN", "PROPN"}:
                yield from _cut_noun_additions(child)


def _is_clause(token: "Token") -> bool:
    """Tell whether a token heads a finite clause or a predicate: it has a subject, a copula, or is a finite verb."""
    if any(child.dep_ in {"nsubj", "nsubj:pass", "csubj", "cop", "expl"} for child in token.children):
        return True
    if token.pos_ not in {"VERB", "AUX"}:
        return False
    return "Fin" in token.morph.get("VerbForm", []) or any(child.dep_.startswith("aux") for child in token.children)


def _has_subject(token: "Token") -> bool:
    return any(child.dep_ in {"nsubj", "nsubj:pass", "csubj", "expl", "csubj:pass"} for child in token.children)


def _cut_coordinated(head: "Token", child: "Token") -> _Cut | None:
    """Cut off "and B" of "A and B", with A's subject where B has none."""
    joins = [token for token in child.children if token.dep_ == "cc"]
    if any(token.lower_ not in _JOINING for token in joins):
        return None
    if any(
        token.dep_ in {"cc:preconj", "cc"} and token.lower_ in {"either", "neither", "both"} for token in head.children
    ):
        return None
    first, last = _first(child).i, _last(child).i + 1
    start = first
    while start < last and child.doc[start].dep_ in {"cc", "punct"}:
        start += 1
    if start < last and (child.doc[start].lower_ == "not" or _opens_within_quotation(child, first, start)):
        return None  # "A, not B" is one contrast; of "“is A” and “is B”" two things are named, and nothing is said
    if _has_subject(child):
        return None if _may_hang_lower(head, first) else _Cut(_edge(child.doc, first), start, last)
    if start == first and not child.doc[first - 1].is_punct:
        return None  # with neither a mark nor a word between them: one predicate, whatever the parse says
    objects = {"obj", "ccomp", "xcomp", "obl"}
    shares_object = first == head.i + 1 and start - first == 1 and any(c.dep_ in objects for c in child.children)
    if head.dep_ not in {"ROOT", "conj", "parataxis", "advcl"} or shares_object:
        return None  # "buys and sells it": the first part is not complete without the second
    if any(token.lower_ in _DENYING for token in head.children):
        return None  # "does not A and B" does not say what of B
    if (
        child.tag_ in {"VBG", "VBN"}
        and child.tag_ != head.tag_
        and not any(c.dep_.startswith("aux") for c in child.children)
    ):
        return None  # a participle beside a verb is no second predicate
    between = (token for token in head.subtree if head.i < token.i < first and token.i != child.i)
    if any(token.dep_ in {"nsubj", "nsubj:pass"} for token in between):
        return None  # "says that Q runs and stops": whose the second verb is, only the reader knows
    subjects = [token for token in head.children if token.dep_ in {"nsubj", "nsubj:pass", "csubj", "expl"}]
    if not subjects or subjects[0].i > head.i:
        return None
    shared = list(range(_first(subjects[0]).i, _last(subjects[0]).i + 1))
    helped = any(token.dep_.startswith("aux") or token.dep_ == "cop" for token in child.children)
    if not helped and "Fin" not in child.morph.get("VerbForm", []):
        shared += [token.i for token in head.children if token.dep_.startswith("aux") and token.i < head.i]
    elif not helped and child.tag_ in {"VB", "VBN", "VBG"}:
        shared += [token.i for token in head.children if token.dep_.startswith("aux") and token.i < head.i]
    return _Cut(_edge(child.doc, first), start, last, tuple(shared))


def _opens_within_quotation(child: "Token", first: int, start: int) -> bool:
    """Whether a part, or the marks before it, begin with a quotation mark that is not closed before its verb."""
    doc = child.doc
    opened = any(doc[i].text in _OPENING_MARKS for i in range(first, start + 1))
    return opened and not any(doc[i].text in _CLOSING_MARKS for i in range(start + 1, child.i))


def _may_hang_lower(head: "Token", first: int) -> bool:
    """Tell whether a clause that follows without a comma may go on what stands before it: "a number where P and Q"."""
    if head.doc[first].is_punct or head.doc[first - 1].is_punct:
        return False
    clauses = {"acl", "acl:relcl", "advcl", "advcl:relcl", "ccomp", "csubj"}
    token = head.doc[first - 1]
    while token.i != head.i and token.head.i != token.i:
        if token.dep_ in clauses and _has_subject(token):
            return True
        token = token.head
    return False


def _cut_subordinate(child: "Token") -> _Cut | None:
    """Cut off "because B", "although B", "whereas B"."""
    marks = [token for token in child.children if token.dep_ == "mark"]
    if len(marks) != 1 or marks[0].lower_ not in _ASSERTED_MARKS or not _has_subject(child):
        return None
    mark = marks[0].lower_
    before = child.doc[marks[0].i - 1].text if marks[0].i else ","
    if mark in {"since", "while", "so"} and before != "," and marks[0].i > child.sent.start:
        return None  # of time, or of purpose ("so that")
    if mark == "so" and marks[0].i + 1 < len(child.doc) and child.doc[marks[0].i + 1].lower_ == "that":
        return None
    if mark == "because" and before != "," and any(token.lower_ in _DENYING for token in child.head.children):
        return None  # "does not do A because B" may deny B
    if any(
        token.lower_ in {"not", "just", "only", "merely", "simply"}
        for token in child.doc[max(0, marks[0].i - 1) : marks[0].i]
    ):
        return None  # "not because B" denies B
    first, last = _first(child).i, _last(child).i + 1
    return _Cut(_edge(child.doc, first), marks[0].i + 1, last)


def _cut_aside(child: "Token") -> _Cut | None:
    """Cut off a clause that is only set beside the other: after a dash, a colon, a semicolon, or in brackets."""
    first, last = _first(child).i, _last(child).i + 1
    if first == 0 or not _has_subject(child):
        return None
    before = child.doc[first].text if child.doc[first].is_punct else child.doc[first - 1].text
    if before not in {";", "(", "—", "–", "--"} and not (before == "-" and _opens(child.doc, first - 1)):
        return None
    start = first
    while start < last and (child.doc[start].is_punct or child.doc[start].dep_ == "cc"):
        start += 1
    end = last
    while end > start and child.doc[end - 1].text in {")", "—", "–", ";"}:
        end -= 1
    return _Cut(_edge(child.doc, first), start, end)


def _cut_noun_additions(noun: "Token") -> Iterator[_Cut]:
    """Cut off ", which B" and ", the C," after a noun: what a clause or an apposition says of it beside the point."""
    for child in noun.children:
        first, last = _first(child).i, _last(child).i + 1
        start = first
        while start < last and child.doc[start].is_punct:
            start += 1
        if start >= last or child.doc[start - 1].text not in {",", "(", "—", "–"}:
            continue
        lead = tuple(range(_first(noun).i, start - 1))
        if any(child.doc[i].dep_ in {"acl:relcl", "appos", "conj"} for i in lead):
            continue
        opening = child.doc[start]
        if child.dep_ == "acl:relcl" and opening.lower_ in {"which", "who"} and opening.head.i == child.i:
            if opening.dep_ in {"nsubj", "nsubj:pass"}:
                yield _Cut(start - 1, start + 1, _take_closing_mark(child.doc, last), lead)
        elif child.dep_ == "appos" and opening.lower_ in {"a", "an", "the"} and noun.pos_ == "PROPN":
            yield _Cut(start - 1, start, _take_closing_mark(child.doc, last), lead, "is")


def _take_closing_mark(doc: "Doc", last: int) -> int:
    """Take the comma or bracket that closes an aside with it."""
    return last + 1 if last < len(doc) and doc[last].text in {",", ")", "—", "–"} else last


def _first(token: "Token") -> "Token":
    return token.doc[token.left_edge.i]


def _last(token: "Token") -> "Token":
    return token.doc[token.right_edge.i]


def _edge(doc: "Doc", first: int) -> int:
    """Move left over the comma, bracket and conjunction that join a clause to the one before it."""
    if first > 0 and doc[first - 1].dep_ == "cc" and doc[first - 1].lower_ in _JOINING:
        first -= 1
    while first > 0 and _opens(doc, first - 1):
        first -= 1
    return first


def _opens(doc: "Doc", i: int) -> bool:
    """Tell whether a token sets off what follows; a hyphen within a word does not."""
    text = doc[i].text
    return text in _OPENERS and (text != "-" or (i > 0 and bool(doc[i - 1].whitespace_)))


def _end_of_words(sentence: "Span") -> int:
    end = sentence.end
    while end > sentence.start and (sentence.doc[end - 1].is_punct or sentence.doc[end - 1].is_space):
        end -= 1
    return end


def _clause(sentence: "Span", tokens: list[int], cut: _Cut | None, text: str) -> Clause | None:
    """Make a claim of tokens, without the joining words and marks at both ends.

    None where it would not be one: too short, opening on a word that needs another clause, or holding half of a
    bracket or of a quotation.
    """
    doc = sentence.doc
    while tokens and (doc[tokens[0]].is_space or _opens(doc, tokens[0]) or doc[tokens[0]].dep_ == "cc"):
        tokens = tokens[1:]
    while tokens and (doc[tokens[-1]].is_space or doc[tokens[-1]].text in _CLOSERS):
        tokens = tokens[:-1]
    if sum(doc[i].is_alpha or doc[i].like_num for i in tokens) < _LEAST_WORDS or doc[tokens[0]].lower_ in _DEPENDENT:
        return None
    if doc[tokens[0]].text[0] in "'’" and tokens[0] and not doc[tokens[0] - 1].whitespace_:
        return None  # the "'s" of "who's" or "it's"
    led = cut is not None and bool(cut.lead)
    if not led and not any("Fin" in doc[i].morph.get("VerbForm", []) or doc[i].pos_ == "AUX" for i in tokens):
        return None
    if any(doc[i].lower_ in _DEPENDENT and doc[i].dep_ == "mark" for i in tokens[:5]):
        return None
    if cut is not None and (doc[tokens[0]].lower_ == "to" or not _ends(sentence, cut.last)):
        return None
    own = _stretches(doc, tokens)
    if any(text[start:end].split()[0].lower() in _JOINING for start, end in own[1:]):
        return None
    lead = _stretches(doc, list(cut.lead)) if cut else []
    words = [text[start:end] for start, end in lead] + ([cut.link] if cut and cut.link else [])
    words += [text[start:end] for start, end in own]
    standalone = " ".join(word.strip(" ,;:—–") for word in words)
    if not _is_balanced(standalone) or not _is_balanced(" ".join(text[start:end] for start, end in own)):
        return None
    standalone = standalone[:1].upper() + standalone[1:]
    if standalone[-1:] not in ".!?…":
        standalone += "."
    stretch = (own[0][0], own[-1][1])
    spans = tuple(sorted({*own, *lead}))
    return Clause(*stretch, () if spans == (stretch,) else spans, standalone, False)


def _ends(sentence: "Span", last: int) -> bool:
    """Tell whether a clause stops at a mark, a conjunction or the end: one that runs on was not parsed right."""
    if last >= sentence.end:
        return True
    after, before = sentence.doc[last], sentence.doc[last - 1]
    return after.is_punct or before.is_punct or after.dep_ == "cc" or after.is_space


def _is_balanced(text: str) -> bool:
    """Tell whether brackets and quotation marks of a text close."""
    pairs = ("()", "[]", "{}", "“”")
    return text.count('"') % 2 == 0 and all(text.count(opened) == text.count(closed) for opened, closed in pairs)


def _stretches(doc: "Doc", tokens: list[int]) -> list[tuple[int, int]]:
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
