"""The words around a number that make it a stated probability, that make it something else, or that bound it.

Patterns named `…_AHEAD` end where the number (with the words that bound or blur it) begins and are searched in a short
stretch before it; patterns named `…_BEHIND` are matched where it ends. All are tried on windows of bounded length.
"""

import re


def _let_space_vary(words: str) -> str:
    """Let marks of emphasis and line breaks stand where a pattern has a blank."""
    return words.replace(" ", r"[\s*_]{1,4}")


# --- words that bound or blur a number

_MORE = r"(?:(?:any|much|far|way|a lot|significantly|well|still|slightly) )?"
_ABOVE = (
    rf">>|≫|≥|>|&gt;|\bat least|\b{_MORE}(?:more|greater|higher|better|larger|bigger) than"
    r"|\b(?:well |far |way |much )?(?:over|above)|\bupwards? of|\bno less than|\bnorth of|\bexceed(?:s|ing)|\bbeyond"
)
_BELOW = (
    rf"<<|≪|≤|<|&lt;|\bat most|\b{_MORE}(?:less|lower|smaller|fewer|worse) than"
    r"|\b(?:well |far |way |much )?(?:under|below)|\bno(?:t)? (?:more|higher|greater|larger) than"
    r"|(?<!updated\x20)(?<!went\x20)(?<!goes\x20)(?<!go\x20)(?<!rose\x20)(?<!rises\x20)(?<!moved\x20)\bup to"
)
_ABOUT = (
    r"~|≈|∼|\be\.g\.,?|\bi\.e\.,?|\b(?:for example,?|for instance,?|about|around|approximately|approx\.?|roughly"
    r"|maybe|perhaps|possibly|probably|almost|nearly"
    r"|something like|somewhere (?:around|near|between|in the range of|on the order of|in the)|(?:some)?where between"
    r"|between|close to|closer to|on the order of|in the range of|more like|like|say,?|virtually|basically|essentially"
    r"|practically|only|just|merely|even|still|literally|exactly|a (?:solid|good|full|flat|measly|mere|whopping|hair)"
    r"|i don['’]t know,?|idk,?|i['’]d say|i guess,?|let['’]s say|a (?:bit|little)|an?|the|this|that|my|your|his|her"
    r"|their|our|some)"
)
BOUND_AHEAD = re.compile(
    rf"(?:(?P<above>{_let_space_vary(_ABOVE)})|(?P<below>{_let_space_vary(_BELOW)})|(?P<about>{_let_space_vary(_ABOUT)}))[\s,:\"“*_$\\]*$",
    re.IGNORECASE,
)
BOUND_BEHIND = re.compile(
    r"\s?(?:(?P<above>(?<=[%\d])\+(?!\s?\d)|or (?:more|higher|greater|above)\b|at least\b)|(?P<below>or (?:less|lower"
    r"|below|fewer)\b"
    r"|at most\b|tops\b)|(?P<about>-?ish\b|or (?:so|thereabouts|something)(?: like that)?\b|give or take\b))",
    re.IGNORECASE,
)
# "isn't more than", "didn't go over": the bound turns round.
TURNED_AHEAD = re.compile(r"(?:\bnot?|n['’]t)(?: \w{1,10}){0,4} $", re.IGNORECASE)

# --- words that make a number a probability

_NOUN = (
    r"(?:probabilit(?:y|ies)|prob|chances?|odds(?! ratio)|likelihood(?! ratio)|credences?"
    r"|confidence(?! (?:interval|band|region|bound))|certainty|risk(?! (?:reduction|factor|premium))"
    r"|p\s?\(\s?doom\s?\)|pdoom|(?:prior|posterior) (?:belief|degree))"
)
_ESTIMATE = (
    r"(?:(?:my|your|his|her|their|our|(?-i:[A-Z])\w+['’]s)(?: (?:current|own|median|best|rough|initial|personal"
    r"|inside[ -]view|overall|subjective|actual|all-things-considered))*"
    r" (?:prior|posterior|estimate|guess|forecast|prediction|number|belief|p)s?|\b(?:predictions?|forecasts?"
    r"|priors?)\b)"
)
_LINK = (
    r"(?:is|are|was|were|be|been|becomes?|became|remains?|stays?|seems?|looks?|['’]s|at|of|to|as|like|from|goes|than"
    r"|equals?|assigned|between|exceeds?|reach(?:es|ed)?|hits?|drops?|falls?|rises?|dropped|fell|rose|gone|went|go"
    r"|gets?|being|approx|sim)"
)
_VERB = r"(?:puts?|putting|gives?|giving|gave|assigns?|assigned|assigning|places?|placed|placing|preregistered)"
_OPEN = r"[^.;!?\n]"

