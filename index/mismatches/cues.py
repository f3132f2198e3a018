"""Words that show that the meaning of a word is at issue, by what they do.

Classes after the trigger–indicator–negotiation scheme of word meaning negotiation (Myrendal 2015, "Word Meaning
Negotiation in Online Discussion Forum Communication"): somebody asks, objects, sets right, defines or proposes a name.
"""

# pyright: standard

import re
from dataclasses import dataclass

_QUOTED = r"[\"“‘'*_][^\"“”*\n]{1,60}?[\"”’'*_]"
# "I mean, it works": said while looking for words, and about none.
_NO_FILLER = (
    r"(?!,| (?:i|it|he|she|they|we|you|there|everybody|everyone|people|yeah|yes|no|sure|obviously|maybe|sort|if|what"
    r"|how|(?:that|it|there|what)['’]s)\b)"
)


@dataclass(frozen=True, slots=True)
class MeaningCue:
    """One kind of sign. `says` completes "the reply …" for a reader."""

    name: str
    says: str
    pattern: re.Pattern[str]


def _cue(name: str, says: str, *patterns: str) -> MeaningCue:
    return MeaningCue(name, says, re.compile("|".join(f"(?:{alternative})" for alternative in patterns), re.IGNORECASE))


CUES: tuple[MeaningCue, ...] = (
    _cue(
        "asks_meaning",
        "asks what is meant",
        r"\bwhat (?:exactly |precisely |\w+ )?(?:do|did|does|would|are|is) (?:you|we|he|she|they|it|that|this|\w+)"
        r"(?: [\w’'\"“”-]+){0,4}? mean(?:t|ing)?\b(?! for)",
        r"\b(?:not sure|don['’]t know|unsure|unclear|don['’]t understand|not clear)(?: [\w’'-]+){0,3} what"
        r"(?: [\w’'\"“”-]+){0,6} (?:mean|means|meant|refers?|is supposed)",
        r"\b(?:do|did) (?:you|we) (?:just |really |only )?mean\b",
        r"\bwhat (?:is|are|would be) meant\b",
        r"\bwhat (?:counts|would count|qualifies) as\b",
        r"\bhow (?:are|do|would|should|does) \w+ (?:\w+ )?(?:defin|understand|us)(?:e|ing|es)?\b",
        r"\b(?:is|are|was) (?:this|that|it|\w+|"
        + _QUOTED
        + r") (?:intended|meant|supposed) to (?:include|mean|cover|refer)",
        r"\bwhat['’]?s? (?:is )?the (?:difference|relationship|distinction) between\b",
        r"\b(?:can|could|would) you (?:please |just |maybe )?(?:define|clarify|unpack|spell out|say (?:more )?precisely"
        r"|say (?:more about )?what)\b",
        r"\b(?:curious|wondering|wonder|ask|asking|confused|clarify|understand|elaborate on) (?:about )?what"
        r"(?: [\w’'\"“”-]+){1,5} (?:mean|means|meant)\b",
        r"\b(?:is|was) (?:that|this) what you(?:['’]re| are)? (?:mean|meant|call|calling|saying)\b",
        r"\bwhen you (?:say|said|talk|speak|use|write|call)\b[^.!]{1,200}\?",
        r"\bin what sense\b",
        r"\bwhat (?:are|were|do|did) (?:you|we|they|people) (?:even |actually |really |both )?"
        r"(?:talking about|talk about|referring to|refer to)\b",
        r"\bhow is (?:\w+ ){1,4}(?:measured|defined|different from)\b",
    ),
    _cue(
        "asks_reading",
        "offers a reading and asks whether it is meant",
        r"\b(?:does|would|do) (?:that|this|it|you)(?: [\w’'-]+){0,2} mean\b",
        r"\bare you (?:just |basically |really )?(?:saying|thinking of|talking about|referring to|using)\b",
        r"\b(?:just|only|simply|basically|literally|really) means?\b[^.!?]{1,120}(?:, right)?\?|\bas in,? [\"“‘']",
        r"^so\b[^.?]{3,160}\?$",
        r"\bwould it be fair to\b",
        r"\bis (?:this|that|it) (?:the same|a|an|really|just|about|equivalent|more|like)\b[^.?!]{0,160}\?",
        r"\bisn['’]t (?:this|that|it) (?:just|the same|more|a|an)\b",
        r"\b(?:equivalent|identical) to\b[^.?!]{0,120}\?",
        r"\bdoesn['’]t need to\b|\bso (?:by|on|under|with) (?:this|that|your|the) (?:definition|meaning|reading)\b",
    ),
    _cue(
        "own_meaning",
        "says what was meant",
        r"\bby (?:[\w’'\"“”*_-]+ ){1,6}(?:i|we|he|she|they|you|one|people) (?:just |only |really |simply "
        r"|usually )?(?:mean|meant|understand)",
        r"\bi(?:['’]m| am| was)? (?:only |just )?(?:mean|meant|meaning)\b(?! to\b)" + _NO_FILLER,
        r"\bwhat i (?:mean|meant|had in mind|call|was calling|intended|was trying to say)\b",
        r"\b(?:didn['’]t|did not|don['’]t|do not) (?:really |quite |exactly )?mean (?:that|it"
        r"|to (?:say|claim|suggest|imply|make))\b",
        r"\bwas(?:n['’]t| not) (?:saying|claiming|suggesting) that\b",
        r"\b(?:intended|intends?) (?:meaning|sense|reading|to mean)\b|\bmeaning that\b",
        r"\bi(?:['’]m| am| was) (?:using|talking about|thinking (?:of|about)|referring to|taking|reading|calling)\b",
        r"\bi (?:use|used|took|take|read|interpreted|interpret|understood|assumed|had assumed|thought of)\b",
        r"\b(?:trying|wanted|meant) to (?:draw|make|distinguish|get at|point (?:to|at)|separate)\b",
        r"\bto (?:clarify|be clear|be precise|make sure we)\b|\bi should (?:have said|edit|clarify|have written)\b",
        r"\bi think i erred\b|\b(?:bad|poor|unfortunate|confusing|unfair(?:ly)?)(?: \w+){0,2} (?:choice|word|plan"
        r"|name|term|paraphrase|phrase)",
    ),
    _cue(
        "your_meaning",
        "speaks of what the other means by it",
        r"\byou (?:seem to |appear to |might |may |probably |presumably |also )?(?:mean|meant|call|refer|define"
        r"|defined|equivocate|use)\b",
        r"\byour (?:definition|notion|use|usage|meaning|sense|concept|term|terminology|interpretation"
        r"|model) (?:of|is|here|for)?\b",
        r"\bwhat you['’]?(?:re| are| call| mean)? ?(?:call(?:ing)?|describ\w+|mean|want)\b",
        r"\bwhen (?:you|we|people|they|he|she) (?:say|talk|speak|use|hear|write|first hear)\b",
        r"\bas (?:you|i|they|people|we) (?:use|understand|define|call)\b",
        r"\b(?:mean|meant|understand)(?: [\w’'-]+){1,6} by " + _QUOTED,
        r"\b(?:what|how) (?:exactly |precisely |different )?(?:people|others|everyone|they|we) (?:\w+ )?"
        r"(?:mean|understand) (?:by|with)\b",
        r"\b(?:people|philosophers|mathematicians|readers|most people|everyone|everybody|it) (?:usually |often "
        r"|generally |would |naturally |also )?"
        r"(?:see|use|understand|call|think of|take|interpret|hear|sounds? like|read)\b",
    ),
    _cue(
        "word",
        "speaks of the word itself",
        r"\b(?:the|this|that|a|an|your|my|our|any|another|better|different|same|new|separate|right|wrong|whose|of"
        r"|for|by|as) ?"
        r"(?:[\w-]+ )?(?:word|words|term|terms|terminology|phrase|phrasing|wording|label|name|names|nomenclature"
        r"|expression|vocabulary|jargon)\b",
        r"\bterminolog\w+|\bsemantic\w*|\blanguage being used\b|\bnatural language\b",
        r"\b(?:the|a|better|misleading|bad) (?:name|title)\b",
    ),
    _cue(
        "definition",
        "disputes or gives a definition",
        r"\bdefin(?:e|es|ed|ing|ition|itions|itional)\b",
        r"\b(?:is|are) (?:just |simply |only |usually |also |sometimes )?(?:called|known as|defined|synonymous"
        r"|interchangeable)\b",
        r"\brefers? to\b|\breferred to as\b|\bconsists? in\b|\bstands? for\b",
    ),
    _cue(
        "means",
        "says what the term means",
        r"(?<!\bi )\bmeans?\b(?! (?:to|of|for) )|\bi mean\b(?! (?:to|of|for) )" + _NO_FILLER,
        r"\bmeant\b|\bmeaning\b",
    ),
    _cue(
        "not_called",
        "denies that it is one",
        r"\b(?:not|n['’]t|never|hardly|cannot)(?: [\w’'-]+){0,3} (?:call|classify|consider|count|qualify|describe"
        r"|think of|label|characteri[sz]e)\b",
        r"\b(?:is|are|was|were)(?: not|n['’]t) (?:really |quite |actually |exactly |just |even |necessarily "
        r"|so much )*(?:a|an|the|what)?\b[^.?!]{1,60}"
        r"(?:,? (?:but|it['’]s|it is|rather|so much as)\b|\bin (?:the|that|this) sense)",
        r"\b(?:needs? not|need ?n['’]t|does not|doesn['’]t|do not|don['’]t)(?: necessarily| have to"
        r"| need to)? (?:entail|imply|mean|require|include|have to)\b",
        r"\bso much as\b|\bas opposed to\b|\brather than\b|\bin contrast\b",
        r"\b(?:properly|strictly|technically|literally|colloquial\w*|informally)\b",
    ),
    _cue(
        "senses",
        "tells two senses apart",
        r"\b(?:different|two|several|distinct|separate|other|both|various|many|multiple) (?:[\w-]+ )?"
        r"(?:things?|senses?|meanings?|concepts?|notions?|definitions?|interpretations?|readings?|ideas|versions?"
        r"|words?|kinds of|questions)\b",
        r"\bin (?:the|this|that|a|some|what|which|any|one|another) (?:[\w-]+ ){0,2}sense\b",
        r"\bdepends (?:a lot )?(?:on|upon) (?:what|how) (?:exactly )?(?:\w+ ){1,3}"
        r"(?:mean|means|meant|defin\w+|understand)\b",
        r"\bmeans? (?:quite |very )?(?:different|other|many|several|lots of) things\b",
        r"\b(?:same|different) (?:thing|page|concept|notion|question)s?\b|\bnot the same\b|\bsynonym\w*"
        r"|\binterchangeabl\w+",
        r"\b(?:ambigu|equivoca|conflat|muddl|muddying|mislead|vague|ill[- ]defined|well[- ]defined|incoheren"
        r"|coherent concept)\w*",
        r"\b(?:broader|narrower|broad|narrow|weaker|stronger|stricter|looser|general"
        r"|specific) (?:[\w-]+ )?(?:sense|notion|meaning|definition|concept|term|version|designation)\b"
        r"|\btoo (?:broad|narrow)\b",
        r"\b(?:distinguish|distinction|differentiate|separate words)\b",
        r"\b(?:we|you|they|people|both|each)(?: [\w’']+){0,3} (?:mean|meant|understand|picture|imagine)"
        r"(?: [\w’']+){0,3} (?:different(?:ly)?|other things?)\b|\bdifferently by\b",
        r"\b(?:talk|speak|argu)\w*[ -]past[ -](?:each|one)[ -](?:an)?other\b|\bcross[ -]purposes\b"
        r"|\bdefinitional\b",
        r"\bconfus(?:ed|ing|es|ion)\b|\bmisunderst\w+|\bmisinterpret\w*|\bmisread\w*",
        r"\b(?:interpretation|interpreted|interpret|reading|construe|parse)\b",
    ),
    _cue(
        "names",
        "proposes or refuses a name",
        r"\b(?:better|another|different|new|good|bad|alternative|wrong|own) (?:name|term|word|label|title)\b",
        r"\b(?:renam|relabel|reserv(?:e|ing) (?:the |this |that )?(?:word|term|name|[\"“]))\w*",
        r"\b(?:i['’]d|i would|we should|let['’]s|should|would|could|might) (?:probably |just |perhaps |rather "
        r"|also |likely )?(?:be )?(?:call|called|calling|term|name|say|replac\w+)\b",
        r"\bcall(?:ed|ing|s)? (?:it|this|that|these|them|such)\b|\bwhat (?:i|we|people) call\b|\bi ['’]?d? ?call\b",
        r"\buse (?:the|this|that) (?:word|term|phrase|name)\b|\bsuggests?\b|\bpresuppos\w+|\bimplies to me\b"
        r"|\bsounds? (?:a bit )?(?:like|similar)\b",
    ),
)

