"""The words by which authors hold back or lean in, by class, and how sure each leaves its reader.

The classes follow Hyland's metadiscourse (hedges and boosters, 2005), hedges split further by what they do: words of
probability, modal verbs, evidentials, the author's own stance, and softeners. The words were gathered for this project
from those classes and from the ways of writing on forums ("AFAICT", "I'd guess"). `level` is the degree of belief that
a reader may take from the cue alone; verbal probabilities lie near the medians that studies of such words report
(Kent 1964; Lichtenstein and Newman 1967; Mosteller and Youtz 1990).
"""

from dataclasses import dataclass
from enum import StrEnum


class CueClass(StrEnum):
    """What a cue does."""

    PROBABILITY = "probability"  # probably, likely, it's possible that
    MODAL = "modal"  # might, may, could
    STANCE = "stance"  # I think, I'd guess, in my view
    EVIDENTIAL = "evidential"  # it seems, apparently, AFAICT
    SOFTENER = "softener"  # sort of, in general, tends to
    DOUBT = "doubt"  # I'm not sure, unclear, no idea whether
    BOOSTER = "booster"  # clearly, I'm sure, definitely


@dataclass(frozen=True, slots=True)
class Entry:
    """A cue: a regular expression without capturing groups, its class and its level (0..1)."""

    pattern: str
    kind: CueClass
    level: float


# Adverbs that may stand between a person and a verb of thinking.
_OFTEN = (
    r"(?: (?:do|would|will|have|still|also|now|currently|personally|just|really|generally|actually|mostly|kind of"
    r"|sort of|tend to|strongly|honestly|certainly|definitely|at least|basically|always|often|usually|do still"
    r"|largely))*"
)
_I = r"\b(?:I|we)(?:['’](?:d|ll|ve))?" + _OFTEN
_IM = (
    r"\b(?:(?:I|we)(?:['’](?:m|re|d be)| am| are| was| would be| remain| feel)|feeling)"
    r"(?: (?:also|still|now|currently|personally|just|actually|generally|at least))*"
)
_NOT = (
    r"(?: not|n['’]t)(?: (?:really|quite|even|entirely|at all|totally|completely|super|very|that|so|all that|exactly"
    r"|particularly|necessarily|currently|yet|fully|especially|terribly|too|100\s?%|100 ?percent))*"
)
_SOME = r"(?:pretty|fairly|reasonably|quite|rather|somewhat|moderately|relatively|mostly|about)"
_VERY = (
    r"(?:very|extremely|highly|really|super|overwhelmingly|totally|completely|absolutely|entirely|quite|so|perfectly)"
)
_IT = (
    r"\b(?:it|that|this|there)(?: would| also| still| now)?(?:['’]s| is| was| seems| looks| appears| may be| might be)"
)
_NOT_DEGREE = r"(?<!more )(?<!less )(?<!as )(?<!how )(?<!equally )(?<!likely to be )"

_P, _M, _S, _E, _F, _D, _B = (
    CueClass.PROBABILITY,
    CueClass.MODAL,
    CueClass.STANCE,
    CueClass.EVIDENTIAL,
    CueClass.SOFTENER,
    CueClass.DOUBT,
    CueClass.BOOSTER,
)