# A quick look that spares most numbers the slow one below.
WORTH_A_LOOK = re.compile(
    r"prob|chance|odds|likel|credence|confiden|certain|risk|doom|prior|posterior|belief|guess|estimat|forecast|predict"
    r"|number|put|giv|gave|assign|plac|preregist|updat|had to|sure|\b(?:I|we|my|p)\b",
    re.IGNORECASE,
)
PROBABLE_AHEAD = re.compile(
    "|".join(
        (
            rf"\b{_NOUN}\b(?:{_OPEN}{{0,120}}?\b{_LINK}|{_OPEN}{{0,30}}?[=≈~:])[\s,(]*$",
            rf"{_ESTIMATE}{_OPEN}{{0,25}}?(?:\b{_LINK}|[=≈~:])[\s,(]*$",
            rf"(?:\b{_NOUN}\b|{_ESTIMATE})[\s,:=≈~-]*(?:\((?:e\.g\.|i\.e\.|say|like|perhaps|maybe)?[\s,]*)?$",
            rf"\b{_VERB} (?!in\b|out\b|up\b|back\b)(?:it|this|that|them|him|her|us|\w{{1,15}} \w{{1,20}}"
            rf"|\w{{1,20}})?(?: \w{{1,20}})?"
            r"(?: at| as| to| on)?[\s,]*$",
            rf"\b(?:I|we)\b{_OPEN}{{0,12}}? {_VERB}\b{_OPEN}{{0,80}}? (?:at|to|as|on|somewhere)[\s,]*$",
            r"\b(?:I|we)(?:['’]d|['’]ll)?(?: (?:would|will|might|could|now|currently|personally|probably|maybe|still"
            r"|only))* (?:say|guess|estimate|hazard|ballpark|set|bet|wager)"
            r"(?: (?:it|this|that|they|there)(?:['’]s| is| are| at)?(?: like)?)?[\s,:]*$",
            r"\bupdat(?:e|es|ed|ing)(?: (?:up|down|upward|downward|me|my \w{1,12})s?)? (?:to|from)\s*$",
            rf"\bif I had to (?:pluck|pick|give|name|guess|put|choose){_OPEN}{{0,40}}$",
            r"\b(?:likely|probable|confident|sure|certain|unlikely)(?: \w{1,12}){0,4}[\s,]*[(\[:–—]\s*$",
        )
    ),
    re.IGNORECASE,
)
_KIND_OF_RISK = (
    r"(?:existential|subjective|absolute|prior|posterior|total|overall|joint|cumulative|conditional|net|annual|rough"
    r"|independent|percentage|point|real|actual|decent|fair|betting)"
)
PROBABLE_BEHIND = re.compile(
    rf"[\s,)\]]{{0,2}}(?:{_KIND_OF_RISK}[\s,]){{0,2}}"
    r"(?:(?:un)?likely\b|(?:im)?probable\b|likelihood\b|chances?\b|probabilit(?:y|ies)\b(?! (?:mass|density))"
    r"|odds\b(?! ratio)|credences?\b(?! interval)|confident\b|certain(?:ty|ly)?\b|sure\b|belief\b|p\(doom\)"
    r"|confidence\b(?! (?:interval|band|bound|region|level|limit))|(?:to (?:one|1) )?(?:against|in favou?r of)\b"
    r"|risks?\b(?! (?:reduction|premium|factor|tolerance|assessment|management)))",
    re.IGNORECASE,
)
# "5% that this fails": of a percentage or a fraction only; "10% that are loyal" counts people.
# "I'm at 85%", "I'm 30% on this", but not "I'm 90% done".
I_AM_AHEAD = re.compile(
    r"\b(?:I|we)(?:['’]m|['’]d be| am| would be| was|['’]re)(?: \w{1,10})? ?(?:at|around)?\s*$", re.IGNORECASE
)
I_AM_BEHIND = re.compile(r"\s*(?:$|[.,;:!?)\]—–]|(?:on|that|there|now|here|for|but|and|or|if)\b)", re.IGNORECASE)
# "probability one", "with probability 1 for the", but not "the chance of one occurring".
WHOLE_BEHIND = re.compile(
    r"\s*(?:$|[.,;:!?)\]—–]|(?:for|that|to|under|on|or|if|as|whatever|regardless|when|whenever|no|by|and (?:zero|one"
    r"|0|1))\b)(?!\s?(?:to|and|or more) \d)",
    re.IGNORECASE,
)
# "15% is way too high", after "I think".
JUDGED_BEHIND = re.compile(
    r"\s(?:is|seems|sounds|feels)(?: \w{2,10}){0,2} (?:high|low|pessimistic|optimistic|conservative|over-?confident"
    r"|reasonable|about right)\b",
    re.IGNORECASE,
)
CLAUSE_AHEAD = re.compile(r"(?:^|\b(?:think|believe|feel|say|guess|that|and|but)|,)\s*$", re.IGNORECASE)
THAT_BEHIND = re.compile(
    r"\s?(?:that (?:this|it|the|we|they|he|she|I|there|you|an?|my|our|some|any|all|no|in|by|if|at|(?-i:[A-Z])\w+)\b"
    r"|on (?:it|this|that|the (?:proposition|hypothesis|claim|view|idea))\b)",
    re.IGNORECASE,
)
# "P(doom) = 0.2", "\mathbb P(sick) ≈ 0.2"; "p = 0.7".
FUNCTION_AHEAD = re.compile(
    r"(?<![A-Za-z])(?:math(?:bb|cal|bf|rm|it)?\s?)?(?:b?P|Pr|Prob|p)\s?"
    r"\([^()\n]{1,80}(?:\([^()\n]{0,40}\)[^()\n]{0,40})?\)\s?"
    r"(?:approx|sim|leq?|geq?|to be|should be|is|of|was|at|as|[&:=≈~∼<>≤≥])?[\s&=]*$"
)
LETTER_AHEAD = re.compile(r"(?<![\w-])[pP]\s?(?:=|≈|~|:)\s?$")
STATISTICS = re.compile(r"p-value|significan|null hypothesis|[tFr]\(\d|χ|\bn\s?=\s?\d", re.IGNORECASE)
DIRECTLY_AHEAD = re.compile(
    r"\b(?:probability|chance|credence)(?: (?:of|is|at|to|exactly|about|like))?[\s=]*$", re.IGNORECASE
)
ODDS_AHEAD = re.compile(rf"\b(?:odds|bets?|betting|wagers?)\b{_OPEN}{{0,90}}?$", re.IGNORECASE)
NO_ODDS_AHEAD = re.compile(
    rf"\b(?:likelihoods?|ratios?|log[ -]odds|favou?ring)\b{_OPEN}{{0,30}}$|\bat\s*$", re.IGNORECASE
)
NO_ODDS_BEHIND = re.compile(
    r"[\s\])]*(?:\[\w+ )?(?:relative )?(?:likelihood|ratio|update|observation|contrast|split)", re.IGNORECASE
)
SPLIT_BEHIND = re.compile(r"\s?(?:split|mix|ratio|blend|share|cut)\b", re.IGNORECASE)
SPLIT_AHEAD = re.compile(
    r"\b(?:split|decomposition|composition|ratio|mix|divided?|distribution|share[sd]?|breakdown)\b[^.;\n]{0,25}$",
    re.IGNORECASE,
)
IT_AHEAD = re.compile(r"\b(?:it|that|this)(?:['’]s| is| was| would be)\s*$", re.IGNORECASE)
# A clause that a percentage in brackets can qualify: "I think it works (80%)".
HEDGED_AHEAD = re.compile(
    r"\b(?:probably|(?:un)?likely|plausibly|presumably|maybe|perhaps|almost certainly|(?:im)?plausible|(?:im)?possible"
    r"|doubtful|(?:I|we)(?:['’]d| would)? ?(?:\w{2,10} )?(?:think|believe|expect|predict|guess|suspect|bet|anticipate"
    r"|doubt|feel)|(?:I|we)(?:['’]m| am|['’]re) (?:\w{2,12} )?(?:confident|sure|certain|unsure|skeptical|optimistic"
    r"|pessimistic)|will|won['’]t|going to)\b",
    re.IGNORECASE,
)
HEDGE_THEN_BRACKET = re.compile(
    r"\b(?:\w+ly|maybe|perhaps|think|believe|expect|predict|guess|suspect|bet|doubt|confident|sure|certain"
    r"|(?:im)?plausible|(?:im)?possible|will|won['’]t)(?: (?:to me|that))?[\s,]*\($",
    re.IGNORECASE,
)
CLAUSE_ENDS_BEHIND = re.compile(
    r"\s?\)(?:\s?[.,;:!?—–\"”]|\s*$| (?:but|and|that|because|since|though|although|so|or)\b)", re.IGNORECASE
)
# The head of a list of forecasts, and the shapes of its lines.
FORECASTS = re.compile(
    r"\b(?:probabilit(?:y|ies)|credences?|predictions?|forecasts?|odds|p\(doom\)|likelihoods?|chances?"
    r"|how likely|confidence|my (?:current )?(?:guess(?:es)?|estimates?|numbers?))\b[^\n]{0,60}:?\s*$",
    re.IGNORECASE,
)
# "I'd put it at 60": a bare number of percent.
BARE = re.compile(
    r"\b(?:I|we)(?:['’]d| would)? (?:put|place) (?:it|this|that|mine|my \w{1,15}|the (?:odds|probability|chances?))"
    r" (?:at|around|at around|at about|somewhere around) (?P<n>\d{1,2}(?:\s?[-–]\s?\d{1,2})?)"
    r"(?=[\s]*(?:[,;)!?]|\.(?:\s|$)|$|or\b|now\b|but\b|and\b))",
    re.IGNORECASE,
)

