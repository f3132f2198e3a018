"""The table of plain signs that the meaning of a word is at issue (signals.py reads sentences by it).

After the scheme of word meaning negotiation (Myrendal 2015): somebody asks for a meaning, finds that they had
understood another one, objects to it, or gives it. Every pattern is bounded: hostile text costs time linear in its
length.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What somebody does with a word."""

    ASKS = "asks"
    SAYS = "says"
    REJECTS = "rejects"
    HAD_READ = "had read"


_WORD = r"[^\W\d_][\w'/-]{0,40}"
_QUOTED = r"(?:\"[^\"\n]{1,120}\"|(?<!\w)'[^'\n]{1,80}'(?!\w)|(?<![\w*])[*_]{1,2}[^*_\n]{1,80}[*_]{1,2}(?![\w*]))"
_STOP = (
    r"(?=\s{0,3}[.,;:?!()\"“”]|\s{0,3}$|\s[–—-]|\s(?:is|are|was|were|isn't|aren't|has|have|had|does|do|did|can|could|"
    r"will|would|should|may|might|must|here|there|then|now|when|where|if|unless|and|or|but|because|since|so|that|"
    r"which|who|than|as|i|you|we|they|he|she|it|means?|meant|refers?|though|although|while|whereas|in (?:this|that|"
    r"your|the|my|his|her|their|our|its|these|those|what|which|a)|with respect|differently|instead|exactly|at all)\b)"
)
_UNMARKED = rf"{_WORD}(?: {_WORD}){{0,6}}?"


def _phrase(name: str, stop: str = _STOP) -> str:
    return rf"(?:(?P<{name}_quoted>{_QUOTED})|(?P<{name}>{_UNMARKED}){stop})"