# Where two could match at one place, the earlier wins: the longer and more particular stand first.
ENTRIES: tuple[Entry, ...] = tuple(
    Entry(pattern, kind, level)
    for pattern, kind, level in (
        # doubt, and belief with its opposite inside
        (_I + r" (?:do|did)(?:n['’]t| not) (?:\w{2,10} )?(?:know|see how|understand) (?:if|whether|that)\b", _D, 0.3),
        (_I + r" (?:have )?no idea (?:if|whether|what|how|why)?", _D, 0.2),
        (r"\bno idea (?:if|whether)\b", _D, 0.2),
        (_I + r" wonder (?:if|whether|how much)\b", _D, 0.35),
        (_I + r" doubt\b", _D, 0.65),
        (
            _I + r"(?: do| did| would)?(?: not|n['’]t|n['’]t actually| not actually) (?:\w{2,9}ly |even "
            r"|quite )?(?:think|believe|expect|feel like)\b",
            _S,
            0.75,
        ),
        (_IM + _NOT + r" (?:sure|certain|convinced|confident|clear|persuaded)\b", _D, 0.45),
        (
            r"\bnot (?:entirely |completely |totally |quite |very |at all |really |100% )?(?:sure|certain|convinced"
            r"|confident)\b",
            _D,
            0.45,
        ),
        (
            _IM + r" (?:un(?:sure|certain|clear|convinced)|agnostic|confused|sceptical|skeptical|doubtful|on the fence"
            r"|torn)\b",
            _D,
            0.45,
        ),
        (_IT + _NOT + r" (?:clear|obvious|certain|known|evident|settled)\b", _D, 0.45),
        (
            r"\b(?:is|are|was|were|seems?|remains?)(?: \w{2,10})? (?:unclear|uncertain|unknown|questionable|debatable"
            r"|dubious)\b",
            _D,
            0.45,
        ),
        (r"\b(?:unclear|uncertain|debatable) (?:whether|if|how|what|to me)\b", _D, 0.45),
        (r"\bwho knows\b", _D, 0.2),
        (
            r"\b(?:I|we)(?: may| might| could)(?: well| easily| also| just| of course)? be (?:wrong|mistaken|missing"
            r"|misunderstanding|confused|biased|misremembering|misreading)\b",
            _D,
            0.6,
        ),
        (
            r"\b(?:could|might|may) be wrong\b|\b(?:please )?correct me if I['’]m wrong\b|\bunless I['’]m (?:missing"
            r"|mistaken)\b|\bif I['’]m not mistaken\b",
            _D,
            0.65,
        ),
        # boosters of more than a word
        (_IM + rf" (?:{_VERY} |100\s?% )(?:confident|sure|certain|convinced)\b", _B, 0.96),
        (_IM + rf" {_SOME} (?:confident|sure|certain|convinced)\b", _S, 0.85),
        (_IM + r" (?:almost|nearly|virtually) (?:certain|sure)\b", _B, 0.93),
        (
            _IM + r" (?:confident|sure|certain|convinced|positive)(?= that| of|,| in| about|\.|$| \w{1,6} )(?! (?:of|in"
            r"|about) (?:myself|yourself))",
            _B,
            0.93,
        ),
        (rf"\b{_SOME} (?:sure|confident|certain)\b", _S, 0.85),
        (
            _I
            + r" (?:know|realize|realise)(?: for (?:sure|certain|a fact))?(?= that| for| (?:it|this|the|we|there|I)\b)",
            _B,
            0.95,
        ),
        (r"\b(?:almost|nearly|virtually|near) certain(?:ly)?\b", _B, 0.93),
        (r"\b(?:no|without(?: a| any)?|beyond(?: a| any)?)(?: reasonable)? doubt\b", _B, 0.97),
        (
            r"\b(?:it(?:['’]s| is)|that(?:['’]s| is)|seems?)(?: (?:very|pretty|quite|also|really|fairly|totally|now"
            r"|just))* (?:clear|obvious|certain|evident|undeniable|indisputable|self-evident)(?= that| to me| from|,"
            r"|\.|$)",
            _B,
            0.93,
        ),
        (
            r"\b(?:of course|in fact|by definition|as a matter of fact|for sure|for certain|(?<!or )no question)\b",
            _B,
            0.93,
        ),
        (_I + r" (?:can|could) (?:guarantee|assure|prove)\b", _B, 0.97),
        (r"\bthere(?:['’]s| is) no (?:way|chance|question|reason to (?:think|believe|expect))\b", _B, 0.95),
        (r"\b(?:impossible|inconceivable)\b(?= to| that|\.|,|$| for)", _B, 0.95),
        (
            r"\b(?:definitely|certainly|absolutely|undoubtedly|undeniably|unquestionably|indisputably|indubitably"
            r"|decidedly|doubtless|assuredly)\b(?<!almost certainly)",
            _B,
            0.96,
        ),
        (
            r"\b(?:obviously|clearly|plainly|evidently|demonstrably|manifestly)\b(?! (?:defined|stated|written"
            r"|labell?ed|visible|separated|specified|marked|articulated))",
            _B,
            0.93,
        ),
        (
            r"\b(?:surely|truly|inevitably|necessarily|guaranteed"
            r"|invariably)\b(?<!not necessarily)(?<!n['’]t necessarily)",
            _B,
            0.92,
        ),
        (
            r"\b(?:indeed|really|in reality|actually)\b(?= (?:is|are|was|were|do|does|did|has|have|will|would|can"
            r"|cannot|can['’]t)\b)",
            _B,
            0.88,
        ),
        # words of probability
        (rf"\b(?:{_VERY}|exceedingly) (?:likely|probable|probably)\b", _P, 0.87),
        (rf"\b(?:{_VERY}|exceedingly) (?:unlikely|improbable|implausible)\b", _P, 0.87),
        (rf"\b{_SOME} (?:likely|probable|plausible|unlikely|improbable|implausible)\b", _P, 0.7),
        (
            r"\b(?:most|more) likely(?= (?:that|to|the|is|not|because|it)\b|,|\."
            r"|$)(?<!much more likely)(?<!far more likely)",
            _P,
            0.75,
        ),
        (r"\b(?:probable|improbable|implausible)\b(?= that| to me|,|\.|$)|\bprobably\b", _P, 0.7),
        (
            rf"{_NOT_DEGREE}(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bmost )(?<!\btheir )\b(?:un)?likely\b(?! than)(?! "
            rf"(?:candidate|explanation|culprit|story|reason|outcome|case)s?\b)",
            _P,
            0.7,
        ),
        (
            r"\b(?:is|are|was|were|be|seems?|looks?|it['’]s|sounds?)(?: \w{2,12})? (?:im)?plausible\b(?= that| to me"
            r"|,|\.|$)|\bplausibly\b",
            _P,
            0.5,
        ),
        (
            r"\b(?:it(?:['’]s| is| was| seems| may be)|is it|isn['’]t it|that(?:['’]s| is)|very|quite|entirely|seems"
            r"|certainly)(?: \w{2,10})? (?:possible|conceivable)\b(?= that| to me|,|\.| \w{1,5} (?:is|are|could|would"
            r"|will)\b|$)",
            _P,
            0.4,
        ),
        (r"\b(?:possibly|potentially|conceivably)\b", _P, 0.42),
        (
            r"\b(?:perhaps|maybe)\b(?! (?:an? )?(?:\d|two|three|four|five|ten|twenty|fifty|hundred|thousand|dozen"
            r"|couple|few)\b)",
            _P,
            0.45,
        ),
        (
            r"\bthere(?:['’]s| is| might be| may be)(?: \w{1,10}){0,3} (?:chance|possibility|probability)(?= that| of"
            r"|,)",
            _P,
            0.45,
        ),
        (r"\b(?:a good|a decent|a reasonable) (?:chance|bet)\b", _P, 0.65),
        # evidentials and the author's own stance
        (
            r"\b(?:AFAICT|AFAIK|AFAIU|IIRC|IIUC)\b|\b(?:as|so) far as I(?: can|['’]m| am| could| currently)? ?(?:tell"
            r"|know|see|aware|understand|recall|concerned|remember)\b|\bto (?:the best of )?my (?:knowledge"
            r"|understanding)\b",
            _E,
            0.7,
        ),
        (r"\bif I (?:recall|remember|understand|understood)(?: correctly| rightly| right)?\b", _E, 0.7),
        (
            r"\b(?:IMO|IMHO|IME|imo|imho)\b|\b(?:in|to) my (?:(?:humble|personal|honest|own) )?(?:opinion|view|mind"
            r"|judgment|judgement|estimation|experience|eyes)\b|\bfrom my (?:perspective|point of view|standpoint"
            r"|viewpoint)\b|\b(?:speaking )?for my part\b",
            _S,
            0.75,
        ),
        (
            r"\bmy (?:\w{2,12} )?(?:impression|sense|understanding|intuition|feeling|read|take|view|opinion|position"
            r"|belief|model|recollection|suspicion|hunch|guess|bet|hypothesis|worry|expectation|prediction|gut"
            r"|instinct)(?: feeling| here| about \w{1,15}| on \w{1,15}| of \w{1,15}| right now| currently)?(?:['’]s"
            r"| is| was| would be| says| tells| suggests| remains)\b",
            _S,
            0.62,
        ),
        (
            r"\b(?:get|got|have|had) the (?:\w{2,10} )?(?:impression|sense|feeling|intuition)\b|\bgut feeling\b"
            r"|\ba hunch\b",
            _S,
            0.6,
        ),
        (
            r"\b(?:(?:I|we)(?:['’]d| would) guess|(?:I|we) (?:do |would |also |just )?guess|best guess|at a guess"
            r"|(?:I|we) (?:do |just |also )?suppose|I presume|I imagine|I gather|I reckon)\b(?! at| what)",
            _S,
            0.57,
        ),
        (_I + r"(?: would)? (?:suspect|assume|speculate|surmise|conjecture|hypothesi[sz]e)\b", _S, 0.6),
        (
            _I + r"(?: would)? (?:think|believe|feel|felt|thought|consider|figure(?! out))\b(?! (?:about|of|through|in"
            r"|back|over"
            r"|for|hard|carefully|aloud|free|sorry|bad|good|great|sad|happy|guilty|tired|safe|pain)\b)(?!ing)",
            _S,
            0.75,
        ),
        (r"\b(?:seems|seemed|feels|felt|looks|looked|sounds) to (?:me|us)\b|\bstrikes? me as\b", _S, 0.68),
        (_I + r"(?: would)? (?:expect|predict|anticipate|bet|wager|estimate|forecast|lean(?:ing)? toward)\b", _S, 0.75),
        (r"\bI['’]m (?:\w{2,10} )?(?:inclined|tempted) to\b|\b(?:I|we)(?:['’]m| am)? lean(?:ing)?\b", _S, 0.65),
        (r"\b(?:presumably|supposedly|allegedly|ostensibly|purportedly|reportedly|apparently|seemingly)\b", _E, 0.62),
        (r"\b(?:arguably|tentatively|speculatively|hopefully|provisionally)\b", _E, 0.58),
        (
            r"\b(?:seem(?:s|ed|ingly)?|(?:looks?|sounds?|feels?) like(?= [\w“\"])|(?:it|that|this|there"
            r"|which) appears?(?! (?:on|in|at|when|above|below|here|next|as)\b)"
            r"|appears? (?:to|that|as)|appeared to)\b(?! (?:like )?I (?:have|had|was) time)",
            _E,
            0.66,
        ),
        (
            r"\b(?:suggests?|indicates?|hints?|implies it|points? to(?:wards?)?)\b(?= that| the| an?\b| it| to me)",
            _E,
            0.72,
        ),
        # modal verbs
        (
            r"\b(?:might|may)(?: (?:well|very well|just|also|still|even|not|actually|only|already|never|in fact|then"
            r"|instead|sometimes|often))*(?= [a-z]{2,})(?<!the might)(?! of\b)(?! and\b)(?! as well (?!be|have|say"
            r"|just))",
            _M,
            0.47,
        ),
        (
            r"\b(?:it|this|that|there|they|which|[a-z]{3,}) could(?: (?:well|very well|also|just|still|even|easily"
            r"|in fact|actually|potentially|possibly|conceivably|plausibly))* (?:be|have been|mean|turn|end up|happen"
            r"|lead|become|imply|go|come|result|cause|make|fail|work|matter|help|still|also|look|break|easily)\b",
            _M,
            0.5,
        ),
        # softeners
        (
            r"\b(?:sort"
            r"|kind) of\b(?<!a kind of)(?<!some kind of)(?<!some sort of)(?<!this kind of)(?<!that kind of)(?<!a sort"
            r" of)(?<!the kind of)(?<!the sort of)(?<!this sort of)(?<!that sort of)(?<!any kind of)(?<!any sort of)"
            r"(?<!what kind of)(?<!what sort of)(?<!of kind of)(?<!every kind of)(?<!one kind of)(?<!other kind of)"
            r"(?<!another kind of)(?<!same kind of)(?<!same sort of)(?<!right kind of)(?<!right sort of)(?<!new kind"
            r" of)(?<!certain kind of)(?<!what sort of)",
            _F,
            0.78,
        ),
        (
            r"\bin (?:theory|principle|some sense|a sense|general|most cases|many cases|some ways|certain cases)\b"
            r"|\bto (?:some|a certain|a large|a first) (?:extent|degree|approximation)\b|\bmore or less\b"
            r"|\bby and large\b|\bfor the most part\b",
            _F,
            0.8,
        ),
        (
            r"\b(?:usually|generally|typically|often|mostly|largely|roughly speaking|broadly|tends? to|sometimes"
            r"|normally|ordinarily|in practice)\b",
            _F,
            0.82,
        ),
    )
)
