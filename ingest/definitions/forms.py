"""The forms in which people define, as patterns over the words.

Forms of definition in argument and in textbooks (Navigli & Velardi 2010; Spala et al. 2019, DEFT), and of talk about
meaning in dialogue (Myrendal 2015: "what do you mean by", "not what I would call"). A form only proposes: how sure it
is in its place is learned (`ingest.definitions.detector`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.model import Stance
from ingest.definitions.terms import Place, gloss_at, term_at

LONGEST = 1500  # characters of a sentence that are read

_QUOTED = r"[\"“‘*_`][^\"“”*`\n]{1,60}?[\"”’*_`]|'[^'\"“”\n]{1,60}'(?!\w)"
_WORD = r"[^\s,;:.()\"“”?!]{1,40}"
_TERM = rf"(?P<term>{_QUOTED}|{_WORD}(?: {_WORD}){{0,5}}?)"
_NAMED = rf"(?P<term>{_QUOTED}|(?:(?:the|an?) )?{_WORD}(?: {_WORD}){{0,3}}?)"
_AS_NAME = rf"(?P<term>{_QUOTED}|(?:the |an? )?[A-Za-z][\w-]{{0,40}}(?: [\w-]{{1,40}}){{0,3}}?)"
_REST = r"(?P<gloss>[^\n]{3,900})"
_I = r"(?:I|we|one|people|you|they|he|she)"
_AUX = (
    r"(?: ?['’](?:ll|d|m|re|ve)| (?:would|will|could|can|do|am|are|is|have|might|usually|generally|often|mostly|really"
    r"|just|always|actually|here|only|simply|still|both|all|specifically|roughly|tend to|like to)){0,4}"
)
_MEAN = r"(?:mean|means|meant|meaning|am (?:referring|pointing) (?:to|at)|refer to|understand)"
_SOFTLY = (
    r"(?:(?:here|just|simply|usually|roughly|basically|then|literally|generally|essentially|often|typically|really"
    r"|loosely|informally|formally|sometimes|actually|also|normally) ){0,2}"
)
_STOP = r"(?=[.,;:)(!?—–]|$| (?:and|or|but|because|if|when|since|in|by|is|are|where|here|which|at|on)\b)"
_OR = rf"(?:,? or (?:just |simply |the )?(?:{_QUOTED}))?"
_CLOSED = r"(?=,? (?:here|there|exactly|in this|in that)|[ ,]*(?:\?|$|[.,;)—–]))"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to define: `pattern` has a group `term` and perhaps `gloss`. `needs`: one of these stands in the text."""

    name: str
    stance: Stance
    likely: float
    needs: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be a definition, in characters of the text of its block.

    `before` holds where the gloss, or the term, stands in the sentence before.
    """

    term: Place
    gloss: Place | None
    stance: Stance
    form: str
    likely: float
    before: bool = False
    cue: Place = (0, 0)


def _form(name: str, stance: Stance, likely: float, needs: str, pattern: str) -> Form:
    spaced = pattern.replace(" ?", r"\s{0,2}").replace(" ", r"\s{1,3}")
    return Form(name, stance, likely, tuple(needs.split("|")), re.compile(spaced, re.IGNORECASE))


_STATED, _DISPUTED, _ASKED = Stance.STATED, Stance.DISPUTED, Stance.ASKED

FORMS: tuple[Form, ...] = (
    # -- asked -----------------------------------------------------------------------------------------------------
    _form(
        "what do you mean by",
        _ASKED,
        0.95,
        "mean",
        rf"\bwhat (?:exactly |precisely )?(?:do|did|does|would|are|is) \w{{1,20}} (?:\w{{1,20}} )?mean(?:ing)? (?:exactly |here )?"
        rf"(?:by|when \w{{1,20}} (?:say|talk about|speak of)) {_TERM}{_CLOSED}",
    ),
    _form(
        "what does X mean",
        _ASKED,
        0.9,
        " mean",
        rf"\bwhat (?:does|do|would|did) (?:it mean to be |it mean for \w{{1,20}} to be )?{_TERM} (?:even |really |actually |here )?mean\b",
    ),
    _form(
        "what is it to be X",
        _ASKED,
        0.85,
        "mean|what is it",
        rf"\bwhat (?:does it mean|would it mean|is it) (?:for (?:an? |the )?[\w-]{{1,30}}(?: [\w-]{{1,30}})? )?to (?:be|call (?:\w{{1,20}} ){{1,3}}) {_TERM}{_CLOSED}",
    ),
    _form(
        "what counts as X",
        _ASKED,
        0.85,
        "count|qualif",
        rf"\b(?:what|which|who) (?:would |exactly )?(?:counts?|qualif\w{{1,5}}) as {_TERM}{_CLOSED}",
    ),
    _form(
        "how do you define",
        _ASKED,
        0.95,
        "defin|understand",
        rf"\bhow (?:do|would|are|should|did|does) \w{{1,20}} (?:\w{{1,20}} )?(?:defin\w{{1,4}}|understand) {_TERM}{_CLOSED}",
    ),
    _form(
        "if by X you mean",
        _ASKED,
        0.9,
        "mean",
        rf"\bif by {_TERM},? (?:you|we|one|they|people|he|she) (?:just |only |really |simply )?(?:mean|means|meant) {_REST}",
    ),
    _form(
        "do you mean X",
        _ASKED,
        0.8,
        "mean|refer",
        rf"\b(?:by|with) {_TERM},? (?:do|did|are) you (?:mean|meaning|refer\w{{0,4}}(?: to)?) {_REST}",
    ),
    _form(
        "before you'd call X",
        _ASKED,
        0.7,
        "call",
        rf"\bwhat\b[^.?!]{{1,80}} (?:before|for) (?:you|us|me|one|it|anyone) ?(?:['’]d |would |to )?call (?:an? |the )?[\w-]{{1,30}} {_TERM} ?\?",
    ),
    # -- disputed --------------------------------------------------------------------------------------------------
    _form(
        "not what I'd call",
        _DISPUTED,
        0.95,
        "call|mean|understand|think of| use",
        rf"(?:\bnot|n['’]t) (?:really |exactly |quite )?(?:what|how) (?:{_I}|most \w{{1,20}})(?: ?['’]d| would)? ?(?:usually |normally )?"
        rf"(?:call|(?:mean|meant|understand) by|use|think of as) {_TERM}{_STOP}",
    ),
    _form(
        "wouldn't call that",
        _DISPUTED,
        0.85,
        "call",
        rf"\b(?:would ?n['’]t|would not|do ?n['’]t|do not|can ?['’]?t|cannot) (?:really |quite )?call (?P<gloss>[^\s,.;]{{1,40}}(?: [^\s,.;]{{1,40}}){{0,12}}?) "
        rf"(?P<term>{_QUOTED}|(?:an? )?[\w-]{{2,40}}(?: [\w-]{{2,40}})?)(?=[.,;:)!?]|$)",
    ),
    _form(
        "X does not mean",
        _DISPUTED,
        0.85,
        " mean| refer",
        rf"(?:^|[,;:(—] ?|\bthat |\bbut |\band ){_NAMED} (?:does ?n['’]t|does not|do ?n['’]t|do not|did ?n['’]t) "
        rf"(?:just |only |simply |merely |necessarily |really )?(?:mean|refer to) {_REST}",
    ),
    _form(
        "not what X means",
        _DISPUTED,
        0.85,
        "what",
        rf"(?:\bnot|n['’]t) (?:really |quite )?what {_TERM} (?:means|meant|refers to|is about)\b",
    ),
    _form(
        "G isn't X, it's Y",
        _DISPUTED,
        0.75,
        "not|n't|n’t",
        rf"(?:^|[;:—] ?)(?P<gloss>[^,;:.?!]{{2,120}}) (?:is ?n['’]t|is not|are ?n['’]t|are not) (?:really |just )?(?P<term>{_QUOTED}|(?:an? |the )?[\w-]{{2,40}}(?: [\w-]{{2,40}}){{0,2}}),? "
        rf"(?:but |it ?['’]s |it is |that ?['’]s |they ?['’]re |they are )(?:rather |just |merely )?(?:an? |the )?[\w-]{{2,}}",
    ),
    _form(
        "that isn't X",
        _DISPUTED,
        0.55,
        "not|n't|n’t",
        rf"\b(?:that|this|which|it)(?: ?['’]s not| is not| isn['’]t) (?:really |actually |quite )?(?:an? |the )?(?P<term>{_QUOTED})",
    ),
    _form(
        "X as opposed to",
        _DISPUTED,
        0.6,
        "opposed to|distinct from|distinguished from|contrast",
        rf"(?P<term>{_QUOTED}|\b(?:the |an? )?[A-Za-z][\w-]{{2,40}}(?: [\w-]{{2,40}}){{0,2}}?) ?[,(—–]? ?(?:as opposed to|as distinct from|as distinguished from|in contrast (?:to|with)) {_REST}",
    ),
    # -- stated ----------------------------------------------------------------------------------------------------
    _form(
        "by X I mean",
        _STATED,
        0.97,
        "mean|refer|pointing|understand",
        rf"(?<!if\x20)\b(?:by|with) {_TERM},? {_I}{_AUX} {_MEAN}(?: to refer to)?[,:]? {_REST}",
    ),
    _form(
        "I mean by X", _STATED, 0.93, "mean", rf"(?<!what\x20)\b{_I}{_AUX} mean by {_TERM}(?:, (?:then|here))?(?:,|:| is) ?{_REST}"
    ),
    _form(
        "when I say X I mean",
        _STATED,
        0.95,
        "mean|refer|pointing|understand",
        rf"\bwhen(?:ever)? {_I}{_AUX} (?:say|talk about|speak of|use|write|call something|use the (?:word|term|phrase)) {_TERM},? {_I}{_AUX} {_MEAN}[,:]? {_REST}",
    ),
    _form(
        "what I mean by X is",
        _STATED,
        0.95,
        "mean",
        rf"\bwhat {_I}{_AUX} (?:mean|meant|mean to say) (?:here )?(?:by|with|when {_I} say) {_TERM},? (?:[^,.;]{{2,40}}, )?(?:is|was)[,:]? {_REST}",
    ),
    _form(
        "say X and mean",
        _STATED,
        0.8,
        "mean",
        rf"\b(?:say|says|said) (?P<term>{_QUOTED}),? (?:and )?(?:what (?:they|he|she|we|I)|(?:they|he|she|we|I)){_AUX} mean(?:s|t)?(?: is)?(?: that)?[,:]? {_REST}",
    ),
    _form(
        "X, by which I mean",
        _STATED,
        0.93,
        "mean",
        rf"(?P<term>{_QUOTED}|\b(?:the |an? )?[A-Za-z][\w-]{{1,40}}(?: [\w-]{{2,40}}){{0,2}}?) ?[,(—–-]{{1,2}} ?(?:by which {_I}{_AUX} mean|meaning (?:by (?:that|this) )?)[,:]? {_REST}",
    ),
    _form(
        "use X to mean",
        _STATED,
        0.93,
        "use|using|take|took|taking|understand",
        rf"\b(?:use|uses|used|using|take|takes|took|taking|understand) (?:the (?:word|term|phrase|expression)s? )?{_TERM} (?:here )?"
        rf"(?:to (?:mean|refer to|denote|describe|point (?:at|to)|be)|as (?:meaning|shorthand for|an? (?:word|term|name|label) for)|for:|in the sense of) {_REST}",
    ),
    _form(
        "define X as",
        _STATED,
        0.95,
        "defin",
        rf"\b(?:defin(?:e|es|ed|ing)|redefine\w{{0,2}}) (?!by\b|in\b|as\b|what\b|how\b|that\b|it\b)(?:the (?:word|term|notion|concept) (?:of )?)?{_TERM} (?:\([^)]{{1,60}}\) )?(?:here |loosely |roughly )?(?:as|to be|to mean)[,:]? {_REST}",
    ),
    _form(
        "X is defined as",
        _STATED,
        0.95,
        "defined",
        rf"{_NAMED},? (?:(?:is|are|was|can be|could be|gets?|being|should be|may be|has been) )?(?:\w{{1,12}}ly )?defined (?:\w{{1,12}}ly )?(?:as|to be)[,:]? {_REST}",
    ),
    _form("X := ", _STATED, 0.95, ":=|≝", rf"{_NAMED} ?(?::=|≝) ?{_REST}"),
    _form(
        "X is short for",
        _STATED,
        0.85,
        "short for|stands for|shorthand",
        rf"{_NAMED} (?:is|are|as)? ?(?:just )?(?:an? )?(?:short for|stands for|shorthand for) {_REST}",
    ),
    _form(
        "the word X means",
        _STATED,
        0.9,
        "word|term|phrase|expression|notion|concept|label|name",
        rf"\b(?:word|term|phrase|expression|notion|concept|label|name)s? (?:of )?{_TERM},? {_SOFTLY}(?:means|refers to|denotes|describes|stands for|is (?:used (?:to|for|as)|an?\b|the\b|about)|points (?:to|at)) ?{_REST}",
    ),
    _form(
        "X means",
        _STATED,
        0.75,
        "means|mean |refers|refer to|denotes|signifies",
        rf"(?:^|[;:—–(] ?|, |\bthat |\band |\bbut |\bso |\bor (?:just )?)(?P<term>{_QUOTED}|(?:the |an? )?{_WORD}(?: {_WORD}){{0,3}}?)(?: ?\([^()]{{1,60}}\))?{_OR},? (?:for (?:this|the) [\w ]{{1,30}}, )?{_SOFTLY}"
        rf"(?:means|mean(?! by)|refers to|refer to|denotes|signifies)[,:]? (?!(?:well|much|anything|nothing|it|business|harm)\b){_REST}",
    ),
    _form(
        "X is a word for",
        _STATED,
        0.9,
        "for",
        rf"(?:^|[;:—–(] ?|, |\bthat ){_NAMED} (?:is|are) (?:\w{{1,12}} )?(?:an?|the|another|my|our|his|her)? ?(?:\w{{1,12}} )?(?:word|term|name|label|shorthand|neologism|abbreviation|acronym|synonym|jargon) (?:for|that (?:means|refers to)|used (?:for|to)) {_REST}",
    ),
    _form(
        "X occurs when",
        _STATED,
        0.7,
        "when|where|whenever",
        rf"(?:^|[;:—–(] ?|, |\bthat ){_NAMED}(?: \([^()]{{1,60}}\))? {_SOFTLY}(?:(?:occurs|happens|arises|obtains)(?: [^,.;]{{1,40}}?)?|is|describes|are) (?:when|where|whenever) {_REST}",
    ),
    _form(
        "X consists in",
        _STATED,
        0.55,
        "consist|amounts to|asserts|says that|states that|involves|describes|is about|comes down to|claims that|holds that",
        rf"(?:^|[;:—–(] ?|, |\bthat ){_NAMED}(?: \([^()]{{1,60}}\))?{_OR} {_SOFTLY}(?:consists? (?:in|of)|amounts? to|asserts(?: that)?|says that|states that|claims that|holds that|involves?|describes?|is (?:just )?about|comes down to) {_REST}",
    ),
    _form(
        "call this X",
        _STATED,
        0.88,
        "call|dub|term |name|label",
        rf"\b(?:(?:I|we|let ?['’]?s|let us|people|they|he|she|you|one){_AUX} |(?<=^))?(?:call|dub|term|name|label)s? (?:it|this|that|these|those|them|such \w{{1,30}}|all of this|(?P<gloss>(?:an?|the|any|this) [^,.;?!]{{3,160}}?)) "
        rf"(?P<term>{_QUOTED}|(?:the |an? )?[A-Za-z][\w-]{{0,40}}(?: [\w-]{{1,40}}){{0,3}})(?=[.,;:)(!?—–]|$)",
    ),
    _form(
        "what I call X",
        _STATED,
        0.8,
        "call|term|dub",
        rf"(?<!not\x20)(?<!n.t\x20)\b(?:what|which) {_I}{_AUX} (?:call|calls|called|term|dub|refer to as) {_TERM}{_STOP}",
    ),
    _form(
        "known as X",
        _STATED,
        0.7,
        "known as|called|termed|dubbed|referred to as",
        rf"(?:^|[;:—–] ?|, )?(?P<gloss>(?:an?|the|this|that|these|such|any|it|those|they)\b[^,.;:?!]{{0,160}}?) (?:is|are|was|were|can be|may be|has been|is what is)(?: (?:also|often|sometimes|usually|commonly|generally|typically))? (?:known as|called|termed|dubbed|referred to as) {_AS_NAME}{_STOP}",
    ),
    _form(
        "G called X",
        _STATED,
        0.5,
        "called|known as|termed|dubbed|named",
        rf"\b(?P<gloss>(?:an?|the|any|some|these|those|this) [^,.;:?!]{{3,120}}?),? (?:(?:sometimes|often|also|commonly|usually) )?(?:called|known as|termed|dubbed) {_AS_NAME}{_STOP}",
    ),
    _form(
        "refer to G as X",
        _STATED,
        0.9,
        "refer",
        rf"(?:\b{_I}{_AUX} |\bto |^)refer(?:ring|red)? to (?P<gloss>[^,.;]{{2,160}}?) as {_TERM}{_STOP}",
    ),
    _form(
        "X, i.e.",
        _STATED,
        0.7,
        "i.e|that is|viz|in other words|namely",
        rf"(?P<term>{_QUOTED}|\b[A-Za-z][\w-]{{1,40}}(?: [\w-]{{2,40}}){{0,2}}?) ?[,(—–]{{1,2}} ?(?:i\.e\.?|that is(?: to say)?,|viz\.|in other words,?|namely,?)[,:]? ?{_REST}",
    ),
    _form(
        "X as in",
        _STATED,
        0.7,
        "as in|in the sense",
        rf"(?P<term>{_QUOTED}|\b[A-Za-z][\w-]{{1,40}}(?: [\w-]{{2,40}})?)[ ,(]{{1,2}}(?:as in|in the sense (?:of|that)) {_REST}",
    ),
    _form(
        "to be X is to",
        _STATED,
        0.8,
        "being|to be",
        rf"\b(?:to be|being|for \w{{1,30}}(?: \w{{1,30}}){{0,3}} to be) {_TERM} (?:is|means|just is) (?:to|for|that|being) {_REST}",
    ),
    _form(
        "X iff",
        _STATED,
        0.7,
        "iff|if and only if",
        rf"(?:^|[,;:—] ?|\bthat )[^,;:.]{{1,80}}? (?:is|are) (?:an? |the |said to be )?{_TERM} (?:if and only if|iff) {_REST}",
    ),
    _form(
        "A is X if",
        _STATED,
        0.6,
        " if | when |whenever|insofar|to the extent|just in case",
        rf"(?:^|[,;:—] ?|\bthat |\band |\bbut ?,? )(?:I ?['’]d |I would |we )?(?:say |call )?(?:an? |any |the |its? ?|something |someone |one |things? |[\w-]{{1,30}} )[^,;:.?!]{{0,80}}? ?(?:is|are|['’]s|counts as) (?:said to be |called )?"
        rf"(?P<term>{_QUOTED}|(?:an? )?[\w-]{{3,40}}(?: (?:with|to) (?:an? |the )?[\w-]{{2,30}}| [\w-]{{3,40}})?),? (?:if|when|whenever|insofar as|to the extent that|just in case) {_REST}",
    ),
    _form(
        "an A Xs if",
        _STATED,
        0.5,
        " if | when |iff",
        rf"(?:^|[,;:—] ?|\bthat )(?:an?|any) [\w-]{{2,30}}(?: [\w-]{{2,30}})? (?P<term>[a-z-]{{2,30}}(?<!i)s) (?:if and only if|iff|if|when) (?P<gloss>(?:it|they|that|the)\b[^\n]{{3,600}})",
    ),
    _form(
        "a word for this",
        _STATED,
        0.9,
        "term|name|word",
        rf"\b(?:(?:have|use|has|is|'s|’s|need|want|propose|suggest) (?:an?|the|my|one) )(?:\w{{1,20}} )?(?:term|name|word|label) for (?:this|that|it|these|them|such \w{{1,20}}|(?P<gloss>[^,.;:]{{3,120}}))(?:, and it is|, namely| is|:|,|—) ?{_AS_NAME}(?=[.,;)!?]|$)",
    ),
    _form(
        "that's what I mean by X",
        _STATED,
        0.9,
        "mean by|meant by|mean when|call",
        rf"\b(?:that|this|it)(?: is| ?['’]s) (?:all |roughly |basically |exactly |precisely )?(?:what|how) {_I}{_AUX} (?:mean by|meant by|call|define|mean when {_I} say) {_TERM}{_STOP}",
    ),
    _form(
        "X: G",
        _STATED,
        0.45,
        ":|—|–| - ",
        rf"^(?!(?:call|let|so|consider|note|edit|suppose|hence|thus) )(?P<term>{_QUOTED}|(?:the |an? )?[A-Za-z][\w-]{{1,40}}(?: [\w-]{{1,40}}){{0,3}}) ?(?::| [—–-]{{1,2}}) {_REST}",
    ),
)

_POINTS_BACK = frozenset(
    {"call this X", "what I call X", "a word for this", "known as X", "that's what I mean by X", "G called X", "refer to G as X"}
)


def by_words(text: str, start: int, end: int) -> Iterator[Candidate]:
    """Propose what the forms find in the sentence `text[start:end]`."""
    words = text[start : min(end, start + LONGEST)]
    lowered = words.lower()
    asks = words.rstrip(" \"'”’)]").endswith("?")
    for form in FORMS:
        if not any(need in lowered for need in form.needs):
            continue
        for match in form.pattern.finditer(words):
            term = term_at(text, start + match.start("term"), start + match.end("term"))
            if term is None:
                continue
            if form.stance is Stance.ASKED and _POINTED.search(text, max(start, match.start("term") + start - 1), term[0]):
                continue  # "what do you mean by that distinction" asks for no definition
            place, before = _gloss(form, match, text, start, end)
            stance = Stance.ASKED if asks and form.stance is Stance.STATED else form.stance
            cue = (start + match.start(), start + match.end())
            yield Candidate(term, place, stance, form.name, form.likely, before, cue)


def _gloss(form: Form, match: re.Match[str], text: str, start: int, end: int) -> tuple[Place | None, bool]:
    """Find what a form leaves open: (gloss, whether it stands in the sentence before)."""
    gloss = None
    if "gloss" in form.pattern.groupindex and match["gloss"] is not None:
        gloss = gloss_at(text, start + match.start("gloss"), start + match.end("gloss"))
        if gloss is not None and form.name in _POINTS_BACK and _ONLY_POINTS.fullmatch(text, *gloss):
            gloss = None
    if gloss is not None or form.name not in _POINTS_BACK:
        return gloss, False
    after = _AFTER.match(text, start + match.end(), end)
    if after is not None:
        return gloss_at(text, after.end(), end), False
    if match.start() > _OPENS:  # "when it does so, I call that X"
        return gloss_at(text, start, start + match.start()), False
    return None, True


_POINTED = re.compile(r"\b(?:this|that|these|those)\b", re.IGNORECASE)
_ONLY_POINTS = re.compile(
    r"(?:all (?:of )?)?(?:this|that|it|these|those|they|them|which|such)(?: (?:thing|things|one|ones|new|law|kind|idea|property|notion"
    r"|method|process|problem|approach|technique|concept|phenomenon|name|group|operation|of|\w+ effect)){0,3}",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s{0,2}(?:[:—–]|,? (?:where|which is|which are|in which|namely|i\.e\.)|(?:is|are|:))\s{1,3}")
_OPENS = 28
