"""The forms of words by which each kind of claim is known, in the order of precedence of `kinds`.

Patterns run over text whose quotations are blanked out (the quotation marks stay), so that a quoted "if" or "should"
counts for nothing.
"""

import re

LINK = re.compile(
    r"(?:https?://|www\.)\S+|\[[^\]\n]{0,300}\]\(\S{1,400}\)|\[-?[\w-]{1,80}\]|\b[a-z0-9-]{1,60}\.(?:com|org|net|io"
    r"|pdf)(?:/\S*)?",
    re.IGNORECASE,
)
LINK_SIGNS = ("://", "www.", "[", ".com", ".org", ".net", ".io", ".pdf")  # every link holds one of them
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

CLOSING = "\"'”’)]*_ \t\n"  # what may stand behind a sentence's last sign

# What stands before the sentence proper: "Okay, so", "And", "I think".
OPENING = re.compile(
    r"[\s\"'“‘(\[*_>•:–—-]*(?:(?:and|but|so|or|also|well|ok|okay|yes|no|yeah|hmm+|right|sure|then|now|anyway|however"
    r"|still|thus|hence|therefore|first|second|third|finally|like|again|instead|otherwise|of course|for example"
    r"|for instance|in other words|that said|i mean|edit|eta|update|tl;?dr|i think|i guess|basically|actually"
    r"|personally|in particular|to be clear|in general|for simplicity|as an analogy|out of curiosity|oh|sorry|fyi"
    r"|exercise)(?:[,:.]\**\s|[,:.]?\s(?=[a-z(\[])|\s(?=I\b)|, ?))*",
    re.IGNORECASE,
)

# --- no claim

_APPLAUSE = (
    r"(?:\+1|-1|this|same|seconded|agreed|nice|great|cool|lol|haha+|heh|wow|yes|no|yep|yeah|yup|nope|ok(?:ay)?"
    r"|all right"
    r"|alright|right|sure|exactly|indeed|ditto|interesting|hmm+|mm-?hmm+|uh-?huh|oh|ah|well|so|fair(?: enough| point)?"
    r"|pretty much|totally|absolutely|definitely|of course|i see|gotcha|excellent|wonderful|awesome|perfect|thanks"
    r"|thank you|good (?:point|question|catch|post|stuff|idea|one)|great (?:post|point|question|stuff)"
    r"|nice (?:post|point|one)|well (?:said|put)|got it|makes? sense|sounds (?:good|great)|oops|whoops|sorry|my bad"
    r"|please|done|fixed|\^|then|all|man|everyone|again|let['’]s do it)"
)
NOTHING = re.compile(
    r"(?:(?:hi|hello|hey|hiya|dear|greetings|welcome|good (?:morning|evening|afternoon))(?:[ ,]+[\w'’.-]+){0,4}"
    r"|(?:and |so |yeah,? |well,? |okay,? )?(?:many |great |huge |big |special )?(?:thanks|thank you|thx|cheers|ty)"
    r"(?:[ ,!]+(?:very much|so much|a lot|again|for [^.!?\n]{1,160}|to [^.!?\n]{1,240}|in advance|[\w'’@.-]+)){0,4}"
    r"|(?:yours|best|regards|sincerely|cheers)(?:[ ,]+[\w'’.-]+){0,4}"
    r"|(?:I(?:['’]m| am) (?:very |deeply |so )?(?:grateful|thankful|indebted)|(?:special |many |my )?thanks (?:go )?"
    r"(?:to|for))\b[^.!?\n]{0,300}|(?:it['’]s )?(?:nice|great|good|glad) to (?:be here|have you(?: on| here)?|meet you)"
    rf"|{_APPLAUSE}(?:[ ,.!]+{_APPLAUSE}){{0,5}}"
    r"|(?:edit(?:ed)?|eta|updated?|tl;?dr|epistemic status|note|ps|p\.s|n\.?b|disclaimer|footnotes?|references?"
    r"|see also|related|appendix|summary|acknowledge?ments?|contents|table of contents|introduction|conclusion"
    r"|(?:here|below|these|the following|following) (?:are|is|were)\b"
    r"(?:(?!\b(?:that|because|why|how)\b)[^.!?\n]){1,160}:"
    r"|[\w '’,-]{0,40}\b(?:is|are|was|were|the|an?|that|to|of|and|but|if|in|for|with|this|it['’]s|there['’]s|like|so"
    r"|because|or)\s?(?:\.\.\.|…)"
    r"|sources?|links?|cross-?posted (?:from|to|on) [^.!?\n]{1,200}|x-?posted (?:from|to) [^.!?\n]{1,200}|linkpost)"
    r"\s*(?:\(?\d[\d/. -]*\)?)?:?"
    r"|\[?(?:deleted|removed|comment deleted|retracted|moderator comment|inaudible[^\]]*|crosstalk|laugh(?:s|ter)?)\]?"
    r"|(?:sorry|apologies|my apologies|forgive me)(?: in advance)? (?:if|for|about) [^.!?\n]{1,160}"
    r"|(?:bye|goodbye|see you|see ya|take care|good luck|happy (?:new year|holidays|birthday)|congrats"
    r"|congratulations|kudos|props)(?:[ ,!]+[\w'’.-]+){0,6}"
    r"|(?:theorem|lemma|definition|corollary|problem|figure|table|example|section|chapter|part|step|proof)\s?"
    r"(?:\d[\d.]*)?(?:: [\w '’-]{1,60})?)[\s!.,:;)(\]\[*_-]*(?:[:;]-?[)D(PO])?",
    re.IGNORECASE,
)