# "By honesty we both mean the same": people may well disagree then, but not over the word.
_SAME = re.compile(
    r"\b(?:we|they|both of us|you and i)(?: (?:both|all|each|do|really|clearly|probably))* meant? "
    r"(?:exactly |much |just )?the same\b"
    r"|\b(?:we|i)(?: (?:both|all|do|also|fully|completely|of course))* agree(?: with (?:you|him|her|them))?,? "
    r"(?:on|about) (?:what\b[^.?!]{1,60}\b(?:is|are|means?)\b"
    r"|(?:the|your|his|her) (?:meaning|definition|sense|term|word)s?\b)"
    r"|\b(?:differ|disagree\w*|dispute|argu\w+|question)\b[^.?!]{1,40}(?:,| and| but) not about (?:the |a )?"
    r"(?:words?|terms?|meanings?|definitions?|labels?|names?)\b",
    re.IGNORECASE,
)
_IN_DOUBT = re.compile(r"(?:\b(?:not|whether|if|unless|doubt|hardly|never|think)\b|n['’]t\b)[^.,;:]*$", re.IGNORECASE)
_QUOTATION = 4  # words between quotation marks, from which they are a quotation rather than a word that is mentioned
_QUOTE_MARKS = re.compile(
    r"[\"“]([^\"“”\n]{2,60}?)[\"”]|(?<!\w)[‘']([^'‘’\n]{2,60}?)[’'](?!\w)"
    r"|(?<![*_\w])[*_]{1,2}([^*_\n]{2,60}?)[*_]{1,2}(?![*_\w])"
)


