"""Stated probabilities: "15% likely", "between .1% and 5%", "P(doom) ~ 0.2", "3:1 against", and what they are about.

A number is a stated probability when the words around it say so: a noun of probability ("chance", "odds", "credence"),
an adjective of certainty ("sure", "likely"), a verb of estimating ("I'd put it at"), or a parenthesis after a hedge
("probably (70%)"). A percentage with none of these is a share, a score or a growth rate, and is left alone.
Only a bounded stretch around each number is looked at, so that time grows linearly with the text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.epistemic.quantities import Form, Quantity, quantities

_AHEAD_WINDOW = 160
_BEHIND_WINDOW = 60


@dataclass(frozen=True, slots=True)
class StatedCredence:
    """A probability stated at `text[start:end]`, low..high within 0..1 ("<<1%" is 0..0.01, "at least 10%" is 0.1..1).

    `denied`: the author says that it is *not* so ("this doesn't leave me at <1%"). `supposed`: it is asked, imagined
    or part of a condition. `compared`: named beside another only to tell the two apart ("10% versus 90% matters").
    `whose`: "author" where a first person states it, the words that name somebody else where they do ("they think",
    "Paul's"), "" where nobody is named.
    """

    start: int
    end: int
    low: float
    high: float
    form: Form
    denied: bool = False
    supposed: bool = False
    compared: bool = False
    whose: str = ""


# --- the words that bound or blur a number, directly before and after it

_ABOVE = (
    r">>|≫|≥|>|&gt;|at least|(?:(?:any|much|far|way|a lot|significantly|well|still) )?(?:more|greater|higher"
    r"|better|larger|bigger) than|(?:well |far |way |much )?(?:over|above)|upwards? of|no less than|north of"
    r"|exceed(?:s|ing)|beyond"
)
_BELOW = (
    r"<<|≪|≤|<|&lt;|at most|(?:(?:any|much|far|way|a lot|significantly|well|still) )?(?:less|lower|smaller|fewer"
    r"|worse) than|(?:well |far |way |much )?(?:under|below)|no more than|not more than|up to|no (?:higher"
    r"|greater|larger) than"
)
_ABOUT = (
    r"~|≈|∼|about|around|approximately|approx\.?|roughly|maybe|perhaps|possibly|probably|almost|nearly|something like|"
    r"somewhere (?:around|near|between|in the range of|on the order of|in the)|(?:some)?where between|between|close to|"
    r"closer to|on the order of|in the range of|more like|like|say,?|virtually|basically|essentially|practically|"
    r"only|just|merely|even|still|literally|exactly|a (?:solid|good|full|flat|measly|mere|whopping)|i don['’]t know,?|"
    r"idk,?|i['’]d say|i guess,?|let['’]s say|an?|the|this|that|my|your|his|her|their|our|some"
)
_BOUND_AHEAD = re.compile(
    rf"(?:(?P<above>(?:(?<![\w<>])(?:{_ABOVE})))|(?P<below>(?:(?<![\w<>])(?:{_BELOW})))|(?P<about>(?<!\w)(?:{_ABOUT})))"
    r"[\s,:\"“]*$",
    re.IGNORECASE,
)
_BOUND_BEHIND = re.compile(
    r"\s?(?:(?P<above>\+|or (?:more|higher|greater|above|so or more)\b|at least\b)|(?P<below>or (?:less|lower|below"
    r"|fewer)\b"
    r"|at most\b|tops\b)|(?P<about>-?ish\b|or (?:so|thereabouts|something)(?: like that)?\b|give or take\b))",
    re.IGNORECASE,
)

# --- the words that make a number a probability

_NOUN = (
    r"(?:probabilit(?:y|ies)|prob|chances?|odds|likelihood|credences?|confidence|certainty|risk|p\s?\(\s?doom\s?\)"
    r"|pdoom"
    r"|(?:my|your|his|her|their|our|[A-Z]\w+['’]s)(?: (?:current|own|median|best|rough|initial|personal|inside[ -]view"
    r"|overall|subjective|actual|all-things-considered))*"
    r" (?:prior|posterior|estimate|guess|forecast|prediction|number|belief|p)s?|(?:prior|posterior) (?:belief|degree))"
)
_OPEN = r"[^.;!?\n]"
_LINK = (
    r"(?:is|are|was|were|be|been|becomes?|became|remains?|stays?|seems?|looks?|'s|’s|at|of|to|as|like|from|goes|than"
    r"|by then|equals?|assigned|between|that low|exceeds?|reach(?:es|ed)?|hits?|drops?|falls?|rises?|dropped|fell"
    r"|rose|being)"
)
_VERB = r"(?:put|puts|putting|give|gives|giving|gave|assign|assigns|assigned|assigning|place|places|placed|placing)"

_MAKES_IT_ONE_AHEAD = re.compile(
    "|".join(
        (
            rf"\b{_NOUN}\b{_OPEN}{{0,90}}?(?:\b{_LINK}|[=≈~:])[\s,(]*$",
            rf"\b{_NOUN}\b[\s,:=(≈~-]*$",
            rf"\b{_VERB} (?:it|this|that|them|him|her|us|\w{{1,15}} \w{{1,20}}|\w{{1,20}})?(?: \w{{1,20}})?(?: at| as"
            rf"| to| on)?[\s,]*$",
            rf"\b(?:I|we)\b{_OPEN}{{0,12}}? {_VERB}\b{_OPEN}{{0,80}}? (?:at|to|as|on|somewhere)[\s,]*$",
            r"\b(?:I|we)(?:['’]d|['’]ll)?(?: (?:would|will|might|could|now|currently|personally|probably|maybe|still"
            r"|only))*"
            r" (?:say|guess|estimate|hazard|ballpark|set|bet|wager)(?: (?:it|this|that|they|there)(?:['’]s| is| are"
            r"| at)?(?: like)?)?[\s,:]*$",
            r"\b(?:I|we)(?:['’]m|['’]d be| am| would be| was|['’]re)(?: \w{1,10})? ?(?:at|around)?\s*$",
            r"\bupdat(?:e|es|ed|ing)(?: (?:up|down|upward|downward|me|my \w{1,12})s?)? (?:to|from)\s*$",
            r"\bif I had to (?:pluck|pick|give|name|guess|put|choose)" + _OPEN + r"{0,40}$",
            r"\b(?:likely|probable|confident|sure|certain|unlikely)(?: \w{1,12})?[\s,]*[(\[:–—]\s*$",
        )
    ),
    re.IGNORECASE,
)
_P_OF = re.compile(
    r"(?<![A-Za-z])(?:\\?math(?:bb|cal|bf|rm|it)?\s?\{?\s?)?(?:P|Pr|Prob|p)\s?\}?\s?"
    r"\([^()\n]{1,80}(?:\([^()\n]{0,40}\)[^()\n]{0,40})?\)\s?"
    r"(?:\\approx|\\sim|\\leq?|\\geq?|to be|is|of|was|at|as|[&=≈~∼<>≤≥:])?[\s&=]*$"
)
_P_IS = re.compile(r"(?<![\w-])[pP]\s?(?:=|≈|~|:)\s?$")
_MAKES_IT_ONE_BEHIND = re.compile(
    r"[\s,]?(?:(?:existential|subjective|absolute|prior|posterior|total|overall|joint|cumulative|conditional|net|annual"
    r"|rough|independent|percentage|point|real|actual|decent|fair)[\s,]){0,2}"
    r"(?:likely|unlikely|probable|improbable|likelihood|chances?\b|probabilit(?:y|ies)\b|odds\b(?! ratio)|credences?\b"
    r"(?! interval)|confident|certain(?:ty|ly)?\b|sure\b|belief\b|doomy?\b|doomer\b|p\(doom\)|to have been true"
    r"|confidence\b(?! (?:interval|band|bound|region|level|limit))"
    r"|risks?\b(?! (?:reduction|premium|factor|tolerance|assessment|management))"
    r"|that (?:this|it|the|we|they|he|she|I|there|you|an?|my|our|some|any|all|no|in|by|if|at|humanity|AIs?|[A-Z]\w+)\b"
    r"(?! of)|on (?:it|this|that|the (?:proposition|hypothesis|claim|view|idea))\b|(?:to one )?(?:against"
    r"|in favou?r of)\b)",
    re.IGNORECASE,
)

# --- the words that make it something else

_SPOILS_BEHIND = re.compile(
    r"\s?(?:[)\]]?[\s]?)(?:of (?!(?:it|this|that|them|us|you|him|her|\w{1,20}ing|\w{1,20} \w{1,20}ing|success|failure"
    r"|doom"
    r"|extinction|catastrophe|being|there)\b)|(?:(?:confidence|credible|credence|prediction|uncertainty) )?"
    r"(?:intervals?|CI|range|bounds?|percentiles?|quantiles?|significance|threshold|accura|precision|recall|agree"
    r"|more|less|fewer|higher|lower|greater|faster|slower|better|worse|larger|smaller|longer|shorter|growth|increase"
    r"|decrease|reduction|discount|tax|return|interest|inflation|improvement|gain|boost|drop|off|per (?!cent)"
    r"|a (?:year|day"
    r"|week|month)|annual|yearly|true|false|fewer|market|response|success|failure rate|effective|reliab|efficien"
    r"|complete|correct|done|finished|automated|of the time|power|effort|pure|real|th\b|-?percentile|likelihood ratio"
    r"|relative likelihood|ratio|scale|margin|overhead|solution|vote|majority|share|stake|equity|tongue)\b"
    r"|(?:confidence|credible) (?:level|interval|band|bound|region))",
    re.IGNORECASE,
)
_SPOILS_AHEAD = re.compile(
    r"(?:\b(?:likelihood ratios?|ratios?|accurac(?:y|ies)|scored?|scores|rates?|recall|precision|p-values?|significant"
    r"|percentile|increas(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|reduc(?:e|es|ed|ing)|improv(?:e|es|ed|ing)|grow(?:s|n"
    r"|ing)?"
    r"|grew|boost(?:s|ed|ing)?|achiev(?:e|es|ed|ing)|automated?|width|opacity|top|bottom|first|last|another|remaining"
    r"|other)"
    r"(?: (?:of|by|to|is|was|are|at|about|around|roughly|the|only|an?|over|on))*|\bby|[#@€£]|\$(?=\s?$)|,\s?\d+|[vV]"
    r"|version|"
    r"section|chapter|step|level|page|figure|table|episode|part|day|week|year)\s*$",
    re.IGNORECASE,
)


def credences(text: str) -> list[StatedCredence]:
    """Find the probabilities stated in `text`, in order. Offsets count characters of `text`.

    Example: credences("I'd put it between .1% and 5%.") -> [StatedCredence(start=14, end=29, low=0.001, high=0.05, ...)]
    """
    numbers = quantities(text)
    if not numbers:
        return []
    made = [_is_probability(text, number) for number in numbers]
    _spread(text, numbers, made)
    stated = (_stated(text, number) for number, is_one in zip(numbers, made, strict=True) if is_one)
    return [credence for credence in stated if credence is not None]


_MARKUP = re.compile(r"[*_$\\{}]+")
_SENTENCE_END = re.compile(r"[.!?][\"”')\]]*\s+(?=[\"“(\[]*[A-Z])")
_SPLIT = re.compile(r"\s?(?:split|mix|ratio|blend|chance of (?:heads|tails))", re.IGNORECASE)
_CERTAINLY = re.compile(r"\s?(?:sure|certain|confident)", re.IGNORECASE)
_DIRECTLY = re.compile(
    r"\b(?:probability|chance|credence|p|odds)(?: (?:of|is|at|to|exactly|about|like))?[\s=]*$", re.IGNORECASE
)
_ODDS_AHEAD = re.compile(r"\bodds\b" + _OPEN + r"{0,60}?$", re.IGNORECASE)
_NO_ODDS_AHEAD = re.compile(
    r"\b(?:likelihood|ratios?|log[ -]odds|favou?ring|time|at)\b" + _OPEN + r"{0,30}$", re.IGNORECASE
)
_STATISTICS = re.compile(r"p-value|significan|null hypothesis|[tFr]\(\d|χ|\bn\s?=\s?\d", re.IGNORECASE)
_HEDGED_CLAUSE = re.compile(
    r"\b(?:probably|likely|unlikely|plausibly|presumably|maybe|perhaps|almost certainly|(?:I|we)(?:['’]d"
    r"| would)? ?(?:\w{2,10} )?"
    r"(?:think|believe|expect|predict|guess|suspect|bet|anticipate|doubt|feel)|(?:I|we)(?:['’]m| am"
    r"|['’]re) (?:\w{2,12} )?"
    r"(?:confident|sure|certain|unsure|skeptical|optimistic|pessimistic)|will|won['’]t|going to)\b",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"[\s,;:/*_$()\"“”]*(?:(?:and|or|vs\.?|versus|to|than|rather|maybe|even|from|but|not|as|opposed|then|perhaps"
    r"|it['’]s|up|down"
    r"|at|about|some|say|on|the|other)[\s,;*_$()\"“”]*){0,5}[~<>≈]{0,2}",
    re.IGNORECASE,
)


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Give the words before and after [start, end), within the line and the sentence, without marks of emphasis."""
    ahead = text[max(0, start - _AHEAD_WINDOW) : start]
    ahead = ahead[ahead.rfind("\n") + 1 :]
    ends = [match.end() for match in _SENTENCE_END.finditer(ahead)]
    behind = text[end : end + _BEHIND_WINDOW].split("\n", 1)[0]
    return _MARKUP.sub("", ahead[ends[-1] if ends else 0 :]), _MARKUP.sub("", behind)