# --- words that make a number something else

SPOILED_BEHIND = re.compile(
    r"\s?(?:[)\]]?\s?)(?:of (?!(?:it|this|that|(?:them|us|you|him|her) \w{1,20}ing"
    r"|\w{1,20}ing|\w{1,20} \w{1,20}ing|success|failure"
    r"|doom|extinction|catastrophe|being|there)\b)|(?:(?:confidence|credible|credence|prediction|uncertainty) )?"
    r"(?:intervals?|CI|range|bounds?|percentiles?|quantiles?|significance|threshold|accura|precision|recall|agree"
    r"|more|less|fewer|higher|lower|greater|faster|slower|better|worse|larger|smaller|longer|shorter|growth|increase"
    r"|decrease|reduction|discount|tax|return|interest|inflation|improvement|gain|boost|premium|drop|off"
    r"|per (?!cent)|a (?:year|day|week|month)|annual|yearly|true|false|market|response|success|failure rate"
    r"|effective|reliab|efficien|complete|correct|done|finished|automated|power|effort|pure|th\b|-?percentile"
    r"|likelihood ratio|relative likelihood|ratio|scale|margin|overhead|solution|vote|majority|share|stake|equity"
    r"|battery|capacity|charged?|behind|to (?:charity|charities|my|your|him|her|them|people)|away|back|full|points?"
    r"|as (?:\w+ )?(?:likely|good|much|many|effective|efficient|valuable|well|large|big))\b"
    r"|(?:confidence|credible) (?:level|interval|band|bound|region)|accura|reliab|efficien)",
    re.IGNORECASE,
)
SPOILED_AHEAD = re.compile(
    r"(?:\b(?:likelihood ratios?|ratios?|accurac(?:y|ies)|scored?|scores|rates?|recall|precision|p-values?|significant"
    r"|percentile|increas(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|reduc(?:e|es|ed|ing)|improv(?:e|es|ed|ing)"
    r"|grow(?:s|n|ing)?|grew|boost(?:s|ed|ing)?|reductions?|achiev(?:e|es|ed|ing)|automated?|width|opacity"
    r"|intervals? from|top|bottom|first|last"
    r"|another|remaining|other|biased?)(?: (?:of|by|to|is|was|are|at|about|around|roughly|the|only|an?|over|on))*"
    r"|\bby|[#@€£]|,\s?\d+|[vV]|version|section|chapter|step|level|page|figure|table|episode|part|day|week"
    r"|year)[\s(]*$",
    re.IGNORECASE,
)