# --- question

ASKS = re.compile(
    r"(?:(?:who|whom|whose|what|which|when|where|why|how)(?:['’]s|['’]re|['’]d)?(?: (?:exactly|precisely|then|else|much"
    r"|many|often|likely|long|far|kind of|sort of|about|come)){0,2}(?: [\w-]+)? (?:is|are|was|were|do|does|did|can"
    r"|could|should|would|will|might|am|has|have)(?:n['’]t)? (?:I|you|we|they|he|she|it|this|that|there|the|an?|your"
    r"|my|our|people|one|someone|anyone|not)\b|(?:is|are|was|were|do|does|did|can|could|would|will|should|am|has|have)"
    r"(?:n['’]t)? (?:I|you|we|they|he|she|it|this|that|there|anyone|someone|somebody|anybody)\b(?! (?:so|not) that)"
    r"|(?:I|we)(?:['’]m| am)? (?:also |just |still |do |really )?(?:wonder(?:ing)?|curious) (?:if|whether|what|how|why"
    r"|about|which|who|where|when|to (?:hear|know))\b|(?:any(?:one|body) (?:know|have|want|else)"
    r"|any (?:ideas?|thoughts|suggestions|comments|chance) (?:on|about|how|what|for|why))\b)",
    re.IGNORECASE,
)

# --- definition