def _is_probability(text: str, number: Quantity) -> bool:
    start, end, _, _ = _bounded(text, number)
    ahead, behind = _around(text, start, end)
    match number.form:
        case Form.EVEN:
            return not _SPLIT.match(behind)
        case Form.ODDS:
            if _NO_ODDS_AHEAD.search(ahead) and not _MAKES_IT_ONE_BEHIND.match(behind):
                return False
            return bool(_MAKES_IT_ONE_BEHIND.match(behind) or _ODDS_AHEAD.search(ahead))
        case Form.EPSILON:
            return bool(_DIRECTLY.search(ahead))
        case Form.DECIMAL if text[number.start : number.end].lower() in ("one", "zero", "0", "1"):
            return bool(_DIRECTLY.search(ahead) or _P_OF.search(ahead)) and not re.match(r"\s?[-+*/^]|\s?in\b", behind)
        case Form.DECIMAL if _P_IS.search(ahead):
            return number.low > 0.1 and not _STATISTICS.search(text[max(0, start - 200) : end + 100])
    if _MAKES_IT_ONE_BEHIND.match(behind) or _P_OF.search(ahead):
        return True
    if _SPOILS_BEHIND.match(behind) or _SPOILS_AHEAD.search(ahead):
        return False
    if _MAKES_IT_ONE_AHEAD.search(ahead):
        return True
    return number.form is Form.PERCENT and _in_brackets(ahead, behind)


