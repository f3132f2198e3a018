"""What kind of thing a claim says, and what says nothing that anybody could agree with or deny.

Where several kinds fit, the first of this order wins, because it changes most what one may do with the sentence:

1. no claim        greetings, thanks, applause, bare links, headings, meta lines ("Edit:", "TL;DR", "+1")
2. question        by its form, rhetorical ones too; also "I wonder whether …"
3. definition      says what a term means: "by X I mean", "X is defined as", "a wug is an animal that …"
4. metalinguistic  about words and their use, without saying what one means
5. conditional     if, unless, assuming, suppose: never to be read as asserting its parts, so before what those contain
6. recommendation  should, ought, must (of acts), let's, imperatives, "I recommend"
7. prediction      about the world to come: will, going to, by 2030, "I expect"
8. experience      what happened to the author, what they did, felt or noticed
9. assertion       everything else
"""

import re
from typing import TYPE_CHECKING

from corpus.model import ClaimKind

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_CLOSING = "\"'”’)]*_ \t\n"
_OPENING = re.compile(
    r"[\s\"'“‘(\[*_>•–—-]*(?:(?:and|but|so|or|also|well|ok|okay|yes|no|yeah|hmm+|right|sure|then|now|anyway|however"
    r"|still"
    r"|thus|hence|therefore|first|second|third|finally|like|again|instead|otherwise|of course|for example|for instance"
    r"|in other words|that said|i mean|edit|eta|update|tl;?dr|i think|i guess|basically|actually|personally"
    r"|in particular"
    r"|to be clear|in general)(?:[,:.] |[,:.]?\s(?=[a-z(\[])|\s(?=I\b)|, ?))*",
    re.IGNORECASE,
)

# --- no claim

_NOTHING = re.compile(
    r"(?:(?:hi|hello|hey|hiya|dear|greetings|welcome|good (?:morning|evening|afternoon))(?:[ ,]+[\w'’.-]+){0,4}"
    r"|(?:many |thank you|big |great |huge )?(?:thanks|thank you|thx|cheers|ty)(?:[ ,!]+(?:very much|so much|a lot"
    r"|again|for [^.!?\n]{1,120}"
    r"|to [^.!?\n]{1,160}|in advance|[\w'’@.-]+)){0,4}|(?:yours|best|regards|sincerely|cheers)(?:[ ,]+[\w'’.-]+){0,4}"
    r"|(?:I(?:['’]m| am) (?:very |deeply |so )?(?:grateful|thankful|indebted)|(?:special |many "
    r"|my )?thanks (?:go )?(?:to|for))\b[^.!?\n]{0,300}"
    r"|(?:\+1|-1|this|same|seconded|agreed|nice|great|cool|lol|haha+|heh|wow|yes|no|yep|yeah|yup|nope|ok(?:ay)?|right"
    r"|sure|exactly|indeed|ditto|interesting|hmm+|fair(?: enough| point)?|good (?:point|question|catch|post|stuff"
    r"|idea)|great (?:post|point|question|stuff)|nice (?:post|point|one)|well (?:said|put)|got it|makes sense"
    r"|sounds good|oops|whoops|sorry|my bad|please|done|fixed|\^)(?:[ ,!]+(?:this|same|!|lol|post|thanks|yes|indeed"
    r"|exactly|absolutely|then|all|everyone|man))?"
    r"|(?:edit(?:ed)?|eta|update[d]?|tl;?dr|epistemic status|note|ps|p\.s|n\.?b|disclaimer|footnotes?|references?"
    r"|see also|related|appendix|summary|acknowledge?ments?|contents|table of contents|introduction|conclusion|source"
    r"|sources|link|links|cross-?posted (?:from|to|on) [^.!?\n]{1,200}|x-?posted (?:from|to) [^.!?\n]{1,200}"
    r"|links?post)\s*(?:\(?\d[\d/. -]*\)?)?:?"
    r"|\[?(?:deleted|removed|comment deleted|retracted|moderator comment|inaudible[^\]]*|crosstalk|laughs?|laughter)\]?"
    r"|(?:bye|goodbye|see you|see ya|take care|good luck|happy (?:new year|holidays|birthday)|congrats"
    r"|congratulations|kudos|props)(?:[ ,!]+[\w'’.-]+){0,6})"
    r"[\s!.,:;)(\]\[*_-]*(?:[:;]-?[)D(PO])?",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\[[^\]\n]{0,300}\]\(\S{1,400}\)|\b[a-z0-9-]+\.(?:com|org|net|io|pdf)(?:/\S*)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

