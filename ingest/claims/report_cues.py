"""The words that tell somebody's view: verbs, nouns and adjectives by lemma, those who hold views, small words.

The lists are of English, not of any text; what is said with them is decided by the modules beside. `find_lemma` says
under which form of a word to look.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

# Verbs that tell what somebody says, thinks or feels to be so.
SAYING = frozenset(
    """accept acknowledge add admit advise affirm agree allege announce answer anticipate argue ask assert assume
    assure believe bet boast caution claim comment complain concede conclude confirm conjecture consider contend
    declare decide decry demand deny describe disclose dispute doubt emphasize emphasise estimate exclaim expect
    explain fear feel figure find forecast foresee gather guess hint hold hope hypothesize hypothesise imagine
    imply indicate infer insist intimate joke judge know lament learn maintain mean mention note notice object
    observe opine point posit postulate predict presume pretend proclaim project promise propose put quip read
    realize realise reason recall recognize recognise recommend reckon recount reiterate relate remark remember
    repeat reply report respond retort reveal rule say see sense show signal speculate state stipulate stress
    submit suggest suppose surmise suspect swear tell testify theorize theorise think threaten tweet understand
    urge view vow warn wonder worry write conceive advocate prophesy endorse quote grant envision envisage deem
    presuppose counter rejoin preach attest surmise venture tell go""".split()
)
INTENDING = frozenset(
    "claim vow promise threaten refuse pledge hope want plan intend agree decide expect swear purport profess".split()
)
# "By drift Ana means P", "they take drift to be P", "she defines drift as P".
DEFINING = frozenset("mean take define use understand interpret construe".split())
CALLING = frozenset("call describe characterize characterise label dismiss portray regard brand denounce".split())
# Verbs by which an author grants what is told ("Ana showed that P" is his own claim too), or that tell no view.
GRANTING = frozenset(
    """acknowledge admit concede confirm disclose discover explain find forget know learn notice observe prove read
    realize realise recall recognize recognise relate remember remind reveal see sense show understand signal
    indicate demonstrate wonder ask determine ensure hear sure hope wish want like love care pretend put demand
    note""".split()
)
# "Ana doesn't think that P": she holds that not P. "She doesn't say that P" tells no view of hers.
NEG_RAISING = frozenset("think believe expect feel suppose imagine figure accept agree buy see reckon".split())
DENYING = frozenset("deny doubt dispute reject".split())
# "I take you to be saying that P", "I hear people say that P": whoever is taken or heard says it.
HEARING = frozenset("take understand read interpret hear see construe watch imagine picture expect".split())
# Whoever is expected or imagined to say it has not said it.
IMAGINING = frozenset("imagine picture expect".split())
# "People seem to think that P": whoever seems to, thinks.
RAISING = frozenset(
    """seem appear tend continue keep start begin want try come go like love use happen mean prefer inclined
    tempted willing prone likely eager quick happy""".split()
)
CONVINCED = frozenset(
    """convinced confident certain sure skeptical sceptical doubtful worried concerned afraid optimistic
    pessimistic adamant persuaded""".split()
)
DOUBTFUL = frozenset("skeptical sceptical doubtful".split())

# Nouns whose clause is somebody's view.
VIEWS = frozenset(
    """claim view belief argument thesis idea assertion statement contention suggestion point opinion position
    hypothesis conclusion prediction theory fear worry concern hope expectation suspicion conviction assumption
    proposal allegation feeling sense intuition impression take guess warning report assessment estimate doubt
    stance premise thought notion presumption objection counterargument criticism critique complaint response
    reply retort answer insistence perspective story picture philosophy worldview principle doctrine model tenet
    dogma attitude understanding interpretation reading judgment judgement verdict rationale reasoning logic
    diagnosis viewpoint charge accusation wisdom consensus stereotype confidence certainty skepticism scepticism
    crux gist upshot message lesson counter narrative mindset""".split()
)
# "Ana has the feeling that P", "under the impression that P": the subject has the view.
HAVING = frozenset(
    """have make hold express give defend advance put present offer raise take adopt push state voice deny advocate
    propose form keep get share reject level repeat""".split()
)
COMMON = frozenset(
    """common popular standard conventional usual mainstream prevailing dominant widespread traditional typical
    prevalent orthodox received naive prominent influential consensus""".split()
)
# "On Ana's view P": the phrase stands over the clause.
PERSPECTIVES = frozenset(
    """view opinion perspective viewpoint standpoint vantage estimation telling mind eye worldview picture ontology
    account reading light position paradigm judgment judgement assessment understanding interpretation opinion
    point philosophy estimate assumption lights terms worldview telling""".split()
)
# The same, but of what is also a thing that one builds: on somebody's model, or in that of somebody named.
MODELS = frozenset("model framework theory world framing story frame".split())
OVER = frozenset({"in", "on", "from", "under", "by", "to", "within", "through", "per"})
UNDERSTANDING = frozenset(
    "understanding model reading impression interpretation picture sense read guess summary paraphrase".split()
)
# "As I understand you, P", "if I read Ana right, P".
FOLLOWING = frozenset("understand read interpret hear follow get parse remember".split())
# "A view where P", "a story about why P".
PICTURES = frozenset("view model picture story perspective position worldview".split())
# What may be said to say: "a style of thinking says", "the objection goes".
STANCES = frozenset(
    """school style camp tradition mindset ideology worldview perspective narrative doctrine view position argument
    story objection thesis hypothesis critique proposal stance philosophy theory account viewpoint picture
    framing claim case belief wisdom consensus orthodoxy intuition paradigm approach literature criticism
    response reply""".split()
)

PEOPLE = frozenset(
    """people person folks folk guy guys man men woman women everyone everybody someone somebody anyone most many
    some others other few several both author authors writer writers researcher researchers scientist scientists
    philosopher philosophers economist economists critic critics skeptic skeptics sceptic sceptics proponent
    proponents opponent opponents advocate advocates supporter supporters commenter commenters commentator
    commentators poster posters op user users rationalist rationalists ea eas alignment-researcher doomer
    doomers optimist optimists pessimist pessimists expert experts friend friends colleague colleagues reviewer
    reviewers engineer engineers biologist physicist academic academics paper papers post posts article articles
    essay essays study studies survey report book comment reply abstract community crowd camp side team lab labs
    company companies public he she they those majority minority media thinker thinkers speaker reader readers
    student students member members doubter doubters believer believers forecaster forecasters superforecaster
    superforecasters employee employees philosopher press journalist journalists blogger bloggers interlocutor
    debater faction layman laymen layperson laypeople theorist chapter blog sequence document doc tweet thread
    transcript interview manifesto talk lecture editorial column authority authorities pundit pundits politician
    politicians party government half third plenty lots bunch group minority contingent subset everybody
    westerner contrarian""".split()
)
# "Two-boxers", "utilitarians", "functionalists"; but computers, optimizers and predictors hold no views.
AGENT_ENDINGS = ("ists", "ians", "ers", "ors", "ites", "ans")
NO_AGENTS = frozenset(
    """computers optimizers optimisers predictors learners reasoners maximizers maximisers proposers responders
    users players programmers numbers papers letters others answers members orders powers factors vectors errors
    operators transformers layers parameters classifiers processors colors centers quarters matters humans means
    plans loans beans organs oceans sensors actors monitors generators estimators tensors doors floors servers
    browsers drivers mathematicians chapters headers footers counters corners winters summers rivers towers
    sisters brothers mothers fathers daughters characters filters clusters buyers sellers workers lovers
    killers""".split()
)
NOBODY = frozenset(
    "you one we i it this that which there what these ai agi agent system model program algorithm".split()
)
YOU_SAY = frozenset(
    """say claim argue mention suggest think believe write note state assert propose contend feel expect assume
    predict suspect imagine hold maintain mean conclude decide insist reckon deny doubt imply postulate posit
    presume worry conjecture estimate guess fear grant""".split()
)
# "You might think that P", "one could object that P": nobody real, but a view told.
ONE_MIGHT = frozenset(
    """think object argue worry believe suppose reply respond protest complain conclude counter expect assume
    claim suspect fear feel guess insist""".split()
)
# "You would say that P": his answer, as the author foresees it.
WOULD_SAY = frozenset("say argue claim object reply answer respond insist counter deny maintain contend".split())
# Verbs whose object is itself a view: "Ana expects a slow thaw", "you seem to be picturing a single probe".
FORESEEN = frozenset(
    "imagine envision envisage picture predict forecast foresee anticipate expect posit postulate hypothesize".split()
)
# "Ana expects it to melt", "Bo considers it harmless".
RAISING_OBJECTS = frozenset(
    """expect believe consider deem judge predict forecast assume presume imagine picture envision reckon think
    suspect suppose take""".split()
)
# "Ana sees it as harmless".
SEEING_AS = frozenset(
    "see view regard describe characterize characterise portray dismiss conceive think treat frame paint".split()
)
# Verbs whose view can be read off the order of the words where the parser finds no clause: "he thinks when it thaws".
OPINING = frozenset(
    """think believe say claim argue grant suspect predict guess insist assert maintain expect suppose assume
    imagine worry fear doubt deny contend suggest conclude reckon presume posit object reply write
    hypothesize""".split()
)
# What ends like a noun of a thing or a field, and so is no name typed without its capital.
THING_ENDINGS = (
    "tion",
    "sion",
    "ism",
    "ics",
    "ity",
    "ness",
    "ing",
    "ment",
    "nce",
    "ogy",
    "ory",
    "ure",
    "sis",
    "ium",
    "hip",
    "age",
    "ware",
    "ence",
    "logic",
    "math",
    "wisdom",
    "sense",
)
# "Imagine that you think", "say they believe": nobody does.
LET_US_SAY = frozenset("imagine suppose assume pretend consider say picture".split())
# "Nobody could predict that": an ability, no view.
FORESEEING = frozenset("predict expect foresee forecast anticipate imagine guess see".split())
# "The usual retorts along the lines of 'P'": somebody's, whoever that is.
OBJECTIONS = frozenset("objection retort counterargument complaint criticism critique refrain".split())
# Nouns whose content is put to somebody even where nobody is named: "the charge that P", "the objection is that P".
CLAIMED = OBJECTIONS | frozenset("claim charge accusation allegation contention assertion notion".split())
SEEMING = frozenset("seem appear look sound feel".split())
MIGHT = frozenset("might may could would 'd ’d".split())
MODAL = frozenset("would could might may can will should must shall 'd ’d 'll ’ll ca wo".split())
WOULD = frozenset("would might could may 'd ’d".split())
FINITE = frozenset({"VBZ", "VBP", "VBD", "MD"})  # tags
# Subjects that refer to somebody or something: not the "it" of "it seems".
REFERRING_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj"})
RELATIVE = frozenset({"who", "whom", "that", "which"})
FIRST = frozenset({"i", "we", "me", "us", "my", "our", "mine", "ours", "myself"})
IMPERSONAL = frozenset({"it", "this", "that", "which", "there", "what", "these", "those"})
NOT = frozenset({"not", "n't", "n’t", "never", "no", "nobody", "none", "neither", "hardly"})
CONDITION = frozenset(
    """if unless whether when whenever suppose supposing assuming imagine once until insofar provided lest
    should""".split()
)
# Agreeing with somebody that P: P is the author's own too.
AGREEING = frozenset("agree share endorse accept grant buy support like second adopt affirm credit take".split())
ASKING_WORDS = frozenset({"what", "whatever", "how", "who", "whom", "where", "why", "whether", "if", "which", "when"})
# "It is assumed that P" sets something up; "it is often assumed that P" tells what people think.
SET_UP = frozenset("assume suppose note mention expect hope estimate propose decide stipulate remember".split())
OFTEN = frozenset(
    "often commonly widely sometimes usually generally traditionally frequently typically popularly".split()
)

_IRREGULAR = {
    "thought": "think", "said": "say", "held": "hold", "meant": "mean", "felt": "feel", "told": "tell",
    "wrote": "write", "written": "write", "took": "take", "taken": "take", "saw": "see", "seen": "see",
    "knew": "know", "known": "know", "understood": "understand", "heard": "hear", "read": "read",
    "found": "find", "learnt": "learn", "foresaw": "foresee", "foreseen": "foresee", "swore": "swear",
    "sworn": "swear", "made": "make", "had": "have", "gave": "give", "given": "give", "kept": "keep",
    "went": "go", "gone": "go", "began": "begin", "got": "get", "does": "do", "hypotheses": "hypothesis",
    "theses": "thesis", "theories": "theory",
}  # fmt: skip


def _inflect(verb: str) -> list[str]:
    """Return the forms of a regular verb.

    >>> _inflect("argue")
    ['argue', 'argues', 'argued', 'arguing']
    """
    if verb.endswith("e"):
        return [verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"]
    doubled = f"{verb}{verb[-1]}"
    forms = [f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else f"{verb}s", f"{verb}ed", f"{verb}ing"]
    return [verb, *forms, f"{doubled}ed", f"{doubled}ing"]


_VERBS = (
    SAYING | INTENDING | DEFINING | CALLING | GRANTING | HEARING | RAISING | FOLLOWING | AGREEING | HAVING | OPINING
    | RAISING_OBJECTS | SEEING_AS | FORESEEN | IMAGINING | SEEMING
)  # fmt: skip
_LEMMAS = {form: verb for verb in sorted(_VERBS) for form in _inflect(verb)} | _IRREGULAR


def find_lemma(token: "Token") -> str:
    """Return the lemma of a word, in lower case; of a verb of these lists by its form, which a lemmatizer may miss."""
    if token.tag_.startswith(("VB", "NNS")) and (lemma := _LEMMAS.get(token.lower_)) is not None:
        return lemma
    return token.lemma_.lower()