def _in_brackets(ahead: str, behind: str) -> bool:
    """Tell whether a percentage alone in brackets closes or qualifies a hedged clause: "I think it works (80%)"."""
    opened = ahead.rstrip(' ~≈<>"“')
    if not opened.endswith(("(", "[")) or not behind.lstrip().startswith((")", "]")):
        return False
    return bool(_HEDGED_CLAUSE.search(opened))


def _bounded(text: str, number: Quantity) -> tuple[int, int, float, float]:
    """Widen a number by the words that bound or blur it: "<<1%" → 0..0.01, "at least 10%" → 0.1..1."""
    start, end, low, high = number.start, number.end, number.low, number.high
    mark = start
    for _ in range(5):
        begin = max(0, start - 40)
        found = _BOUND_AHEAD.search(text[begin:start].replace("$", " ").replace("\\", " "))
        if found is None:
            break
        start = begin + found.start()
        if found["above"] or found["below"]:
            mark = start
            denied = re.search(r"(?:\bnot?|n['’]t(?: \w{1,10}){0,3}) $", text[max(0, start - 30) : start])
            if bool(found["above"]) != bool(denied):
                high = 1.0
            else:
                low = 0.0
    after = _BOUND_BEHIND.match(text[end : end + 40])
    if after is not None and not number.ranged:
        end += after.end()
        if after["above"]:
            high = 1.0
        elif after["below"]:
            low = 0.0
    return mark if mark < number.start else number.start, end, low, high