# --- question

_ASKS = re.compile(
    r"(?:(?:who|whom|whose|what|which|when|where|why|how)(?:['’]s|['’]re|['’]d)?(?: (?:exactly|precisely|then|else"
    r"|much|many|often|likely|long|far|kind of|sort of|about|come)){0,2}"
    r"(?: [\w-]+)? (?:is|are|was|were|do|does|did|can|could|should|would|will|might|am|has|have)(?:n['’]t)? (?:I|you"
    r"|we|they|he|she|it|this|that|there|the|an?|your|my|our|people|one|someone|anyone|not)\b"
    r"|(?:is|are|was|were|do|does|did|can|could|would|will|should|am|has|have)(?:n['’]t)? (?:I|you|we|they|he|she|it"
    r"|this|that|there|anyone|someone|somebody|anybody)\b(?! (?:so|not) that)"
    r"|(?:I|we)(?:['’]m| am)? (?:also |just |still |do |really )?(?:wonder(?:ing)?|curious) (?:if|whether|what|how"
    r"|why|about|which|who|where|when|to (?:hear|know))\b"
    r"|(?:any(?:one|body) (?:know|have|want|else)|any (?:ideas?|thoughts|suggestions|comments|chance) (?:on|about|how"
    r"|what|for|why))\b)",
    re.IGNORECASE,
)

# --- definition and metalinguistic

_DEFINES = re.compile(
    r"\b(?:(?:by|with) [\"“'‘*_]?[^,.;\n]{1,60}?[\"”'’*_]?,? (?:I|we|he|she|they|people|you|one) (?:just |really "
    r"|only |usually |don['’]t |do not |actually |will |simply )?(?:mean|meant|refer)"
    r"|(?:is|are|was|be|been|can be|as|being|usually|often|generally|formally|informally|here) (?:usually |often "
    r"|formally |typically |informally |generally |loosely |here |commonly )?(?:defined|definable) (?:as|to be|by"
    r"|to mean|in terms)"
    r"|(?:I|we|he|she|they|people|you|let['’]s|let us|I['’]ll|I['’]d|we['’]ll|would|will) (?:\w{2,10} )?(?:define"
    r"|call|denote|term|dub) (?!(?:for|out|on|me|him|her|upon|into|back|attention)\b)[^.;\n]{1,100}"
    r"|(?:which|that|this|it|these|those|what|is|are|so-) ?(?:I|we|is|are|will be|can be|people|mathematicians|he|she"
    r"|they|['’]s)?(?: \w{2,12})? (?:calls?|called|known as|termed|dubbed|denoted|referred to as) (?!(?:for|out|on"
    r"|upon|into|attention|by)\b)"
    r"|(?:the )?(?:term|word|phrase|name|concept|notation|expression"
    r"|symbol) [\"“'‘*_$][^\"”\n]{1,60}[\"”'’*_$] (?:(?:here|usually|just|only|generally|often|also"
    r"|typically) )?(?:means?|refers?|denotes?|stands? for|describes?)"
    r"|(?:refers? to|stands? for|denotes?|is short ?hand for|is short for|is an abbreviation (?:of|for)"
    r"|is another (?:word|term|name) for|is a synonym for|is synonymous with|is the (?:technical )?(?:term|name"
    r"|word) for|is said to be|are said to be|is a term (?:for|used|that|of))\b"
    r"|(?:if and only if|iff)\b"
    r"|(?:I|we)(?:['’]m| am|['’]re| are)? (?:am |use|using|take|taking|understand|interpret)(?: the)?(?: (?:term|word"
    r"|phrase|notation|symbol))?s? [^.;\n]{1,60}? (?:to mean|to refer|to denote|to be|in the sense|as meaning|as short)"
    r"|what (?:I|we) mean (?:by|when)|(?:here|where|let) [^.;,\n]{1,40} (?:means|is the|be (?:an?|the|some))\b"
    r"|[\"”*_] (?:means|is when|just means|simply means)\b"
    r"|(?:the |an? )?definition of [^.;\n]{1,60}? (?:is|was|would be)\b)",
    re.IGNORECASE,
)
_GENUS = re.compile(
    r"(?:(?:an?|the) )?[\w'’ -]{2,50}?(?: \([\w .,-]{1,40}\))? (?:is|are) (?:simply |just |basically |essentially "
    r"|roughly |usually |generally |here )?"
    r"(?:(?:an?|any|the) )?(?:\w[\w-]* ){0,3}?(?:property|process|problem|idea|notion|method|type|kind|sort|form"
    r"|class|set|collection|function|act|study|claim|hypothesis|thesis|principle|state|situation|case|condition"
    r"|quantity|number|structure|object|agent|system|procedure|measure|way|event|tendency|ability|practice|technique"
    r"|view|assumption|theory|branch|field|area|group|algorithm|relation|operation|element|map|machine|theorem|rule"
    r"|strategy)s?"
    r" (?:of|that|which|where|in which|whose|such that|for|with|by which|to|whereby|who|when|consisting|containing"
    r"|used|from)\b",
    re.IGNORECASE,
)
_ABOUT_WORDS = re.compile(
    r"\b(?:terminolog(?:y|ies)|semantics?(?! (?:vectors?|features?|space))|nomenclature|word choice|wording|phrasing"
    r"|connotations?|jargon|equivocat(?:es?|ing|ion)|conflat(?:es?|ed|ing|ion)|definitions?|definitional|synonym(?:s"
    r"|ous)?|umbrella term|misnomer|vocabulary"
    r"|(?:the|this|that|a|another|my|your|which|what|better|different|new|same|these|those|your use of"
    r"|of the) (?:(?:\w+ )?(?:terms?|words?|phrases?|label|expression))(?! (?:of|paper|limit|memory|goals?|count"
    r"|vectors?|embedding))"
    r"|(?:I|you|we|they|people|he|she|one)(?:['’]d| would| wouldn['’]t| don['’]t| do not| might| could| usually"
    r"| often)? (?:\w{2,10} )?(?:call|label|describe) (?:it|this|that|them|these|those|an?|the|[\"“])[^.;\n]{0,60}"
    r"|(?:meaning|sense|senses|usage|use) of (?:the )?(?:(?:term|word|phrase)s?\b|[\"“‘*_])|in (?:the|a|this|that"
    r"|your|my) (?:\w{2,14} )?sense (?:of|that|you|I)\b|(?:use[sd]?|using) (?:the )?(?:term|word|phrase|[\"“])"
    r"|what (?:you|they|he|she|people|everyone|I) (?:mean|meant|call|called)\b|mean(?:s|t)? (?:by|different things"
    r"|something (?:else|different|like))|talking past)",
    re.IGNORECASE,
)