_NAMED = r"[\"“'‘*_$][^\"”\n]{1,60}[\"”'’*_$]"
DEFINES = re.compile(
    r"\b(?:(?:by|with) [\"“'‘*_]?[^,.;\n]{1,60}?[\"”'’*_]?,? (?:I|we|he|she|they|people|you|one) (?:just |really |only "
    r"|usually |don['’]t |do not |actually |will |simply )?(?:mean|meant|refer)"
    r"|(?:is|are|was|be|been|being|here|as) (?:(?:most |more )?\w{2,11} )?(?:defined|definable) (?:as|to be|by"
    r"|to mean|in terms)"
    r"|(?:I|we|he|she|they|people|you|let['’]s|let us|I['’]ll|I['’]d|we['’]ll|would|will) (?:\w{2,10} )?(?:define"
    r"|denote|term|dub) (?!(?:for|out|on|me|him|her|upon|into|back|attention|limits?)\b)[^.;\n]{1,100}"
    r"|(?<!what )(?:I|we|people|mathematicians|they|you|one|let['’]s|I['’]ll|we['’]ll)(?: (?:will|often|sometimes"
    r"|usually|also|can|would|might))? call(?:s|ed)? (?:this|it|that|these|them|such|an?|the|anything|something"
    r"|those)\b[^.;\n]{1,100}"
    rf"|call(?:s|ed)? (?:this |it |that |these |them )?{_NAMED}"
    r"|(?:which|that|this|it|these|those|what) (?:(?:is|are|will be|can be) )?(?:(?:often|sometimes|usually|also) )?"
    r"(?:called|known as|termed|dubbed|denoted|referred to as) (?!(?:for|out|on|upon|into|attention|by)\b)"
    r"|(?:is|are) (?:(?:often|sometimes|usually|also|then) )?(?:called|known as|termed|dubbed|said to be)"
    r" (?!(?:for|out|on|upon|into|attention|by)\b)"
    rf"|(?:the )?(?:term|word|phrase|name|concept|notation|expression|symbol) {_NAMED} (?:(?:here|usually|just|only"
    rf"|generally"
    r"|often|also|typically) )?(?:means?|refers?|denotes?|stands? for|describes?)"
    r"|(?:refers? to|stands? for|denotes?|is short ?hand for|is short for|is an abbreviation (?:of|for)"
    r"|is another (?:word|term|name) for|is a synonym for|is synonymous with|is the (?:technical )?(?:term|name"
    r"|word) for|is a term (?:for|used|that|of))\b|(?:is|are|be) (?:an? )?[\w-]+(?: [\w-]+)? (?:if and only if|iff)\b"
    r"|(?:I|we)(?:['’]m| am|['’]re| are)? (?:use|using|take|taking|understand|interpret)(?: the)?"
    r"(?: (?:term|word|phrase|notation|symbol)s?)? [^.;\n]{1,60}? (?:to mean|to refer|to denote|to be|in the sense"
    r"|as meaning)|what (?:I|we) mean (?:by|when)|let [^.;,\n]{1,30} be (?:an?|the|some)\b"
    r"|(?:the |an? )?definition of [^.;\n]{1,60}? (?:is|was|would be)\b)"
    r"|[\"”*_)] (?:just |simply |here )?(?:means|is when|is defined)\b",
    re.IGNORECASE,
)
# "A wug is an animal that …", "a sample space is a set", "such a thing is a wug".
GENUS = re.compile(
    r"(?:(?:in|within) [\w -]{3,40}, )?"
    r"(?:an? (?:[\w'’_*\"-]+ ){1,4}(?:\([\w .,-]{1,40}\) )?is (?:simply |just |basically |essentially |roughly "
    r"|usually )?"
    r"(?:any |an? (?!(?:good|bad|big|huge|great|real|serious|nice|better|fine|terrible|kind of|little|bit|lot"
    r"|better)\b))"
    r"[^.;\n]{1,120}?\b(?:that|which|whose|in which|such that|for which|where|whereby|who|of|with|to|between)\b"
    r"|an? [\"“*_][^\"”\n]{1,50}[\"”*_] (?:is|means) |an? [\w -]{2,40} that is [\"“][^.;\n]{1,90} is one\b"
    r"|such an? [\w ,-]{2,60} is an? |the [\w-]+(?: [\w-]+){0,3} is (?:defined|the (?:property|process|idea|notion"
    r"|claim"
    r"|hypothesis|thesis|principle|practice|study|act|set|collection|class|problem) (?:of|that|whereby|in which)\b))",
    re.IGNORECASE,
)

# --- metalinguistic

SPEAKS_OF_WORDS = re.compile(
    r"\b(?:terminolog(?:y|ies)|nomenclature|word choice|wording|phrasing|connotations?|jargon|equivocat(?:es?|ing|ion)"
    r"|definitional|synonym(?:s|ous)?|umbrella term|misnomer|misnamed|misleading(?:ly)? (?:name|term|label|word)"
    r"|scare quotes"
    r"|(?:is|are|just|purely|merely|mere|about|over|of|into|only) semantics|semantic (?:dispute|disagreement|argument"
    r"|debate|question|quibble)"
    r"|(?:the|this|that|my|your|which|what|better|different|new|same|these|those|another|a|specific"
    r"|alternative) (?:\w+ )?"
    r"(?:terms?|words?|phrase|label)\b(?! (?:of|in the (?:sum|loss|equation)|paper|limit|memory|goals?|count|vectors?"
    r"|embedding|to the left|to the right|on the|is (?:positive|negative|zero)))"
    r"|(?:I|you|we|they|people|he|she|one)(?:['’]d| would| wouldn['’]t| don['’]t| do not| might| could"
    r"| avoid\w*)? (?:\w{2,10} )?(?:call|label|describe) (?:it|this|that|them|these|those|an?|the|[\"“])[^.;\n]{0,60}"
    r"|(?:calling|labell?ing|naming|dubbing) (?:it|this|that|them|these|those|an?|the|[\"“])"
    r"|(?:meaning|sense|senses|usage|use) of (?:the )?(?:(?:term|word|phrase)s?\b|[\"“‘*_])|usage (?:for|of) the word"
    r"|in (?:the|a|this|that|your|my) (?:\w{2,14} )?sense (?:of the (?:word|term)|you (?:use|mean)|I (?:use|mean))\b"
    r"|(?:use[sd]?|using|say|saying) (?:the )?(?:term|word|phrase)\b|(?:use[sd]?|using) [\"“]"
    r"|what (?:you|he|she|people|everyone|I|we) (?:mean|meant|call|called)\b"
    r"|mean(?:s|t)? (?:by|different things|something (?:else|different|like))|talking past"
    r"|(?:under|by|on|with|in) (?:this|that|my|your|his|her|their|the (?:usual|standard|above)) definition"
    r"|(?:the|a|this|that|your|my|his|their|good|better|different|bad|nice|core|broad|narrow"
    r"|dictionary) definitions?\b)"
    rf"|{_NAMED} (?:vs\.?|versus) {_NAMED}|\bthe name [\"“]",
    re.IGNORECASE,
)