def _spread(text: str, numbers: Sequence[Quantity], made: list[bool]) -> None:
    """Let numbers in a row share what they are: "from 3% to 10%", "99%, 98%", "25% and 75% likely"."""
    size = len(numbers)
    for here, there in [(i, i + 1) for i in range(size - 1)] + [(i, i - 1) for i in range(size - 1, 0, -1)]:
        first, second = numbers[min(here, there)], numbers[max(here, there)]
        between = text[first.end : second.start]
        if made[here] and not made[there] and first.form is second.form and len(between) <= 30:
            behind = _around(text, second.start, second.end)[1]
            if _JOINED.fullmatch(between) and not (there > here and _SPOILS_BEHIND.match(behind)):
                made[there] = True


_DENIED = re.compile(
    r"(?:n['’]t|\bnot|\bnever|\bno|\bcannot) (?:\w{1,12} ){0,7}$|\b(?:disagree|den(?:y|ies)|wrong|way too (?:high"
    r"|low))\b",
    re.IGNORECASE,
)
_TOO_MUCH = re.compile(
    r"[^.;!?\n]{0,40}\b(?:too (?:high|low|confident|much|little)|over-?confident|absurd|crazy|insane)\b", re.I
)
_NOT_WHOLLY = re.compile(r"(?:n['’]t|\bnot|\bnever|\bwithout being) (?:\w{1,10} ){0,2}$", re.IGNORECASE)
_SUPPOSED = re.compile(
    r"\b(?:if|unless|suppose|supposing|imagine|assume|assuming|whether|let['’]s say|when|once)\b[^.;!?\n]{0,150}$"
    r"|^\s*(?:is|are|was|were|does|do|how|what|why|which|would|should|say)\b[^.!?\n]{0,150}$",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:difference between|distinguish\w* (?:between )?|versus|vs\.?|whether it is)\b", re.IGNORECASE
)
_AUTHOR = re.compile(r"\b(?:I|my|me|we|our|mine|IMO|AFAICT)\b|\bI['’](?:d|m|ve|ll)\b")
_OTHER = re.compile(
    r"\b(?:they|he|she|people|researchers|experts|forecasters|respondents|superforecasters|someone|somebody|others"
    r"|their"
    r"|his|her|your|Metaculus|Manifold|[A-Z][a-z]+(?: [A-Z][a-z]+)?['’]s|(?!I\b)[A-Z][a-z]+(?: [A-Z][a-z]+)?"
    r"(?= (?:thinks|believes|says|said|puts|gives|gave|assigns|assigned|estimates|estimated|predicts|predicted)\b))"
)