def find_mentions(text: str) -> list[tuple[int, int]]:
    """Return the stretches that a sentence puts in quotation marks or stars: words that are mentioned, not used.

    >>> find_mentions('by "goal" I mean')
    [(4, 8)]
    """
    spans = []
    for match in _QUOTE_MARKS.finditer(text):
        group = next(number for number in (1, 2, 3) if match.group(number) is not None)
        spans.append(match.span(group))
    return spans


def find_cues(text: str) -> list[str]:
    """Name the cues of a sentence, in the order of `CUES`.

    What is quoted at length is somebody else's words, or a title: what it denies, the sentence need not deny.

    >>> find_cues("I read “a map is not the territory, but useful” again")
    ['own_meaning']
    """
    own = _without_quotations(text)
    return [cue.name for cue in CUES if cue.pattern.search(own)]


def is_question(text: str) -> bool:
    """Return whether a sentence asks."""
    return text.rstrip(" )\"”'*_").endswith("?")


def is_agreement(text: str) -> bool:
    """Return whether a sentence says that people mean the same: whatever they disagree about, it is not the word.

    >>> is_agreement("We both mean the same by it.")
    True
    >>> is_agreement("We don't mean the same by it.")
    False
    """
    match = None if is_question(text.replace("’", "'")) else _SAME.search(text)
    return match is not None and not _IN_DOUBT.search(text, 0, match.start())


def _without_quotations(text: str) -> str:
    for start, end in reversed(find_mentions(text)):
        if text[start - 1] not in "*_" and len(text[start:end].split()) >= _QUOTATION:
            text = f"{text[:start]}…{text[end:]}"
    return text
