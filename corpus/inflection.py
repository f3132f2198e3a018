"""Singular and plural of English nouns, by rule and by table.

Two libraries were measured on 680 nouns (those of `tests/test_inflection.py`) and on the words of four bases.
`simplemma` leaves 32 plurals apart from their singulars and takes "us" for "we"; `lemminflect` leaves 32 too, and
takes seconds to start. What stands here leaves none of them apart, and starts at once.
"""

# What ends like a plural and is none, or is both.
_INVARIANT = frozenset(
    """
    afterwards alas always as backwards besides downstairs downwards does forwards goes has hers his hence
    indoors its nowadays ours ourselves outdoors overseas perhaps sometimes theirs themselves this thus towards
    unless upstairs upwards us was whereas yes yours yourselves vs versus alias atlas bias canvas christmas gas
    lens mars midas pancreas pyjamas texas kansas arkansas vegas thomas lucas nicholas douglas dallas judas
    asbestos bathos boolos chaos cosmos eros ethos kudos mythos ouroboros pathos rhinoceros thermos barbados
    buenos lagos laos los milos carlos marcos santos ramos amos barracks clothes crossroads gallows headquarters
    means mrs news pants ponens scissors series species thanks tongs trousers acoustics aerodynamics aeronautics
    aesthetics analytics athletics ballistics bioethics combinatorics cosmetics cryogenics cybernetics dynamics
    economics electronics epigenetics ergonomics ethics eugenics forensics genetics genomics gymnastics
    hermeneutics hydraulics informatics kinematics linguistics logistics macroeconomics mathematics mechanics
    metaethics metaphysics microeconomics mnemonics obstetrics optics orthodontics pediatrics phonetics physics
    politics geopolitics pragmatics psychometrics robotics semantics semiotics statistics thermodynamics
    achilles archimedes athens bayes brussels byrnes charles clemens dawes descartes euripides hercules hobbes
    holmes hughes james jaynes jones naples netherlands philippines siemens socrates sophocles wales yates abs
    aws bbs cbs cms css dns dos gps https ios iaas irs nhs paas pbs pos ros rss saas sas sms tls
    """.split()
)

# plural → singular, where no rule gives it
_TABLE = """
    children:child grandchildren:grandchild stepchildren:stepchild men:man women:woman feet:foot teeth:tooth
    geese:goose mice:mouse dormice:dormouse lice:louse oxen:ox lives:life wives:wife housewives:housewife
    midwives:midwife knives:knife selves:self shelves:shelf bookshelves:bookshelf halves:half calves:calf
    leaves:leaf loaves:loaf thieves:thief wolves:wolf werewolves:werewolf elves:elf scarves:scarf dwarves:dwarf
    hooves:hoof indices:index matrices:matrix vertices:vertex appendices:appendix codices:codex cortices:cortex
    vortices:vortex apices:apex helices:helix simplices:simplex directrices:directrix criteria:criterion
    phenomena:phenomenon automata:automaton polyhedra:polyhedron ganglia:ganglion bacteria:bacterium
    curricula:curriculum memoranda:memorandum strata:stratum spectra:spectrum equilibria:equilibrium
    quanta:quantum errata:erratum symposia:symposium millennia:millennium addenda:addendum continua:continuum
    optima:optimum maxima:maximum minima:minimum desiderata:desideratum momenta:momentum consortia:consortium
    ova:ovum corpora:corpus genera:genus lemmata:lemma schemata:schema stigmata:stigma formulae:formula
    antennae:antenna larvae:larva algae:alga vertebrae:vertebra alumnae:alumna nebulae:nebula
    supernovae:supernova personae:persona stimuli:stimulus radii:radius nuclei:nucleus fungi:fungus cacti:cactus
    alumni:alumnus loci:locus foci:focus moduli:modulus syllabi:syllabus termini:terminus bacilli:bacillus
    tori:torus octopi:octopus axes:axis crises:crisis emphases:emphasis oases:oasis ellipses:ellipsis
    synopses:synopsis catharses:catharsis diagnoses:diagnosis prognoses:prognosis metamorphoses:metamorphosis
    neuroses:neurosis psychoses:psychosis symbioses:symbiosis hypnoses:hypnosis apotheoses:apotheosis
    nemeses:nemesis geneses:genesis exegeses:exegesis metastases:metastasis biases:bias lenses:lens gases:gas
    canvases:canvas atlases:atlas aliases:alias christmases:christmas pancreases:pancreas irises:iris
    pelvises:pelvis penises:penis trellises:trellis metropolises:metropolis mantises:mantis menus:menu gnus:gnu
    emus:emu taxis:taxi skis:ski alibis:alibi safaris:safari bikinis:bikini khakis:khaki wikis:wiki quizzes:quiz
    fezzes:fez whizzes:whiz topazes:topaz yeses:yes posses:posse finesses:finesse impasses:impasse
    crevasses:crevasse mousses:mousse
    """