def _stated(text: str, number: Quantity) -> StatedCredence | None:
    """Say how a probability stands in its sentence; None where "not 100% sure" states none."""
    start, end, low, high = _bounded(text, number)
    ahead, behind = _around(text, start, end)
    if low == high == 1.0 and _NOT_WHOLLY.search(ahead):
        return None
    bounded_by_denial = (low == 0.0 or high == 1.0) and (low, high) != (number.low, number.high)
    turned = number.form is Form.ODDS and re.match(r"[\s,]*(?:odds )?against\b", behind, re.IGNORECASE)
    if turned:
        low, high = 1.0 - high, 1.0 - low
    near = text[max(0, start - 60) : end + 40]
    return StatedCredence(
        start,
        end,
        low,
        high,
        number.form,
        denied=bool(_TOO_MUCH.match(behind) or (_DENIED.search(ahead[-70:]) and not bounded_by_denial)),
        supposed=bool(_SUPPOSED.search(ahead)),
        compared=bool(_COMPARED.search(near)),
        whose=_whose(ahead),
    )


def _whose(ahead: str) -> str:
    """Name whose probability it is by the last person named before it."""
    own = [match.end() for match in _AUTHOR.finditer(ahead)]
    others = list(_OTHER.finditer(ahead))
    if others and (not own or others[-1].end() > own[-1]):
        return others[-1][0]
    return "author" if own else ""