# --- conditional

CONDITION_FIRST = re.compile(
    r"(?:^|[,;:(—–-]\s?|\b(?:and|but|so|then|that|because|only|especially|except|particularly|or)\s)"
    r"(?:if|unless|assuming|supposing|provided|providing|given that|in case|in the (?:case|event) that"
    r"|conditional(?:ly)? on|whenever)\b(?! (?:any|not|so|only|you like|you will|ever|possible|necessary|anything)\b)"
    r"|(?:^|[,:] )(?:suppose|imagine|say(?:,| that)|let['’]s (?:say|suppose|imagine|assume|pretend)|consider (?:an?"
    r"|the|some|two"
    r"|three|any)|assume|were \w+ to|had (?:I|we|you|he|she|they|it|the)|should (?:it|they|the|you|we) [a-z]+,)\b",
    re.IGNORECASE,
)
_NO_CONDITION_AFTER = "".join(
    rf"(?<!\b{word} )"
    for word in (
        "see", "know", "wonder", "wondering", "ask", "asked", "asking", "check", "sure", "tell", "as", "clear",
        "certain",
        "out", "curious", "even", "remember", "determine", "test", "care", "matter", "decide", "idea", "mind", "what",
        "seeing", "knowing", "saying", "like", "interested",
    )
)  # fmt: skip
CONDITION_LATE = re.compile(
    rf"{_NO_CONDITION_AFTER}\b(?:if (?!(?:any|not|so|only|anything|you like|you will|ever|possible|necessary|at all"
    r"|and only)\b)(?=\w+['’]?\w* \w)|unless |assuming (?:that )?(?=\w+ \w)|(?:only|even) if |provided that "
    r"|conditional on |(?<!times )(?<!twice )(?:as|so) long as (?=(?:you|we|they|it|the|there|he|she|your|I|no|this"
    r"|that)\b))",
    re.IGNORECASE,
)

# --- recommendation

_ACTOR = r"(?:you|we|people|one|they|I|everyone|someone|researchers|who|it|agents?|AIs?|humans|\w+s|policy|approach)"
ADVISES = re.compile(
    rf"\b(?:{_ACTOR}(?: \w{{2,10}})? (?:should(?:n['’]t)?(?! (?:be able|have (?:been|known|had|noticed)"
    rf"|not be (?:hard|surpris)|hold"
    r"|expect|in principle|follow that|come up))|ought(?: not)? to|must(?:n['’]t)?(?! (?:be|have)\b)"
    r"|(?:really )?need(?:s)? to(?! be)|(?:had|['’]d) better|have (?:got )?to(?! (?:say|admit|be|work))))\b"
    r"|\bshould(?:n['’]t)? (?:be (?:done|made|used|avoided|treated|considered|given|allowed|taken|seen|viewed|applied"
    r"|encouraged|regarded|kept|written|read|able to be|more|a priority|careful)|not be|be \w+ed\b|try|aim|focus|use"
    r"|avoid|do|make|take|start|stop|work|spend|want|have to)\b"
    r"|\b(?:let['’]s(?! (?:say|suppose|imagine|assume|see how|call|define|denote|pretend)\b)"
    r"|(?:I|we)(?:['’]d| would)?(?: \w{2,10})? (?:recommend|suggest(?! that (?:it|this|there) (?:is|was))|advise|urge"
    r"|encourage|propose|advocate|like (?:you|people|us|it if|to see))"
    r"|it (?:would|might|may|could) be (?:\w{2,10} )?(?:better|good|nice|useful|helpful|worth|worthwhile|great"
    r"|interesting|valuable|best|wise|prudent|clearer)|(?:is|are|seems|be) (?:\w{2,10} )?worth (?:\w+ing|a|the|it)"
    r"|(?:best|better) (?:to|practice)|good \w+ (?:policy|practice|hygiene) is|why not (?:just )?[a-z]+"
    r"|(?:you|we|they|I|one|people)(?:['’](?:d|re|ll))?(?: \w{2,8}){0,2} better off|there (?:should|ought to) be (?!\d)"
    r"|ought (?:not )?to"
    r"|it(?:['’]s| is) (?:\w{2,12} )?(?:important|essential|crucial|vital|necessary|imperative|advisable) (?:to|that"
    r"|for|that we)|feel free to|please [a-z]+|make sure|had better)\b",
    re.IGNORECASE,
)
ORDERS = re.compile(
    r"(?:please |just |always |never |simply |don['’]t |do not |instead,? |first,? |then,? )*(?:ask|avoid|be|begin"
    r"|beware|bring"
    r"|build|buy|calculate|check|choose|click|come|compare|compute|contact|copy|create|delete|describe|derive|do"
    r"|don['’]t"
    r"|donate|drop|email|ensure|explain|find|focus|follow|forget|get|give|go|help|hold|ignore|join|keep|learn|leave"
    r"|let me know|listen|look|make|move|never|open|pay|pick|practice|prefer|press|prove|put|read|remember|remove"
    r"|replace|run|save|search|see|select|send|set|share|show|skip|spend|start|stay|stop|submit|subscribe|take|talk"
    r"|tell|think"
    r"|try|turn|use|verify|visit|wait|watch|write)\b(?! (?:is|are|was|were|has|have|can|will|would|could|should|may"
    r"|might|does|did|of|and then|I|we|you|they|he|she|time)\b)(?!['’]s|[,:)]| \()",
    re.IGNORECASE,
)