# --- how a number follows another, and how both stand in the sentence

JOINED = re.compile(
    r"[\s,;:/*_$()\"“”`]*(?:(?:and|or|vs\.?|versus|to|than|rather|maybe|even|from|but|not|as|opposed|then|perhaps"
    r"|it['’]s|up|down|at|about|some|say|on|the|other)[\s,;*_$()\"“”`]*){0,5}[~<>≈]{0,2}"
    r"|\s(?:on|for|to) \w{1,20}(?: \w{1,20})?(?:,|,? and|, or) ",
    re.IGNORECASE,
)
# Another way of writing the same number: "1/64 or roughly 1.6%", "0.01 (a 1% chance)".
RESTATED = re.compile(
    r"[\s$*_)`]*(?:,|=|≈|\(|or|i\.e\.,?|that is,?|,? or)[\s$*_]*(?:(?:about|roughly|approximately|an?|~"
    r"|only)\s?){0,2}[\s$*_]*"
)
DENIED_AHEAD = re.compile(
    r"(?:n['’]t|\bnot|\bnever|\bcannot)(?:(?: (?:think|believe|say|put|give|assign|agree|buy|see|leaves?|seems?|be"
    r"|mean|have"
    r"|make|it|it['’]s|that|there['’]s|there|is|the|this|me|in|like|I['’]m|I|at|an?|to|probability|chance|really"
    r"|actually"
    r"|quite|anywhere|near)){0,8} |(?: \w{1,12}){0,2} (?:confident|sure|certain|convinced)\b[^.;!?\n]{0,60})$",
    re.IGNORECASE,
)
DENIED_BEHIND = re.compile(
    rf"{_OPEN}{{0,40}}\b(?:(?:too|so) (?:high|low|confident|much|little)|over-?confident|absurd|crazy|insane)\b",
    re.IGNORECASE,
)
NOT_WHOLLY_AHEAD = re.compile(r"(?:n['’]t|\bnot|\bnever|\bwithout being) (?:\w{1,10} ){0,2}$", re.IGNORECASE)
_ON = r"[^.,;:!?\n(]"  # on to the number, within the clause and outside of brackets
# "I doubt that there is a 90% chance", "there's no way that the odds are 10%"; not "I doubt it (90%)".
DOUBTED_AHEAD = re.compile(
    r"(?:\b(?:I|we)(?: \w{1,10})? (?:doubt|disagree|deny|reject|dispute)\b|\bno way\b"
    rf"|\b(?:not|n['’]t) (?:the case|true)\b){_ON}{{0,60}}$",
    re.IGNORECASE,
)
# "The claim that there is a 10% chance is false"; not "there is a 10% chance that this is false".
CLAIM_AHEAD = re.compile(
    rf"\b(?:claim|idea|view|notion|belief|assumption|figure|assertion)\b{_ON}{{0,50}}$", re.IGNORECASE
)
FALSE_BEHIND = re.compile(
    rf"{_OPEN}{{0,40}}\b(?:is|was|are|were|seems|looks) (?:\w{{1,10}} )?(?:false|wrong|mistaken|untrue|nonsense)\b",
    re.IGNORECASE,
)
# What would have to be so: "we need to be 99% sure", "it would take a 50% chance", "a 10% chance would be enough".
REQUIRED_AHEAD = re.compile(
    rf"\b(?:needs?(?: to (?:be|have)| an?| at least)|needed|requir(?:e|es|ed|ing)|demand(?:s|ed|ing)?"
    rf"|(?:has|have|had|ought) to (?:be|have)|must have|wants?(?! to (?:say|put|guess|give))|(?:would|will) take"
    rf"|takes|suffices?|threshold|bar)\b{_ON}{{0,60}}$",
    re.IGNORECASE,
)
REQUIRED_BEHIND = re.compile(
    rf"{_OPEN}{{0,40}}\b(?:(?:would|will|might) (?:be|have been) (?:\w{{1,12}} )?(?:enough|sufficient)"
    r"|(?:is|are|were|was) (?:not )?(?:required|needed|necessary|sufficient|enough))\b",
    re.IGNORECASE,
)
OUGHT_AHEAD = re.compile(rf"\bshould (?:be|have)\b{_ON}{{0,40}}$", re.IGNORECASE)
BEFORE_BEHIND = re.compile(rf"{_OPEN}{{0,45}}\b(?:before|in order to)\b", re.IGNORECASE)
SUPPOSED_AHEAD = re.compile(
    r"\b(?:if|unless|whether|when|once)\b(?:[^,.;!?\n]|(?<=\d),(?=\d)){0,150}$"
    rf"|\b(?:suppos(?:e|ing)|imagin(?:e|ing)|let['’]s say|assum(?:e|ing)|for the sake of|hypothetically|arguendo)\b"
    rf"{_OPEN}{{0,150}}$"
    r"|\b(?:(?:worlds?|scenarios?|cases?|universes?|situations?|examples?) (?:where|in which)"
    rf"|hypothesis (?:that|on which)|even (?:with|at|given))\b{_ON}{{0,100}}$"
    rf"|^\W{{0,3}}(?:an?|any|every) \w+(?: \w+)? with\b{_ON}{{0,20}}$"
    r"|^\s*(?:is|are|was|were|does|do|how|what|why|which|would|should|say)\b[^.!?\n]{0,150}$",
    re.IGNORECASE,
)
COMPARED = re.compile(
    r"\b(?:difference between|distinguish\w* (?:between )?|versus|vs\.?|whether it is)\b", re.IGNORECASE
)
AUTHOR = re.compile(r"\b(?:I|(?i:my|me|we|our|mine)|IMO|AFAICT)\b")
_SOMEBODY = (
    r"(?:(?i:they|he|she|people|researchers|experts|forecasters|respondents|superforecasters|someone|somebody|others"
    r"|most|many)|(?!I\b|It\b|That\b|There\b|What\b|Here\b|Let\b|This\b)[A-Z][a-z]+(?: [A-Z][a-z]+)?)"
)
_NUMBER = (
    r"(?:credence|probabilit(?:y|ies)|odds|estimate|p\(doom\)|forecast|confidence|chance|prior|posterior|guess|number)"
)
# Whose number it is: "Paul's credence", "they put it at". What somebody thinks is told by `ingest.claims`.
OTHERS = re.compile(
    rf"\b(?:(?i:their|his|her|your)(?= (?:\w+[ -]){{0,2}}{_NUMBER})|Metaculus|Manifold"
    rf"|[A-Z][a-z]+(?: [A-Z][a-z]+)?(?=['’]s (?:\w+ )?{_NUMBER})"
    rf"|{_SOMEBODY}(?= (?:\w+ly )?(?:puts?|gives?|gave|assigns?|assigned|estimates?|estimated|place[sd]?)\b))\b"
)
# "They are 90% sure".
OTHERS_ARE_AHEAD = re.compile(
    rf"\b({_SOMEBODY})(?:['’](?:re|s)| (?:is|are|was|were|seems?|seemed|would be))(?: \w+){{0,2}}\s*$"
)
SURE_BEHIND = re.compile(r"\s*(?:sure|confident|certain|convinced)\b", re.IGNORECASE)
# Words that say no more than that a probability follows: a sentence of these alone speaks of the one before it.
FRAME = re.compile(
    r"(?:I|my|we|our|is|it|this|that|at|to|of|for|on|as|be|am|was|are|put|give|say|guess|estimate|assign|place|would"
    r"|will|might|could|maybe|perhaps|probably|about|around|roughly|something|like|somewhere|between|credence"
    r"|confidence|probability|probabilities|chance|chances|odds|likelihood|certainty|likely|sure|confident|certain"
    r"|think|the|an?|so|and|or|but|in|range|personally|currently|overall|more|less|than|least|most|closer|still|just"
    r"|only|pretty|very|if|had|pick|number|I['’](?:d|m|ll|ve)|it['’]s|that['’]s|epistemic|status|prediction|here"
    r"|though|ish|d|m|s|ll|ve|yes|no|yeah|well|hmm)",
    re.IGNORECASE,
)
HEDGE = re.compile(r"\b(?:maybe|perhaps|probably|I['’]d|I would|I think|I guess|closer to)\b", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