# --- conditional

_IF = re.compile(
    r"(?:^|[,;:(—–-]\s?|\b(?:and|but|so|then|that|because|only|especially|except|particularly|or)\s)"
    r"(?:if|unless|assuming|supposing|provided|providing|given that|in case|in the (?:case|event) that|in the limit"
    r"|as long as|so long as|conditional(?:ly)? on|whenever|once)\b(?! (?:any|not|so|only|you like|you will|ever"
    r"|possible|necessary|anything)\b)"
    r"|^(?:suppose|imagine|say(?:,| that)|let['’]s (?:say|suppose|imagine|assume)|consider|assume|were \w+ to"
    r"|had (?:I|we|you|he|she|they|it|the)|should (?:it|they|the|you|we) [a-z]+,)\b",
    re.IGNORECASE,
)
_IF_LATE = re.compile(
    r"(?<!see )(?<!know )(?<!wonder )(?<!wondering )(?<!ask )(?<!asked )(?<!asking )(?<!check )(?<!sure )(?<!tell )"
    r"(?<!as )(?<!clear )(?<!certain )(?<!find out )(?<!curious )(?<!even )(?<!remember )(?<!determine )(?<!test )"
    r"(?<!care )(?<!matter )(?<!decide )(?<!idea )(?<!mind )(?<!what )(?<!seeing )(?<!knowing )(?<!saying )"
    r"\b(?:if (?!(?:any|not|so|only|anything|you like|you will|ever|possible|necessary|at all"
    r"|and only)\b)(?:\w+['’]?\w* ){1,30}?|unless |assuming (?:that )?(?:\w+ ){2}|(?:only|even) if |provided that "
    r"|conditional on |as long as )",
    re.IGNORECASE,
)

# --- recommendation, prediction, experience