_IRREGULAR: dict[str, str] = {many: one for pair in _TABLE.split() for many, _, one in [pair.partition(":")]}
_NO_MEN = frozenset(
    "abdomen acumen amen bremen carmen hymen kamen lumen omen ramen regimen semen specimen stamen yemen".split()
)
_IE = frozenset(
    """
    birdie bookie boogie brownie calorie collie cookie cutie dearie eerie eyrie foodie freebie genie goalie
    hippie hoodie indie junkie laddie lassie magpie menagerie movie newbie pixie prairie reverie rookie roomie
    selfie smoothie sortie sweetie techie veggie walkie yuppie zombie
    """.split()
)
_OE = frozenset("aloe canoe doe floe foe hoe oboe roe shoe sloe throe tiptoe toe woe".split())
_CHE = frozenset(
    """
    ache avalanche brioche cache cartouche cliche creche douche gouache headache heartache moustache mustache
    niche pastiche psyche quiche toothache tranche
    """.split()
)
_USE = frozenset(
    """
    abuse accuse amuse bemuse confuse defuse diffuse disuse enthuse excuse fuse hypotenuse infuse masseuse
    misuse muse overuse peruse profuse recluse refuse reuse ruse suffuse transfuse use
    """.split()
)
_IRREGULAR_PLURALS: dict[str, list[str]] = {}
for _plural, _singular in _IRREGULAR.items():
    _IRREGULAR_PLURALS.setdefault(_singular, []).append(_plural)


def make_singular(word: str) -> str:
    """Return the singular of a noun in small letters; a word that is no plural is its own.

    What may be the plural of two words is taken for one of them, always the same: "axes" for that of "axis".

    >>> make_singular("caches"), make_singular("policies"), make_singular("analyses"), make_singular("physics")
    ('cache', 'policy', 'analysis', 'physics')
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _INVARIANT or len(word) < 3:
        return word
    if word.endswith("men") and len(word) > 4 and word not in _NO_MEN:
        return f"{word[:-2]}an"
    if not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return _without_es(word) if word.endswith("es") else word[:-1]


def _without_es(word: str) -> str:
    """Return the singular of a word that ends in "es": without the "s", or without both, or with another end."""
    less = word[:-1]
    if word.endswith("ies"):
        return less if len(word) == 4 or less in _IE else f"{word[:-3]}y"
    if word.endswith(("theses", "yses")):
        return f"{word[:-2]}is"
    if word.endswith("oes"):
        takes_both = less not in _OE
    elif word.endswith("ches"):
        takes_both = less not in _CHE
    elif word.endswith("uses"):
        takes_both = not (less in _USE or word.endswith(("ouses", "auses")))
    else:
        takes_both = word.endswith(("sses", "shes", "xes", "tzes", "zzes"))
    return word[:-2] if takes_both else less


def list_plurals(word: str) -> tuple[str, ...]:
    """Return the ways in which the plural of a noun in small letters is written, by table and by rule.

    >>> list_plurals("index"), list_plurals("policy"), list_plurals("hero")
    (('indices', 'indexes'), ('policies',), ('heroes', 'heros'))
    """
    irregular = _IRREGULAR_PLURALS.get(word, [])
    if word.endswith("y") and (word[-2:-1] not in set("aeiou") or word.endswith("quy")):
        regular = [f"{word[:-1]}ies"]
    elif word.endswith(("thesis", "ysis")):
        regular = [f"{word[:-2]}es"]
    elif word.endswith("man"):
        regular = [f"{word[:-2]}en", f"{word}s"]
    elif word.endswith("o"):
        regular = [f"{word}es", f"{word}s"]
    elif word.endswith(("s", "x", "z", "ch", "sh")):
        regular = [f"{word}es"] if not word.endswith("ch") else [f"{word}es", f"{word}s"]
    else:
        regular = [f"{word}s"]
    also = [form for form in regular if not irregular or make_singular(form) == word]  # no "crisises"
    return tuple(dict.fromkeys([*irregular, *also]))