_X, _Y = _phrase("x"), _phrase("y")
_INNER = _phrase("x", "")  # where what follows bounds it
_FRONT = (  # where it begins a clause
    rf"(?:(?P<x_quoted>{_QUOTED})|(?:^|[,;:(] |\b(?:that|and|but|so|because) )(?P<x>{_UNMARKED}))"
)
_WHO = r"(?:you|he|she|they|we|people|i)"
_HOW = r"(?:\w+ly |just |even |here |only |all |both )?"
_G = r"[,:]? (?:that |roughly |basically |just |something like |more like |like )?(?P<gloss>[^\n]{3,400})"
_KIND_OF_WORD = (
    r"(?:(?:word|term|phrase|concept|notion|label|name|expression|terminology|wording)s?"
    r"(?:,? (?:of|like|such as))?)"
)
_THIS_WORD = (
    r"(?:the|this|that|your|my|his|its|any) (?:\w+ )?(?:word|term|phrase|concept|notion|label|name|"
    r"terminology|wording)"
)
_UNSURE = (
    r"(?:not (?:\w+ )?(?:sure|clear|certain)|unsure|unclear|(?:don't|do not|can't|cannot) (?:\w+ "
    r")?(?:know|understand|see|get|tell)|"
    r"didn't (?:\w+ )?(?:know|understand|get)|no idea|curious|wonder(?:ing)?|confused(?: \w+)?|"
    r"(?:explain|clarify|elaborate|say|tell|unpack|specify|ask|asking|question (?:is|of))(?: \w+){0,4})"
)


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: what is done by it, and how it is written.

    In `pattern` the groups x, x2 (and x_quoted, x2_quoted) are the phrase that it governs, y what that is compared
    with, gloss and gloss2 what it is said to mean. `only`: "question" or "statement", where it is a sign in one of
    them alone. `is_others`: the gloss is the other's meaning as the speaker reads it; `admits`: the speaker says that
    the word was taken differently.
    """

    act: Act
    pattern: re.Pattern[str]
    only: str = ""  # "question" or "statement": where it is a sign at all
    is_others: bool = False
    admits: bool = False


def _sign(act: Act, pattern: str, only: str = "", *, is_others: bool = False, admits: bool = False) -> Sign:
    return Sign(act, re.compile(pattern, re.IGNORECASE), only, is_others, admits)


# In order: of two signs that overlap the first is taken.
SIGNS = (
    _sign(
        Act.ASKS,
        rf"\bwhen you (?:say|said|write|wrote|talk about|speak of|use(?: the {_KIND_OF_WORD})?)(?: that)? {_INNER},? "
        r"what (?:\w+ )?(?:do|did) you (?:\w+ )?mean\b",
    ),
    # asks
    _sign(Act.ASKS, rf"\bwhat {_HOW}(?:do|did|does|would|might|could) {_WHO} {_HOW}mean {_HOW}(?:by|with) {_X}"),
    _sign(
        Act.ASKS,
        rf"\bwhat {_HOW}(?:do|did|does|would) {_WHO} {_HOW}mean when {_WHO} (?:say|said|write|wrote|"
        rf"talk about|talk of|"
        rf"speak of|call \w+|use) (?:that )?{_X}",
    ),
    _sign(
        Act.ASKS,
        rf"\b{_UNSURE}(?: (?:about|on|of|with|me|us))? (?:what|how) {_HOW}(?!(?:i|we) )"
        rf"{_WHO}(?:'re| are|'d| would)? {_HOW}(?:(?:mean|meant|meaning|understand) {_HOW}(?:by|with|"
        rf"when {_WHO} (?:say|"
        rf"said|wrote))|define|defining) {_X}",
    ),
    _sign(
        Act.ASKS,
        rf"\b{_UNSURE}(?: (?:about|on|of))? what (?!(?:[\w']+ ){{0,3}}(?:i|you|we|they) ){_INNER} "
        rf"(?:even |really |actually |exactly |here )?"
        r"(?:means?|meant|refers? to|is (?:supposed|meant) to)\b",
    ),
    _sign(
        Act.ASKS,
        rf"\bwhat {_HOW}(?:does|do|did|would|is|are|could) (?!(?:you|he|she|they|we|i|people|it|that|this) )"
        rf"(?:{_KIND_OF_WORD} )?{_INNER} {_HOW}(?:mean|supposed to mean|refer to|meant to mean)\b(?! (?:for|to)\b)",
    ),
    _sign(
        Act.ASKS, rf"\bwhat {_HOW}(?:(?:would|does|do|should) )?(?:counts?|qualif(?:y|ies)) {_HOW}as {_X}", "question"
    ),
    _sign(Act.ASKS, rf"\bwhat {_HOW}do you {_HOW}(?:count|consider|call|classify) (?:as |to be )?{_X}", "question"),
    _sign(
        Act.ASKS,
        r"\b(?:can|could|would|will) (?:you|someone|anyone|we) (?:please |just |maybe |try to )?(?:re)?"
        r"(?:define|taboo|operationali[sz]e|unpack|disambiguate|clarify what is meant by|give a definition of)"
        rf" (?:what you mean by )?(?:the {_KIND_OF_WORD} )?{_X}",
    ),
    _sign(
        Act.ASKS,
        rf"\bhow {_HOW}(?:do|are|would|should|did|does) {_WHO} {_HOW}(?:defin(?:e|ing)|using (?:the "
        rf"{_KIND_OF_WORD} )?|"
        rf"use the {_KIND_OF_WORD} ?) ?{_X}",
        "question",
    ),
    _sign(
        Act.ASKS,
        r"\bwhat(?:'s| is| do you (?:see|take|think) (?:as|is|to be)) the (?:\w+ )?"
        r"(?:difference|distinction) between "
        rf"(?P<x>{_UNMARKED}) and (?P<y>{_UNMARKED}){_STOP}",
        "question",
    ),
    _sign(
        Act.ASKS,
        r"\bwhat (?:\w+ )?(?:is|are|was) (?:\w+ )?meant (?:here )?by "
        rf"{_X}|\bwhat(?:'s| is) (?:your|the|his|her) (?:\w+ )?"
        rf"(?:definition|meaning|notion) of (?P<x2>{_UNMARKED}){_STOP}",
        "question",
    ),
    _sign(
        Act.ASKS,
        rf"\b(?:when you (?:say|said|write|wrote|talk about|speak of|use the {_KIND_OF_WORD})|by) {_INNER},? "
        r"(?:here )?(?:do|did|are|were) you (?:\w+ )?(?:mean(?:ing)?|meant|refer(?:ring)?|talk(?:ing)?|"
        r"think(?:ing)?)\b"
        r"(?:(?: to| about| of)?(?P<gloss>[^\n?]{3,200}))?",
        "question",
        is_others=True,
    ),
    _sign(
        Act.ASKS,
        rf"\bby {_INNER},? (?:do |did )?you (?:\w+ )?(?:mean|meant) (?P<gloss>[^\n?]{{3,200}})",
        "question",
        is_others=True,
    ),
    _sign(Act.ASKS, rf"\bif by {_INNER},? (?:you|we|they|one) (?:\w+ )?(?:mean|meant){_G}", is_others=True),
    _sign(
        Act.ASKS,
        rf"\b(?:is|are|was) {_INNER} (?:\w+ )?(?:meant|supposed|intended) to (?:mean|include|cover|refer to)\b",
        "question",
    ),
    _sign(Act.ASKS, rf"(?P<x_quoted>{_QUOTED}),? as in\b", "question"),
    _sign(
        Act.ASKS,
        rf"\bin what sense (?:is|are|was|were|do|does|did|would|can|could)\b(?:[^?\n]{{1,80}}? an? {_X})?",
    ),
    _sign(Act.ASKS, rf"\b(?:in|under) (?:what|which) sense(?:s)? of (?:the {_KIND_OF_WORD} )?{_X}", "question"),
    _sign(
        Act.ASKS,
        r"\bwhat (?:\w+ )?(?:do|did|does|would|are|were) (?:you|he|she|they) (?:\w+ )?"
        r"(?:mean(?:t)?|mean (?:by|with) (?:that|this|it)|referring to|mean there)\s{0,3}(?:here |"
        r"there |exactly )?[?.]",
    ),
    _sign(Act.ASKS, rf"\bwhat (?:\w+ )?(?:do|did) you (?:\w+ )?mean, (?P<x_quoted>{_QUOTED})"),
    _sign(
        Act.ASKS,
        rf"\b(?:do|did|are|were) (?:you|we) (?:\w+ )?mean(?:ing)? (?P<x_quoted>{_QUOTED}) or (?P<y_quoted>{_QUOTED})",
        "question",
    ),
    _sign(
        Act.ASKS,
        r"\b(?:can|could|should|would|do) (?:we|you|one|anyone) (?:\w+ )?(?:call|classify|count|"
        r"describe|label|consider) "
        rf"(?:it|this|that|these|those|them)(?: as| to be)?(?: being)? {_X}",
        "question",
    ),
    _sign(
        Act.ASKS,
        rf"\b(?:would|does|do|will) (?:it|that|this|these|those|an?|the)(?: [\w'-]+){{0,8}} count as {_X}",
        "question",
    ),
    _sign(Act.ASKS, r"\b(?:does|would|will) (?:it|that|this) count (?:if|when)\b", "question"),
    _sign(
        Act.ASKS,
        r"\bwhat(?:'s| is) the (?:\w+ )?(?:relation(?:ship)?|connection) between "
        rf"(?P<x>{_UNMARKED}) and (?P<y>{_UNMARKED}){_STOP}",
        "question",
    ),
    _sign(
        Act.ASKS,
        rf"\bis (?:this|that|it) (?:an? )?(?P<x>{_UNMARKED}) so much as (?:an? )?(?P<y>{_UNMARKED}){_STOP}",
        "question",
    ),
    _sign(
        Act.ASKS,
        rf"\bhow (?:is|are|would) {_INNER} (?:\w+ )?(?:measured|defined|operationali[sz]ed)\b",
        "question",
    ),
    _sign(
        Act.ASKS,
        rf"\b(?:what|sense in which) (?:it|that) (?:would )?(?:even |really |actually )?means? for "
        rf"(?:[\w'-]+ ){{1,6}}?to be {_X}",
    ),
    _sign(Act.ASKS, r"\bwhat it (?:would )?means? (?:for|to)\b", "question"),
    _sign(Act.ASKS, r"\b(?:do|did) you (?:\w+ )?mean,? \"(?P<gloss>[^\"\n?]{3,200})", "question", is_others=True),
    # had read
    _sign(
        Act.HAD_READ,
        r"\bi (?:had |'d |originally |initially )?(?:thought|assumed|figured) (?:that )?you (?:had )?meant "
        rf"(?P<x_quoted>{_QUOTED}) (?:as in|in the sense (?:of|that)|as){_G}",
        "statement",
        is_others=True,
        admits=True,
    ),
    _sign(
        Act.HAD_READ,
        r"\bi was (?:treating|taking|reading|interpreting|understanding|thinking of) (?:it|this|that|your [\w'-]+)"
        r" as" + _G,
        "statement",
        is_others=True,
        admits=True,
    ),
    _sign(
        Act.HAD_READ,
        r"\bi (?:had |'d |originally |initially |first |at first |previously )?(?:mis)?"
        r"(?:interpreted|read|took|taken|understood|parsed|was (?:reading|interpreting|taking|parsing))"
        rf" (?:your |the |his |her )?(?:use of |{_KIND_OF_WORD} |mention of )?{_INNER}"
        r" (?:here )?(?:as|to mean|to be|to refer to|in the sense (?:of|that))" + _G,
        "statement",
        is_others=True,
        admits=True,
    ),
    _sign(
        Act.HAD_READ,
        r"\bi (?:had |'d |originally |initially |just )?(?:thought|assumed|took it|figured|believed) (?:that )?"
        rf"(?:by {_INNER},? )?you (?:had )?meant{_G}",
        "statement",
        is_others=True,
        admits=True,
    ),
    _sign(
        Act.HAD_READ,
        rf"\b(?:i|we) (?:think (?:we|i|you) )?(?:had |have |'ve |may have |might have |must have |"
        rf"probably |was |were |"
        rf"am |are |'m )?(?:misunderst(?:ood|anding)|misread|misinterpret(?:ed|ing)) "
        rf"(?:what you (?:mean|meant) by |your (?:use of |notion of )?|the {_KIND_OF_WORD} )?{_X}",
        "statement",
        admits=True,
    ),
    _sign(
        Act.HAD_READ,
        r"\b(?:talk(?:ing|ed)?|speak(?:ing)?|argu(?:ing|ed)) past (?:each other|one another)\b",
        "statement",
        admits=True,
    ),
    # rejects
    _sign(
        Act.REJECTS,
        rf"(?:\bnot|n't) (?:\w+ )?(?:what|how|the (?:thing|way)|anything|something)(?: that)? (?:i|we|"
        rf"people|most people|"
        rf"anyone|they)(?:'d| would| do)? {_HOW}(?:call|mean by|meant by|consider|use(?: the {_KIND_OF_WORD})?|"
        rf"describe as|understand by|think of as) {_X}",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        r"\b(?:i|we)(?:'d| would| do|'ll)?(?: not|n't) (?:\w+ )?(?:call|describe|characteri[sz]e|"
        r"classify|count|label) "
        rf"(?:it|this|that|these|those|them|him|her|(?:{_WORD} ){{1,5}}?(?=as ))(?: as)? (?:being )?{_X}",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        rf"\b(?:isn't|is not|that's not) what (?:the {_KIND_OF_WORD} )?{_INNER} (?:\w+ )?(?:means?|refers to)\b",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        rf"(?P<x_quoted>{_QUOTED}) (?:\w+ )?(?:doesn't|does not|needn't|did not|didn't) (?:\w+ )?"
        r"(?:mean|refer to)\b(?! that\b)",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        rf"\b(?:we|you|they|people|both|you and i|each of (?:us|you))(?:'re| are|'ve been| have been| "
        rf"may be| might be| "
        rf"seem to be|'re both)? (?:\w+ )?us(?:e|ing|ed) (?:the (?:same )?{_KIND_OF_WORD} )?{_INNER} "
        r"(?:differently|in (?:a |two |slightly |very |quite )*(?:different|another|other|broader|narrower|weird|odd|"
        r"unusual|nonstandard) (?:ways?|senses?)|to (?:mean|refer to) (?:something (?:else|different)|"
        r"different things)"
        r"|(?:much |too )?(?:more )?(?:broadly|loosely|narrowly))",
        "statement",
        admits=True,
    ),
    _sign(
        Act.REJECTS,
        r"\b(?:we|you and i|they|people|you two|both of (?:us|you)) (?:\w+ )?(?:mean|meant) "
        rf"(?:\w+ )?(?:different|other|distinct) things (?:by|with) {_X}",
        "statement",
        admits=True,
    ),
    _sign(
        Act.REJECTS,
        rf"\b(?:the|this|your|that) {_KIND_OF_WORD} {_INNER} (?:here )?(?:is|seems|feels|sounds) (?:\w+ ){{0,2}}?"
        r"(?:mislead\w+|confus\w+|ambiguous|vague|overloaded|loaded|wrong|too (?:broad|narrow|vague|strong|weak)|"
        r"doing (?:a lot|too much|two|different)|unclear|ill-defined|unfortunate|inappropriate|a bad|a "
        r"poor|the wrong)",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        rf"{_FRONT} (?:is|seems|sounds) (?:like )?(?:a |an |the )?(?:\w+ )?(?:mislead\w+|bad|poor|wrong|confusing|"
        rf"unfortunate) {_KIND_OF_WORD}\b",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        r"\b(?:don't|do not|wouldn't|not) (?:\w+ )?(?:like|accept|endorse|buy|use|recogni[sz]e|share|agree with) "
        rf"(?:the|this|that|your|his) (?:{_KIND_OF_WORD}|definition of|use of|usage of) {_X}",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        r"\b(?:conflat|equivocat)(?:e|es|ed|ing) "
        rf"(?:between )?(?P<x>{_UNMARKED}) (?:and|with) (?P<y>{_UNMARKED}){_STOP}",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        rf"\byour (?:\w+ )?(?:definition|use|usage|notion|sense|concept) of (?:the {_KIND_OF_WORD} )?{_X}"
        r"(?=[^.?!\n]{0,120}(?:\bnot\b|n't\b|\btoo\b|\bdiffer|\brather than\b|\bbroader\b|\bnarrower\b|"
        r"\bexcludes?\b))",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        rf"\b(?:different|another|other|distinct|two|several|separate|narrower|broader|stronger|weaker) (?:\w+ )?"
        rf"(?:senses?|meanings?|definitions?|notions?) of (?:the {_KIND_OF_WORD} )?{_X}",
        "statement",
        admits=True,
    ),
    _sign(
        Act.REJECTS,
        r"\b(?:that's|that is|this is|that was|it's|it is)(?: not|n't) (?:\w+ )?what i (?:\w+ )?"
        r"(?:meant|mean|was saying|intended|had in mind|am saying|'m saying)\b"
        rf"(?: (?:by|with) {_X})?",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        rf"(?P<x_quoted>{_QUOTED}) (?:\w+ )?(?:need not|needn't|does not|doesn't|do not|don't) (?:\w+ "
        rf")?(?:entail|imply|"
        r"require|include)\b",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        r"\b(?:we|you|they|people)(?:'re| are| may be| might be| seem to be| have been)? (?:\w+ )?"
        rf"(?:interpret|understand|read|us|tak)(?:e|es|ing|ed)? (?:the (?:same )?{_KIND_OF_WORD} "
        rf")?{_INNER} (?:here )?in "
        r"(?:\w+ ){0,3}(?:different|other|opposite) (?:ways?|senses?)",
        "statement",
        admits=True,
    ),
    _sign(
        Act.REJECTS,
        r"\b(?:better|another|different|alternative|more accurate|misleading|odd|strange) "
        rf"(?:word|name|term|label|description|title) for {_X}",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        rf"\b(?:reserve|keep|retire|drop|abandon|avoid|rename) (?:the {_KIND_OF_WORD} )?(?P<x_quoted>{_QUOTED})",
        "statement",
    ),
    _sign(Act.REJECTS, rf"\b(?:reserve|keep|retire|drop|abandon|avoid) {_THIS_WORD}\b(?: {_X})?", "statement"),
    _sign(
        Act.REJECTS,
        r"\b(?:surprised|odd|strange|confused|unhappy|wish) (?:that )?(?:\w+ ){0,3}?(?:want to |would |"
        r"to )?us(?:e|ed|ing) "
        rf"the {_KIND_OF_WORD} {_X}",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        r"\b(?:equivocat|conflat|switch|slid|go(?:es)? back and forth|back and forth)\w* between "
        rf"(?:(?P<x_quoted>{_QUOTED})|(?P<x>{_UNMARKED})) and (?:(?P<y_quoted>{_QUOTED})|(?P<y>{_UNMARKED}){_STOP})",
        "statement",
        admits=True,
    ),
    _sign(
        Act.REJECTS,
        rf"\b(?:disagree\w*|dispute|argu\w+|quibbl\w+) (?:\w+ )?(?:about|over|with) (?:the use of "
        rf")?(?:the|this|your) "
        rf"(?:\w+ )?(?:word|term|definition of|meaning of|use of) {_X}",
        "statement",
        admits=True,
    ),
    _sign(
        Act.REJECTS,
        rf"\b(?:this|that|your|the) (?P<x_quoted>{_QUOTED}) (?:description|label|phrasing|language|"
        rf"framing|terminology|"
        r"wording|formulation|definition)",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        rf"\byour (?:\w+ )?(?:characteri[sz]ation|description|account|definition|interpretation|reading|summary) of "
        rf"{_INNER} (?:does|is|seems|isn't|doesn't|misses|leaves)\b",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        rf"\bthe {_KIND_OF_WORD} {_INNER} (?:already )?has (?:\w+ ){{0,4}}?(?:definition|meaning|connotations?)\b",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        rf"(?P<x_quoted>{_QUOTED})(?:,? (?:to me|to my ear))? (?:suggests?|connotes?|sounds (?:like|as)|carries|"
        r"presupposes?|implies to me)\b",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        rf"\bwhen (?:people|readers|most people|others|i|they) (?:first )?hear (?:the {_KIND_OF_WORD} )?{_INNER},? "
        r"(?:they|i|people) (?:\w+ )?(?:think|imagine|picture)",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        rf"\b(?:dislike|hate|qualms about|(?:don't|do not|not) (?:\w+ )?(?:like|happy with|fond of|a "
        rf"fan of)) {_THIS_WORD}"
        rf"(?: {_X})?",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        r"\b(?:don't|do not|doesn't|not) (?:\w+ )?mean the same(?: thing)?(?: (?:by|with) "
        rf"{_X})?",
        "statement",
        admits=True,
    ),
    _sign(
        Act.REJECTS,
        rf"(?P<x_quoted>{_QUOTED}) and (?P<y_quoted>{_QUOTED}),? (?:which )?(?:are|mean|aren't) (?:\w+ )?(?:not )?"
        r"(?:synonym|the same|interchang)\w*",
        "statement",
    ),
    _sign(
        Act.REJECTS,
        rf"\b(?:call|calling|called) (?:[\w'-]+ ){{1,4}}?(?P<x_quoted>{_QUOTED})[^.\n]{{0,80}}?"
        r"(?:presuppos|mislead|confus|wrong|strange|too )",
        "statement",
    ),
    # says
    _sign(
        Act.SAYS,
        rf"\b(?:by|with) {_INNER},? i (?:\w+ )?(?:don't|do not|didn't|did not) (?:\w+ )?mean[^.;\n]{{1,120}}?,? "
        rf"(?:but )?(?:i )?(?:just |rather )?mean{_G}",
        "statement",
    ),
    _sign(
        Act.SAYS,
        rf"\bwhen (?:i|we) (?:say|talk about|use|write)(?: things like| the {_KIND_OF_WORD}| that)? "
        rf"{_INNER},? (?:i|we) "
        r"(?:don't|do not) (?:\w+ )?mean\b",
        "statement",
    ),
    _sign(
        Act.SAYS,
        rf"\b(?:i'll|i will|i'm going to|we'll|let me|let's) (?:\w+ )?use (?:the {_KIND_OF_WORD} )?{_INNER} "
        rf"(?:to mean|to refer to|for:|as meaning){_G}",
        "statement",
    ),
    _sign(
        Act.SAYS,
        rf"\b(?:call|let's call|i'll call|i call) (?:it|this|that|these|those|them) (?P<x>{_UNMARKED}|{_QUOTED}):"
        r"(?P<gloss>[^\n]{3,400})",
        "statement",
    ),
    _sign(
        Act.SAYS,
        rf"\b(?:i'd|i would|i) (?:\w+ )?(?:classify|count) (?:it|this|that|these|those|them)(?: is)? as {_X}",
        "statement",
    ),
    _sign(
        Act.SAYS,
        rf"{_FRONT} (?:might|can|could|should|may) be (?:\w+ )?(?:interpreted|read|understood|defined|"
        rf"thought of) as{_G}",
        "statement",
    ),
    _sign(Act.SAYS, rf"{_FRONT} (?:just|simply|really) means{_G}", "statement"),
    _sign(Act.SAYS, rf"{_FRONT} is (?:\w+ )?defined (?:to be|as){_G}", "statement"),
    _sign(
        Act.SAYS,
        r"\byou (?:\w+ )?mean (?!by\b)[^.?!;\n]{1,120}?(?:[,;]| and| but| while) i mean (?P<gloss>[^.?!;\n]{3,200})",
        "statement",
        admits=True,
    ),
    _sign(
        Act.SAYS,
        r"(?<!what )(?<!heck )(?<!hell )\bi (?:\w+ )?meant"
        rf"(?! (?:to|it|no|that i|every|in|by|when|with|was|is|what)\b){_G}",
        "statement",
    ),
    _sign(
        Act.SAYS,
        rf"\b(?:this|that|which) is what it (?:\w+ )?means? (?:\w+ )?(?:for|to)\b"
        rf"(?: (?:\w+ ){{0,3}}(?P<x_quoted>{_QUOTED}))?",
        "statement",
    ),
    _sign(
        Act.SAYS,
        rf"\b(?:by|with) {_INNER},? (?:here )?(?:i|we) {_HOW}(?:mean|meant|'ll mean|'m meaning|'ve "
        rf"meant|understand|have in mind|intend)(?:, in this \w+,)?(?: only)?{_G}",
        "statement",
    ),
    _sign(
        Act.SAYS,
        rf"\b(?:when|where|whenever|if) (?:i|we) (?:say|said|write|wrote|use|used|talk about|talked "
        rf"about|speak of|call "
        rf"\w+)(?: the {_KIND_OF_WORD}| that)? {_INNER},? (?:i|we|i'm|it)(?: am| was|'m)? {_HOW}(?:mean|"
        rf"meant|meaning|"
        rf"refer to|referring to|thinking (?:of|about)|talking about|pointing at|mean to refer to){_G}",
        "statement",
    ),
    _sign(
        Act.SAYS,
        rf"\bwhat (?:i|we) {_HOW}(?:mean|meant|call|have in mind|had in mind|understand) (?:by|with|when (?:i|we) "
        rf"(?:say|said)) {_INNER} (?:is|was|are|:){_G}",
        "statement",
    ),
    _sign(
        Act.SAYS,
        rf"\b(?:i|we)(?: am|'m| was| do| would|'d|'ve been)? {_HOW}(?:us(?:e|ed|ing)|tak(?:e|ing)|took|"
        rf"defin(?:e|ed|ing)|"
        rf"interpret(?:ing)?|understand)(?: the {_KIND_OF_WORD})? {_INNER} (?:here )?(?:to mean|to "
        rf"refer to|as meaning|"
        rf"to denote|to stand for|in the sense (?:of|that)){_G}",
        "statement",
    ),
    _sign(
        Act.SAYS,
        rf"\b(?:i|we)(?: am|'m| was| do| would|'d|'ve been)? {_HOW}(?:us(?:e|ed|ing)|tak(?:e|ing)|took|"
        rf"defin(?:e|ed|ing)|"
        rf"interpret(?:ing)?|understand) (?:the {_KIND_OF_WORD} {_phrase('x', '')}|"
        rf"(?P<x2_quoted>{_QUOTED})) (?:here )?"
        rf"(?:as|as in|for|to be){_G}",
        "statement",
    ),
    _sign(
        Act.SAYS,
        r"\bmy (?:\w+ )?(?:definition|meaning|notion|concept) of "
        rf"(?:the {_KIND_OF_WORD} )?{_INNER} (?:is|was|would be){_G}",
        "statement",
    ),
    _sign(
        Act.SAYS,
        rf"\b(?:the {_KIND_OF_WORD} {_phrase('x', '')}|(?P<x2_quoted>{_QUOTED})) (?:here |just |really |"
        rf"usually |simply "
        rf"|only |basically )?(?:means?|meant|refers? to|is defined (?:as|to be)|stands? for|is meant "
        rf"to (?:mean|refer "
        rf"to|describe)){_G}",
        "statement",
    ),
    _sign(
        Act.SAYS,
        rf"\b(?:i|we) (?:\w+ )?(?:mean|meant) (?P<x_quoted>{_QUOTED}) (?:\w+ )?(?:in the sense (?:of|"
        rf"that)|as|as in){_G}",
        "statement",
    ),
    _sign(
        Act.SAYS,
        r"(?<!if it's )(?<!if it is )(?<!if you mean )"
        rf"(?P<x_quoted>{_QUOTED})(?: here)?,? (?:in the sense (?:of|that)|as in){_G}",
        "statement",
    ),
    _sign(
        Act.SAYS,
        rf"\b(?:i'd|i would|i|what i|we|we'd|things? i'd|something i'd) (?:call|characteri[sz]e as|"
        rf"describe as|label) "
        rf"(?P<x_quoted>{_QUOTED})",
        "statement",
    ),
    _sign(
        Act.SAYS,
        r"\b(?:i'd|i would|we'd|we would)(?: \w+)? (?:call|characteri[sz]e|describe|label) (?:(?:this|"
        r"that) one|it|this|that|"
        rf"these|those|them)(?: as)? (?:(?P<x_quoted>{_QUOTED})|(?:an? )?(?P<x>{_WORD}(?: {_WORD}){{0,2}}?)"
        r"(?=\s{0,3}[.,;:!)]|\s{0,3}$))",
        "statement",
    ),
    _sign(
        Act.SAYS,
        r"\b(?:the |my )intended (?:meaning|sense|reading)(?: of "
        rf"{_INNER})? (?:is|was){_G}|\bwhat i (?:mean|meant)(?: here| by (?:that|this|it))? (?:is|was) "
        r"(?:that )?(?P<gloss2>[^\n]{3,400})",
        "statement",
    ),
)