# Words that say no more than that a probability follows: a sentence of these alone speaks of the one before it.
_FRAME = re.compile(
    r"(?:I|my|we|our|is|it|this|that|at|to|of|for|on|as|be|am|was|are|put|give|say|guess|estimate|assign|place|would"
    r"|will"
    r"|might|could|maybe|perhaps|probably|about|around|roughly|something|like|somewhere|between|credence|confidence"
    r"|probability|probabilities|chance|chances|odds|likelihood|certainty|likely|sure|confident|certain|think|the|an?"
    r"|so|and|or|but|in"
    r"|range|personally|currently|overall|more|less|than|least|most|closer|still|just|only|pretty|very|if|had|pick"
    r"|number"
    r"|I['’](?:d|m|ll|ve)|it['’]s|that['’]s|epistemic|status|prediction|here|though|ish|d|m|s|ll|ve|yes|no|yeah|well"
    r"|hmm)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def attach(text: str, stated: Sequence[StatedCredence], claims: Sequence[tuple[int, int]]) -> dict[int, StatedCredence]:
    """Say which claim each stated probability is about: index in `claims` → the probability.

    `claims` are spans of `text` (an utterance, or one paragraph of it), in order. A probability belongs to the smallest
    claim around it; one in brackets after a claim, to that claim; one in a sentence that says nothing else ("I'd say
    70%."), to that sentence and to the claim before it in the paragraph. Denied, supposed and merely compared
    probabilities belong to no claim, nor do other people's (`whose`), which whoever reads reports may attach to those.
    """
    chosen: dict[int, StatedCredence] = {}
    for credence in stated:
        if credence.denied or credence.supposed or credence.compared or credence.whose not in ("", "author"):
            continue
        home = _home(text, credence, claims)
        if home is None:
            continue
        chosen.setdefault(home, credence) if not _replaces(text, chosen.get(home), credence) else chosen.update(
            {home: credence}
        )
        start, end = claims[home]
        if _says_nothing_else(text[start : credence.start] + " " + text[credence.end : end]) and home > 0:
            before = claims[home - 1]
            if before[1] <= start and "\n\n" not in text[before[1] : start]:
                chosen.setdefault(home - 1, credence)
    return chosen


def _home(text: str, credence: StatedCredence, claims: Sequence[tuple[int, int]]) -> int | None:
    around = [i for i, (start, end) in enumerate(claims) if start <= credence.start and credence.end <= end]
    if around:
        return min(around, key=lambda i: claims[i][1] - claims[i][0])
    ahead = [i for i, (_, end) in enumerate(claims) if end <= credence.start]
    if ahead:
        last = max(ahead, key=lambda i: (claims[i][1], claims[i][0]))
        between = text[claims[last][1] : credence.start]
        if len(between) <= 60 and "\n\n" not in between and _says_nothing_else(between):
            return last
    return None


def _says_nothing_else(words: str) -> bool:
    return all(_FRAME.fullmatch(word) for word in _WORD.findall(words))


def _replaces(text: str, earlier: StatedCredence | None, later: StatedCredence) -> bool:
    """Tell whether `later` is where a change ends: "from 3% to 10%"."""
    return earlier is not None and bool(
        re.fullmatch(r"[^.;!?\n]{0,20}?\bto (?:about |around |~)?", text[earlier.end : later.start])
        and re.search(r"\bfrom (?:\w{1,12} )?$", text[max(0, earlier.start - 30) : earlier.start])
    )