# --- prediction

FORETELLS = re.compile(
    r"\b(?:(?:will|won['’]t|['’]ll)(?! (?:have to|be called|be referred|denote|call|define|use|assume|write|now|see"
    r"|say|refer|discuss|show|focus|describe|explain|consider|talk)\b)(?<!free will)(?<!a will)"
    r"|(?:is|are|am|['’]s|['’]re|['’]m) (?:\w{2,12} )?going to\b(?! (?:assume|say|call|talk|use|be talking|ask))"
    r"|(?:I|we)(?:['’]d| would| do|['’]m)?(?: \w{2,10})? (?:expect(?:ing)?|predict(?:ing)?|anticipat(?:e|ing)"
    r"|forecast|foresee|bet)\b(?! (?:from|of|you)\b))"
    r"|\b(?:by|before|until|around|in) (?:the (?:year|end of) )?20[2-9]\d\b(?!,? (?:I|we|he|she|they) )"
    r"|\b(?:within|over|in) (?:the (?:next|coming)|a|one|two|three|five|ten|twenty|\d+(?:[-–]\d+)?) (?:few |\d+ "
    r"|couple of )?"
    r"(?:years?|decades?|months?)(?: from now| we['’]ll| there['’]ll)|\b(?:someday|one day|in the (?:near |far "
    r"|distant |long )?future|sooner or later|years? from now)\b",
    re.IGNORECASE,
)

# --- experience

_DID = (
    r"(?:[a-z]{2,}ed|saw|seen|read|heard|met|went|spent|wrote|written|felt|found|grew|spoke|thought|made|got|gave"
    r"|took|taught"
    r"|ran|built|did|came|left|told|became|kept|knew|began|brought|bought|chose|fell|had|lost|paid|put|said|sat|sent"
    r"|slept|stood|understood|won|woke|wore|was|were|didn['’]t|learnt|lived)"
)
LIVED = re.compile(
    rf"\b(?:I|we)(?:['’]ve|['’]d| have| had)?(?: (?:also|just|recently|personally|once|first|then|already|never"
    rf"|actually|only"
    rf"|originally|initially|really|even|still|later|always|been|finally|sometimes|often|currently|passionately"
    rf"|quickly)){{0,3}} (?!used to (?:mean|refer)|got to ){_DID}\b"
    r"|\bI (?:love|like|enjoy|hate|miss|wish|hope|struggle)\b(?! (?:to (?:note|point|say|add|see)|it if|you to))"
    r"|\bI(?:['’]m| am)(?: (?:so|very|really|quite|just|pretty|still|also|now|deeply))* (?:excited|happy|sad|glad"
    r"|sorry|surprised|confused"
    r"|worried|tired|scared|frustrated|impressed|delighted|disappointed|embarrassed|proud|curious|interested|working"
    r"|reading|trying|feeling|struggling|looking|writing|planning|enjoying|grateful)\b"
    r"|\b(?:in my experience|my experience|when I (?:was|first|read|tried|worked|did|saw)|happened to me"
    r"|my (?:\w+ )?(?:first|last|own) (?:\w+ )?(?:job|year|attempt|reaction|time|experience)"
    r"|(?:it|this|that|which) (?:took|gave|made|helped|surprised|reminded|struck|reminds) (?:me|us)|reminds me of"
    r"|made me (?:feel|think|realize|sad|happy)|I have (?:strong|deep|a strong) (?:intuitions?|feelings?|sense))\b",
    re.IGNORECASE,
)