_ADVISES = re.compile(
    r"\b(?:(?:you|we|people|one|they|I|everyone|researchers|who|it|agents?|AIs?|humans"
    r"|\w+s)(?: \w{2,10})? (?:should(?:n['’]t)?(?! (?:be able|have (?:been|known|had|noticed)|not be (?:hard|surpris)"
    r"|hold|expect|in principle|follow that))|ought(?: not)? to|must(?:n['’]t)?(?! (?:be|have)\b)"
    r"|(?:really )?need(?:s)? to(?! be)|(?:had|['’]d) better|have (?:got )?to(?! (?:say|admit|be)))"
    r"|should(?:n['’]t)? (?:be (?:done|made|used|avoided|treated|considered|given|allowed|taken|seen|viewed|applied"
    r"|encouraged|regarded|kept|written|read|able to be|more|a priority|careful)|not be|be \w+ed\b|try|aim|focus|use"
    r"|avoid|do|make|take|start|stop|work|spend|care|want|have to)"
    r"|let['’]s(?! (?:say|suppose|imagine|assume|see|call|define|denote|look|consider|take|go|talk|start|turn|return"
    r"|recall))\b|(?:I|we)(?:['’]d| would)?(?: \w{2,10})? (?:recommend|suggest(?! that (?:it|this|there) (?:is|was))"
    r"|advise|urge|encourage|propose|advocate|like (?:you|people|us|it if|to see))\b"
    r"|it (?:would|might|may|could) be (?:\w{2,10} )?(?:better|good|nice|useful|helpful|worth|worthwhile|great"
    r"|interesting|valuable|best|wise|prudent|clearer)\b|(?:is|are|seems|be) (?:\w{2,10} )?worth (?:\w+ing|a|the"
    r"|it)\b|(?:best|better) (?:to|off|practice)\b|why not (?:just )?[a-z]+\b|ought (?:not )?to\b|it(?:['’]s"
    r"| is) (?:\w{2,12} )?(?:important|essential|crucial|vital|necessary|imperative|advisable) (?:to|that|for)\b"
    r"|feel free to\b|please [a-z]+\b|make sure\b|had better\b)",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"(?:please |just |always |never |simply |don['’]t |do not |instead,? |first,? |then,? )*(?:ask|avoid|be|begin"
    r"|beware|bring|build|buy|check|choose|click|come|compare|contact|copy|create|delete|do|don['’]t|donate|drop"
    r"|email|ensure|explain|feel|find|focus|follow|forget|get|give|go|help|hold|ignore|join|keep|learn|leave"
    r"|let me know|listen|look|make|message|move|never|notice|open|pay|pick|post|practice|prefer|press|put|read"
    r"|remember|remove|replace|run|save|search|see|select|send|set|share|show|skip|spend|start|stay|stop|submit"
    r"|subscribe|take|talk|tell|think|try|turn|use|visit|wait|watch|work|write)\b"
    r"(?! (?:is|are|was|were|has|have|can|will|would|could|should|may|might|does|did|of|and then|I|we|you|they|he|she"
    r"|time)\b)(?!['’]s|[,:)]| \()",
    re.IGNORECASE,
)
_FORETELLS = re.compile(
    r"\b(?:(?:will|won['’]t|['’]ll)(?! (?:have to|be called|be referred|denote|call|define|use|assume|write|now|see"
    r"|say|refer|discuss|show|focus|describe|explain|consider|talk))\b(?<!free will)(?<!a will)|(?:is|are|am|['’]s"
    r"|['’]re|['’]m) (?:\w{2,12} )?going to\b(?! (?:assume|say|call|talk|use|be talking|ask))|(?:I|we)(?:['’]d| would"
    r"| do|['’]m)?(?: \w{2,10})? (?:expect(?:ing)?|predict(?:ing)?|anticipat(?:e|ing)|forecast|foresee"
    r"|bet)\b(?! (?:from|of|you)\b)"
    r"|(?:by|before|until|around|in|within|after|over) (?:the (?:year|end of|next|coming)|(?:20[2-9]\d|2[1-9]\d\d)\b"
    r"|(?:a |one |two |three |five |ten |twenty |\d+(?:[-–]\d+)? )(?:years?|decades?|months?)(?= (?:from now|or so|we"
    r"|there|AI|I|out)))|(?:someday|eventually|one day|in the (?:near |far |distant |long )?future|sooner or later"
    r"|years? from now|(?:this|next|coming) (?:year|decade|century))\b)",
    re.IGNORECASE,
)
_LIVED = re.compile(
    r"(?:\b(?:I|we)(?:['’]ve|['’]d| have| had| was| were|['’]m| am)?(?: (?:also|just|recently|personally|once|first"
    r"|then|have|already|never|actually|only|originally|initially|really|even|still|later|always|been|finally"
    r"|sometimes|often|did|not|didn['’]t|got|went|used to|kept|started|tried|happened|currently)){0,3} "
    r"(?:tried|worked|noticed|found|saw|seen|read|heard|met|went|spent|wrote|written|started|stopped|felt|learned"
    r"|learnt|realized|realised|remember(?:ed)?|used to|grew|lived|talked|spoke|asked|experienced|discovered"
    r"|struggled|enjoyed|loved|hated|liked|wanted|thought|decided|made|got|gave|took|joined|attended|studied|taught"
    r"|ran|built|played|watched|had|did|came|left|told|moved|posted|changed|became|kept|looked|happened|observed"
    r"|encountered|wish(?:ed)?|hope(?:d)?|excited|happy|sad|glad|sorry|grateful|surprised|confused|worried|tired"
    r"|scared|frustrated|impressed|delighted|disappointed|embarrassed|proud|curious|interested|enjoy(?:ing)?|love"
    r"|like|hate|working|reading|thinking|trying|feeling|struggling|looking|writing|planning|updated|ended|didn['’]t"
    r"|was|were)\b"
    r"|\b(?:in my experience|my experience|when I (?:was|first|read|tried|worked|did|saw|think|look)|happened to me"
    r"|my (?:\w+ )?(?:first|last|own) (?:\w+ )?(?:job|year|attempt|reaction|time|experience)|(?:it|this|that"
    r"|which) (?:took|gave|made|helped|surprised|reminded|struck|felt|reminds) (?:me|us|like)|reminds me of"
    r"|for me,? (?:personally)?|made me (?:feel|think|realize|sad|happy)))",
    re.IGNORECASE,
)


