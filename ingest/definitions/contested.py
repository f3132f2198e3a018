"""Forms that ask what a term means, or dispute it."""

from corpus.model import Stance
from ingest.definitions.pattern_parts import CLOSED, NAMED, QUOTED, REST, STOP, TERM, WHO, DefinitionForm, compile_form

CONTESTED: tuple[DefinitionForm, ...] = (
    # -- asked -----------------------------------------------------------------------------------------------------
    compile_form(
        "what do you mean by",
        Stance.ASKED,
        0.95,
        "mean",
        rf"\bwhat (?:exactly |precisely )?(?:do|did|does|would|are|is) \w{{1,20}} "
        rf"(?:\w{{1,20}} )?mean(?:ing)? (?:exactly |here )?"
        rf"(?:by|when \w{{1,20}} (?:say|talk about|speak of)) {TERM}{CLOSED}",
    ),
    compile_form(
        "what does X mean",
        Stance.ASKED,
        0.9,
        " mean",
        rf"\bwhat (?:does|do|would|did) (?:it mean to be "
        rf"|it mean for \w{{1,20}} to be )?{TERM} (?:even |really |actually "
        rf"|here )?mean\b",
    ),
    compile_form(
        "what is it to be X",
        Stance.ASKED,
        0.85,
        "mean|what is it",
        rf"\bwhat (?:does it mean|would it mean|is it) (?:for (?:an? |the )?[\w-]{{1,30}}"
        rf"(?: [\w-]{{1,30}})? )?to (?:be|call (?:\w{{1,20}} ){{1,3}}) {TERM}{CLOSED}",
    ),
    compile_form(
        "what counts as X",
        Stance.ASKED,
        0.85,
        "count|qualif",
        rf"\b(?:what|which|who) (?:would |exactly )?(?:counts?|qualif\w{{1,5}}) as {TERM}{CLOSED}",
    ),
    compile_form(
        "how do you define",
        Stance.ASKED,
        0.95,
        "defin|understand",
        rf"\bhow (?:do|would|are|should|did|does) \w{{1,20}} (?:\w{{1,20}} )?"
        rf"(?:defin\w{{1,4}}|understand) {TERM}{CLOSED}",
    ),
    compile_form(
        "if by X you mean",
        Stance.ASKED,
        0.9,
        "mean",
        rf"\bif by {TERM},? (?:you|we|one|they|people|he|she) (?:just |only |really "
        rf"|simply )?(?:mean|means|meant) {REST}",
    ),
    compile_form(
        "do you mean X",
        Stance.ASKED,
        0.8,
        "mean|refer",
        rf"\b(?:by|with) {TERM},? (?:do|did|are) you (?:mean|meaning|refer\w{{0,4}}(?: to)?) {REST}",
    ),
    compile_form(
        "before you'd call X",
        Stance.ASKED,
        0.7,
        "call",
        rf"\bwhat\b[^.?!]{{1,80}} (?:before|for) (?:you|us|me|one|it|anyone) ?(?:['’]d "
        rf"|would |to )?call (?:an? |the )?[\w-]{{1,30}} {TERM} ?\?",
    ),
    # -- disputed --------------------------------------------------------------------------------------------------
    compile_form(
        "not what I'd call",
        Stance.DISPUTED,
        0.95,
        "call|mean|understand|think of| use",
        rf"(?:\bnot|n['’]t) (?:really |exactly |quite )?(?:what|how) (?:{WHO}"
        rf"|most \w{{1,20}})(?: ?['’]d| would)? ?(?:usually |normally )?"
        rf"(?:call|(?:mean|meant|understand) by|use|think of as) {TERM}{STOP}",
    ),
    compile_form(
        "wouldn't call that",
        Stance.DISPUTED,
        0.85,
        "call",
        rf"\b(?:would ?n['’]t|would not|do ?n['’]t|do not|can ?['’]?t|cannot) (?:really "
        rf"|quite )?call (?P<gloss>[^\s,.;]{{1,40}}(?: [^\s,.;]{{1,40}}){{0,12}}?) "
        rf"(?P<term>{QUOTED}|(?:an? )?[\w-]{{2,40}}(?: [\w-]{{2,40}})?)(?=[.,;:)!?]|$)",
    ),
    compile_form(
        "X does not mean",
        Stance.DISPUTED,
        0.85,
        " mean| refer",
        rf"(?:^|[,;:(—] ?|\bthat |\bbut |\band ){NAMED} (?:does ?n['’]t|does not|do ?n['’]t|do not|did ?n['’]t) "
        rf"(?:just |only |simply |merely |necessarily |really )?(?:mean|refer to) {REST}",
    ),
    compile_form(
        "not what X means",
        Stance.DISPUTED,
        0.85,
        "what",
        rf"(?:\bnot|n['’]t) (?:really |quite )?what {TERM} (?:means|meant|refers to|is about)\b",
    ),
    compile_form(
        "G isn't X, it's Y",
        Stance.DISPUTED,
        0.75,
        "not|n't|n’t",
        rf"(?:^|[;:—] ?)(?P<gloss>[^,;:.?!]{{2,120}}?)(?: (?:is ?n['’]t|is not|are ?n['’]t"
        rf"|are not)| ?['’](?:s|re) not) (?:really |just )?(?P<term>{QUOTED}|(?:an? |the )?[\w-]{{2,40}}"
        rf"(?: [\w-]{{2,40}}){{0,2}}),? "
        rf"(?:but |it ?['’]s |it is |that ?['’]s |they ?['’]re |they are )(?:rather "
        rf"|just |merely )?(?:an? |the )?[\w-]{{2,}}",
    ),
    compile_form(
        "that isn't X",
        Stance.DISPUTED,
        0.55,
        "not|n't|n’t",
        rf"\b(?:that|this|which|it)(?: ?['’]s not| is not| isn['’]t) (?:really "
        rf"|actually |quite )?(?:an? |the )?(?P<term>{QUOTED})",
    ),
    compile_form(
        "X as opposed to",
        Stance.DISPUTED,
        0.6,
        "opposed to|distinct from|distinguished from|contrast",
        rf"(?P<term>{QUOTED}|\b(?:the |an? )?[A-Za-z][\w-]{{2,40}}"
        rf"(?: [\w-]{{2,40}}){{0,2}}?) ?[,(—–]? ?(?:as opposed to|as distinct from"
        rf"|as distinguished from|in contrast (?:to|with)) {REST}",
    ),
)
