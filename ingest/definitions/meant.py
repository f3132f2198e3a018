"""Forms that say what somebody means by a term, or define it outright."""

from corpus.model import Stance
from ingest.definitions.pattern_parts import (
    AUX,
    MEAN,
    NAMED,
    QUOTED,
    REST,
    SOFTLY,
    TERM,
    WHO,
    DefinitionForm,
    compile_form,
)

# "The door was open, meaning that we could leave": what follows, and not what the word means.
_CONSEQUENCE = (
    r"(?:that|I|you|we|they|he|she|it|there|the|this|these|an?|no|nobody|nothing|each|every|some|my|your|if)\b"
)
# "The definition of harm is too wide": what it is like, and not what it says.
_JUDGED = (
    r"(?:\w{2,20}(?:[,.;!?]|$)|(?:too|so|very|not|quite|rather|even|more|less|just|where|the same|similar|unclear"
    r"|\w+(?:ed|en)|\w+ enough)\b)"
)

MEANT: tuple[DefinitionForm, ...] = (
    compile_form(
        "by X I mean",
        Stance.STATED,
        0.97,
        "mean|refer|pointing|understand",
        rf"(?<!if\x20)\b(?:by|with) {TERM},? {WHO}{AUX} {MEAN}(?: to refer to)?[,:]? {REST}",
    ),
    compile_form(
        "I mean by X",
        Stance.STATED,
        0.93,
        "mean",
        rf"(?<!what\x20)\b{WHO}{AUX} mean by {TERM}(?:, (?:then|here))?(?:,|:| is) ?{REST}",
    ),
    compile_form(
        "when I say X I mean",
        Stance.STATED,
        0.95,
        "mean|refer|pointing|understand|in mind|thinking",
        rf"\bwhen(?:ever)? {WHO}{AUX} (?:say|talk about|speak of|use|write"
        rf"|call something|use the (?:word|term"
        rf"|phrase)) {TERM},? {WHO}{AUX} (?:{MEAN}|(?:have|had) in mind|(?:am|are) thinking (?:of|about))[,:]? {REST}",
    ),
    compile_form(
        "what I mean by X is",
        Stance.STATED,
        0.95,
        "mean",
        rf"\bwhat {WHO}{AUX} (?:mean|meant|mean to say) (?:here )?(?:by|with"
        rf"|when {WHO} say) {TERM},? (?:[^,.;]{{2,40}}, )?(?:is|was)[,:]? {REST}",
    ),
    compile_form(
        "say X and mean",
        Stance.STATED,
        0.8,
        "mean",
        rf"\b(?:say|says|said) (?P<term>{QUOTED}),? (?:and )?(?:what (?:they|he|she|we"
        rf"|I)|(?:they|he|she|we|I)){AUX} mean(?:s|t)?(?: is)?(?: that)?[,:]? {REST}",
    ),
    compile_form(
        "X, by which I mean",
        Stance.STATED,
        0.93,
        "mean",
        rf"(?P<term>(?P<marked>{QUOTED})|\b(?:the |an? )?[A-Za-z][\w-]{{1,40}}(?: [\w-]{{2,40}}){{0,2}}?) ?"
        rf"[,(—–-]{{1,2}} ?(?:by which {WHO}{AUX} mean|meaning by (?:that|this)"
        rf"|meaning(?(marked)|(?! {_CONSEQUENCE})))[,:]? {REST}",
    ),
    compile_form(
        "use X to mean",
        Stance.STATED,
        0.93,
        "use|using|take|took|taking|understand",
        rf"\b(?:use|uses|used|using|take|takes|took|taking|understand) (?:the (?:word"
        rf"|term|phrase|expression)s? )?{TERM} (?:here )?"
        rf"(?:to (?:mean|refer to|denote|describe|point (?:at|to)|be)|as (?:meaning"
        rf"|shorthand for|an? (?:word|term|name|label) for)|for:"
        rf"|in the sense of) {REST}",
    ),
    compile_form(
        "understand X as",
        Stance.STATED,
        0.6,
        "underst|conceive|constru|interpret|read|took|taking|take|hear",
        rf"\b{WHO}{AUX} (?:(?:understand|understood|conceived? of|construed?|interpret) (?!it\b|this\b|that\b|them\b)"
        rf"|(?:(?:was|were) )?(?:read|reading|take|took|taking|hear|heard|hearing) (?:the (?:word|term|phrase) )?"
        rf"(?=[\"“‘'*_`]))"
        rf"{TERM} (?:as|to mean) (?:basically |roughly |just |simply )?{REST}",
    ),
    compile_form(
        "my definition of X is",
        Stance.STATED,
        0.85,
        "definition|meaning|notion|concept",
        rf"\b(?:(?P<own>my|our|your|his|her|their) (?:\w{{1,20}} )?(?:definition|meaning|notion|concept)"
        rf"|the (?:\w{{1,20}} )?(?:definition|meaning)) of (?!the\b){TERM},?(?: here)?"
        rf"(?: is|(?(own) was|(?!))|:)[,:]? (?!{_JUDGED}){REST}",
    ),
    compile_form(
        "define X as",
        Stance.STATED,
        0.95,
        "defin",
        rf"\b(?:defin(?:e|es|ed|ing)|redefine\w{{0,2}}) (?!by\b|in\b|as\b|what\b|how\b"
        rf"|that\b|it\b)(?:the (?:word|term|notion|concept) (?:of )?)?{TERM} "
        rf"(?:\([^)]{{1,60}}\) )?(?:here |loosely |roughly )?(?:as|to be"
        rf"|to mean)[,:]? {REST}",
    ),
    compile_form(
        "X is defined as",
        Stance.STATED,
        0.95,
        "defined",
        rf"{NAMED},? (?:(?:is|are|was|can be|could be|gets?|being|should be|may be"
        rf"|has been) )?(?:\w{{1,12}}ly )?defined (?:\w{{1,12}}ly )?(?:as"
        rf"|to be)[,:]? {REST}",
    ),
    compile_form(
        "have X defined as",
        Stance.STATED,
        0.9,
        "defined as",
        rf"\b(?:have|has|having|had|get|gets|with|keep|keeps) {TERM},? (?:\w{{1,12}}ly )?defined as {REST}",
    ),
    compile_form("X := ", Stance.STATED, 0.95, ":=|≝", rf"{NAMED} ?(?::=|≝) ?{REST}"),
    compile_form(
        "X is short for",
        Stance.STATED,
        0.85,
        "short for|stands for|shorthand",
        rf"{NAMED} (?:is|are|as)? ?(?:just )?(?:an? )?(?:short for|stands for|shorthand for) {REST}",
    ),
    compile_form(
        "the word X means",
        Stance.STATED,
        0.9,
        "word|term|phrase|expression|notion|concept|label|name",
        rf"\b(?:word|term|phrase|expression|notion|concept|label|name)s? "
        rf"(?:of )?{TERM},? {SOFTLY}(?:means|refers to|denotes|describes|stands for"
        rf"|is (?:used (?:to|for|as)|an?\b|the\b|about)|points (?:to|at)) ?{REST}",
    ),
)