def kind_of(claim: str, sentence: str = "", parse: "Doc | Span | None" = None) -> ClaimKind | None:
    """Say what kind of thing a claim says; None where nothing is claimed. `sentence` is the one it was cut from.

    `parse`, a spaCy parse of exactly `claim` with Universal Dependencies, tells imperatives and questions by their
    form where it is given. The order of precedence stands at the head of this module.
    Example: kind_of("Whales should be left alone.") -> ClaimKind.RECOMMENDATION
    """
    if says_nothing(claim):
        return None
    if _asks(claim, sentence or claim):
        return ClaimKind.QUESTION
    body = claim[_OPENING.match(claim).end() :] if _OPENING.match(claim) else claim
    for kind, pattern in _BY_WORDS:
        if pattern.search(body):
            return kind
    if _conditional(body):
        return ClaimKind.CONDITIONAL
    if _ADVISES.search(body) or _imperative(body, parse):
        return ClaimKind.RECOMMENDATION
    if _FORETELLS.search(body):
        return ClaimKind.PREDICTION
    if _LIVED.search(body):
        return ClaimKind.EXPERIENCE
    return ClaimKind.ASSERTION


_BY_WORDS = ((ClaimKind.DEFINITION, _DEFINES), (ClaimKind.METALINGUISTIC, _ABOUT_WORDS))


def says_nothing(text: str) -> bool:
    """Tell whether a stretch is no claim at all: a greeting, thanks, a bare link, a meta line, a heading.

    Example: says_nothing("Thanks for writing this!") -> True
    """
    bare = _LINK.sub(" ", text).strip()
    if not _WORD.search(bare):
        return True
    return len(bare) <= 400 and _NOTHING.fullmatch(bare.strip(" *_>#-–—•")) is not None


def _asks(claim: str, sentence: str) -> bool:
    closed = claim.rstrip(_CLOSING)
    if closed.endswith("?"):
        return True
    place = sentence.find(claim)
    rest = sentence[place + len(claim) :] if place >= 0 else ""
    if rest and "?" in rest and not _WORD.search(rest):
        return True
    opening = _OPENING.match(claim)
    return _ASKS.match(claim, opening.end() if opening else 0) is not None


def _conditional(body: str) -> bool:
    return bool(_IF.search(body) or _IF_LATE.search(body))


def _imperative(body: str, parse: "Doc | Span | None") -> bool:
    if parse is not None:
        roots = [token for token in parse if token.dep_ == "ROOT"]
        return any(_is_order(root) for root in roots[:1])
    return _ORDERS.match(body) is not None


def _is_order(root: "Token") -> bool:
    """Tell whether a verb is bare, without subject, and begins its clause."""
    if root.tag_ != "VB" or any(
        child.dep_.startswith(("nsubj", "expl", "aux")) and child.lower_ not in ("do", "don't", "n't")
        for child in root.children
    ):
        return False
    return not any(child.dep_ == "mark" for child in root.children)
