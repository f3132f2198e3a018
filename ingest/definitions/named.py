"""Forms that say what a term means, and forms that give a thing its name."""

from corpus.model import Stance
from ingest.definitions.pattern_parts import (
    AS_NAME,
    AUX,
    NAMED,
    OR,
    QUOTED,
    REST,
    SOFTLY,
    STOP,
    TERM,
    WHO,
    WORD,
    DefinitionForm,
    compile_form,
)

_TENET = "(?:thesis|theorem|law|rule|principle|hypothesis|axiom|theory|conjecture|lemma|doctrine|postulate)"
_OF_WHAT = r" of [\w-]{1,40}(?: [\w-]{1,40})?"
_NO_NAME = r"(?:the|an?|this|that|these|my|your|our|their|his|her|its|one|other|same|new)\b"

NAMED_FORMS: tuple[DefinitionForm, ...] = (
    compile_form(
        "X means",
        Stance.STATED,
        0.75,
        "means|mean |refers|refer to|denotes|signifies",
        rf"(?:^|[;:—–(] ?|, |\bthat |\band |\bbut |\bso |\bor (?:just )?)"
        rf"(?P<term>{QUOTED}|(?:the |an? )?{WORD}(?: {WORD}){{0,3}}?)(?: ?\([^"
        rf"()]{{1,60}}\))?{OR},? (?:for (?:this|the) [\w ]{{1,30}}, )?{SOFTLY}"
        rf"(?:means|mean(?! by)|refers to|refer to|denotes|signifies)[,:]? (?!(?:well"
        rf"|much|anything|nothing|it|business|harm)\b){REST}",
    ),
    compile_form(
        "X is a word for",
        Stance.STATED,
        0.9,
        "for",
        rf"(?:^|[;:—–(] ?|, |\bthat ){NAMED} (?:is|are) (?:\w{{1,12}} )?(?:an?|the"
        rf"|another|my|our|his|her)? ?(?:\w{{1,12}} )?(?:word|term|name|label|shorthand"
        rf"|neologism|abbreviation|acronym|synonym|jargon) (?:for|that (?:means"
        rf"|refers to)|used (?:for|to)) {REST}",
    ),
    compile_form(
        "X occurs when",
        Stance.STATED,
        0.7,
        "when|where|whenever",
        rf"(?:^|[;:—–(] ?|, |\bthat ){NAMED}(?: \([^()]{{1,60}}\))? {SOFTLY}(?:"
        rf"(?:occurs|happens|arises|obtains)(?: [^,.;]{{1,40}}?)?|is|describes|are) "
        rf"(?:when|where|whenever) {REST}",
    ),
    compile_form(
        "X consists in",
        Stance.STATED,
        0.55,
        "consist|amounts to|involves|describes|is about|comes down to",
        rf"(?:^|[;:—–(] ?|, |\bthat ){NAMED}(?: \([^()]{{1,60}}\))?{OR} {SOFTLY}"
        rf"(?:consists? (?:in|of)|amounts? to|involves?|describes?|is (?:just )?about"
        rf"|comes down to) {REST}",
    ),
    compile_form(
        "X says that",
        Stance.STATED,
        0.7,
        "asserts|says|states|claims|holds",
        rf"(?:^|[;:—–(] ?|, |\bthat )(?P<term>(?:the )?{QUOTED}|(?:the |an? )?(?:"
        rf"(?:(?!{_NO_NAME})[\w'’-]{{1,40}} ){{1,5}}{_TENET}(?:{_OF_WHAT})?"
        rf"|{_TENET}{_OF_WHAT})){OR} "
        rf"{SOFTLY}(?:asserts|says|states|claims|holds)(?: that)? {REST}",
    ),
    compile_form(
        "call this X",
        Stance.STATED,
        0.88,
        "call|dub|term |name|label",
        rf"\b(?:(?:I|we|let ?['’]?s|let us|people|they|he|she|you|one){AUX} |(?<=^))?"
        rf"(?:call|dub|term|name|label)s? (?:it|this|that|these|those|them"
        rf"|such \w{{1,30}}|all of this|the above|(?P<gloss>(?:an?|any) [^,.;?!]"
        rf"{{3,160}}?|this \w{{3,30}})) "
        rf"(?P<term>{QUOTED}|(?:the |an? )?[A-Za-z][\w-]{{0,40}}(?: [\w-]{{1,40}}){{0,3}})(?=[.,;:)(!?—–]|$)",
    ),
    compile_form(
        "what I call X",
        Stance.STATED,
        0.8,
        "call|term|dub",
        rf"(?<!not\x20)(?<!n.t\x20)\b(?:what|which) {WHO}{AUX} (?:call|calls|called|term"
        rf"|dub|refer to as) {TERM}{STOP}",
    ),
    compile_form(
        "known as X",
        Stance.STATED,
        0.7,
        "known as|called|termed|dubbed|referred to as",
        rf"(?:^|[;:—–] ?|, )?(?P<gloss>(?:an?|the|this|that|these|such|any|it|those"
        rf"|they)\b[^,.;:?!]{{0,160}}?) (?:is|are|was|were|can be|may be|has been"
        rf"|is what is)(?: (?:also|often|sometimes|usually|commonly|generally"
        rf"|typically))? (?:known as|called|termed|dubbed"
        rf"|referred to as) {AS_NAME}{STOP}",
    ),
    compile_form(
        "G called X",
        Stance.STATED,
        0.5,
        "called|known as|termed|dubbed|named",
        rf"\b(?P<gloss>(?:an?|the|any|some|these|those|this) [^,.;:?!]{{3,120}}?),? (?:"
        rf"(?:sometimes|often|also|commonly|usually) )?(?:called|known as|termed"
        rf"|dubbed) {AS_NAME}{STOP}",
    ),
    compile_form(
        "refer to G as X",
        Stance.STATED,
        0.9,
        "refer",
        rf"(?:\b{WHO}{AUX} |\bto |^)refer(?:ring|red)? to (?P<gloss>[^,.;]{{2,160}}?) as {TERM}{STOP}",
    ),
    compile_form(
        "X, i.e.",
        Stance.STATED,
        0.7,
        "i.e|that is|viz|in other words|namely",
        rf"(?P<term>{QUOTED}|\b[A-Za-z][\w-]{{1,40}}(?: [\w-]{{2,40}}){{0,2}}?) ?[,"
        rf"(—–]{{1,2}} ?(?:i\.e\.?|that is(?: to say)?,|viz\.|in other words,?"
        rf"|namely,?)[,:]? ?{REST}",
    ),
    compile_form(
        "X as in",
        Stance.STATED,
        0.7,
        "as in|in the sense",
        rf"(?P<term>{QUOTED}|\b[A-Za-z][\w-]{{1,40}}(?: [\w-]{{2,40}})?)[ ,(]{{1,2}}"
        rf"(?:as in|in the sense (?:of|that)) {REST}",
    ),
    compile_form(
        "counts as X if",
        Stance.STATED,
        0.7,
        "count|qualif|say|call|consider",
        rf"\b(?:(?:counts?|qualif\w{{1,5}}) as|{WHO}{AUX} (?:say|call|consider)(?: that)? (?:an?|any|one|some) "
        rf"[\w-]{{1,30}}(?: [\w-]{{1,30}})?(?: is| to be)?) (?:an? |the )?{TERM},? (?:just )?"
        rf"(?:if and only if|iff|only if|if|when|whenever|just in case|insofar as|to the extent that) {REST}",
    ),
    compile_form(
        "to be X is to",
        Stance.STATED,
        0.8,
        "being|to be",
        rf"\b(?:to be|being|for \w{{1,30}}(?: \w{{1,30}}){{0,3}} to be) {TERM} (?:is"
        rf"|means|just is) (?:to|for|that|being) {REST}",
    ),
    compile_form(
        "X iff",
        Stance.STATED,
        0.7,
        "iff|if and only if",
        rf"(?:^|[,;:—] ?|\bthat )[^,;:.]{{1,80}}? (?:is|are) (?:an? |the "
        rf"|said to be )?{TERM} (?:if and only if|iff) {REST}",
    ),
    compile_form(
        "an A Xs if",
        Stance.STATED,
        0.5,
        " if | when |iff",
        r"(?:^|[,;:—] ?|\bthat )(?:an?|any) [\w-]{2,30}(?: [\w-]{2,30})? "
        r"(?P<term>[a-z-]{2,30}(?<!i)s) (?:if and only if|iff|if|when) (?P<gloss>"
        r"(?:it|they|that|the)\b[^\n]{3,600})",
    ),
    compile_form(
        "a word for this",
        Stance.STATED,
        0.9,
        "term|name|word",
        rf"\b(?:(?:have|use|has|is|'s|’s|need|want|propose|suggest) (?:an?|the|my|one) )"
        rf"(?:\w{{1,20}} )?(?:term|name|word|label) for (?:this|that|it|these|them"
        rf"|such \w{{1,20}}|(?P<gloss>[^,.;:]{{3,120}}))(?:, and it is|, namely| is|:|,"
        rf"|—) ?{AS_NAME}(?=[.,;)!?]|$)",
    ),
    compile_form(
        "that's what I mean by X",
        Stance.STATED,
        0.9,
        "mean by|meant by|mean when|call",
        rf"\b(?:that|this|it)(?: is| ?['’]s) (?:all |roughly |basically |exactly "
        rf"|precisely )?(?:what|how) {WHO}{AUX} (?:mean by|meant by|call|define"
        rf"|mean when {WHO} say) {TERM}{STOP}",
    ),
    compile_form(
        "X: G",
        Stance.STATED,
        0.45,
        ":|—|–| - ",
        rf"^(?!(?:call|let|so|consider|note|edit|eta|update|suppose|hence|thus"
        rf"|epistemic status|status|source|summary|disclaimer|example|question|answer"
        rf"|exercise|definition|claim|proof|tl;dr|meta|scientist|background|context"
        rf"|caveat|link|quote|crossposted|aside)\b)(?P<term>{QUOTED}|(?:the "
        rf"|an? )?[A-Za-z][\w-]{{1,40}}(?: [\w-]{{1,40}}){{0,3}}) ?(?::"
        rf"| [—–-]{{1,2}}) {REST}",
    ),
)
