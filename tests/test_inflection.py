"""A plural and its singular are one word, and no word is broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.inflection import list_plurals, make_singular
from corpus.term_key import make_term_key
from index.terms.word_frequency import get_share
from index.text_keys import list_forms

NOUNS = [
    tuple(pair.split(":"))
    for pair in """
    cat:cats dog:dogs agent:agents goal:goals value:values model:models policy:policies theory:theories
    category:categories utility:utilities ontology:ontologies strategy:strategies party:parties city:cities
    story:stories study:studies body:bodies country:countries company:companies ability:abilities
    property:properties probability:probabilities possibility:possibilities society:societies entity:entities
    identity:identities community:communities facility:facilities technology:technologies cache:caches niche:niches
    ache:aches headache:headaches cliche:cliches avalanche:avalanches creche:creches psyche:psyches church:churches
    branch:branches approach:approaches batch:batches match:matches search:searches sketch:sketches watch:watches
    inch:inches bench:benches speech:speeches coach:coaches stomach:stomachs monarch:monarchs epoch:epochs
    patriarch:patriarchs dish:dishes wish:wishes brush:brushes crash:crashes hash:hashes flash:flashes focus:focuses
    status:statuses bus:buses virus:viruses bonus:bonuses campus:campuses census:censuses consensus:consensuses
    corpus:corpora genus:genera opus:opuses stimulus:stimuli radius:radii nucleus:nuclei fungus:fungi cactus:cacti
    alumnus:alumni locus:loci modulus:moduli syllabus:syllabi octopus:octopuses apparatus:apparatuses
    prospectus:prospectuses chorus:choruses surplus:surpluses minus:minuses calculus:calculuses abacus:abacuses
    terminus:termini bacillus:bacilli torus:tori class:classes boss:bosses process:processes loss:losses
    glass:glasses mass:masses guess:guesses stress:stresses success:successes business:businesses witness:witnesses
    address:addresses access:accesses pass:passes press:presses weakness:weaknesses illness:illnesses
    compass:compasses mattress:mattresses actress:actresses analysis:analyses hypothesis:hypotheses thesis:theses
    synthesis:syntheses crisis:crises emphasis:emphases diagnosis:diagnoses parenthesis:parentheses oasis:oases
    antithesis:antitheses prognosis:prognoses metamorphosis:metamorphoses neurosis:neuroses psychosis:psychoses
    ellipsis:ellipses synopsis:synopses catharsis:catharses paralysis:paralyses nemesis:nemeses genesis:geneses
    axis:axes bias:biases lens:lenses gas:gases canvas:canvases atlas:atlases alias:aliases iris:irises
    pelvis:pelvises plus:pluses yes:yeses movie:movies cookie:cookies zombie:zombies calorie:calories genie:genies
    selfie:selfies rookie:rookies prairie:prairies brownie:brownies die:dies lie:lies tie:ties pie:pies
    hippie:hippies veggie:veggies birdie:birdies hoodie:hoodies newbie:newbies freebie:freebies indie:indies
    techie:techies smoothie:smoothies cutie:cuties collie:collies foodie:foodies bookie:bookies magpie:magpies
    walkie:walkies sortie:sorties boogie:boogies pixie:pixies eyrie:eyries menagerie:menageries reverie:reveries
    hero:heroes echo:echoes potato:potatoes tomato:tomatoes veto:vetoes torpedo:torpedoes embargo:embargoes
    cargo:cargoes mosquito:mosquitoes buffalo:buffaloes volcano:volcanoes photo:photos piano:pianos memo:memos
    video:videos radio:radios ratio:ratios scenario:scenarios portfolio:portfolios studio:studios logo:logos
    zero:zeros zero:zeroes auto:autos ego:egos manifesto:manifestos tornado:tornadoes no:noes shoe:shoes toe:toes
    foe:foes canoe:canoes oboe:oboes hoe:hoes tango:tangos dynamo:dynamos casino:casinos euro:euros disco:discos
    two:twos child:children man:men woman:women foot:feet tooth:teeth goose:geese mouse:mice louse:lice ox:oxen
    postman:postmen layman:laymen chairman:chairmen grandchild:grandchildren human:humans german:germans
    roman:romans spokesman:spokesmen brother:brothers life:lives wife:wives knife:knives self:selves shelf:shelves
    half:halves calf:calves leaf:leaves loaf:loaves thief:thieves wolf:wolves elf:elves belief:beliefs chief:chiefs
    proof:proofs roof:roofs cliff:cliffs brief:briefs reef:reefs cave:caves wave:waves glove:gloves drive:drives
    motive:motives objective:objectives incentive:incentives perspective:perspectives narrative:narratives
    alternative:alternatives curve:curves nerve:nerves valve:valves slave:slaves grave:graves nave:naves
    sleeve:sleeves olive:olives archive:archives hive:hives dove:doves move:moves groove:grooves love:loves eve:eves
    scarf:scarves dwarf:dwarves hoof:hooves representative:representatives box:boxes tax:taxes fox:foxes mix:mixes
    suffix:suffixes prefix:prefixes complex:complexes paradox:paradoxes index:indices index:indexes matrix:matrices
    matrix:matrixes vertex:vertices vertex:vertexes appendix:appendices appendix:appendixes codex:codices
    cortex:cortices vortex:vortices apex:apexes helix:helices annex:annexes reflex:reflexes simplex:simplices
    latex:latexes crucifix:crucifixes hoax:hoaxes fax:faxes sphinx:sphinxes criterion:criteria phenomenon:phenomena
    automaton:automata bacterium:bacteria curriculum:curricula memorandum:memoranda stratum:strata spectrum:spectra
    equilibrium:equilibria quantum:quanta erratum:errata symposium:symposia millennium:millennia stadium:stadiums
    album:albums forum:forums museum:museums addendum:addenda referendum:referendums continuum:continua
    optimum:optima maximum:maxima minimum:minima desideratum:desiderata momentum:momenta polyhedron:polyhedra
    lemma:lemmas lemma:lemmata schema:schemas schema:schemata stigma:stigmata formula:formulas formula:formulae
    antenna:antennae larva:larvae alga:algae vertebra:vertebrae alumna:alumnae nebula:nebulae house:houses
    case:cases phase:phases phrase:phrases cause:causes clause:clauses base:bases database:databases
    purpose:purposes response:responses sense:senses expense:expenses license:licenses course:courses horse:horses
    nurse:nurses universe:universes verse:verses promise:promises premise:premises exercise:exercises
    surprise:surprises enterprise:enterprises disease:diseases increase:increases release:releases lease:leases
    purchase:purchases use:uses excuse:excuses abuse:abuses noise:noises choice:choices voice:voices dose:doses
    nose:noses rose:roses pose:poses close:closes muse:muses fuse:fuses ruse:ruses browse:browses eclipse:eclipses
    glimpse:glimpses corpse:corpses lapse:lapses synapse:synapses collapse:collapses impulse:impulses pulse:pulses
    false:falses defense:defenses tense:tenses incense:incenses condense:condenses noose:nooses cheese:cheeses
    mayonnaise:mayonnaises chaise:chaises spouse:spouses blouse:blouses warehouse:warehouses treatise:treatises
    franchise:franchises advise:advises expertise:expertises paradise:paradises merchandise:merchandises
    demise:demises compromise:compromises vase:vases chase:chases crease:creases tease:teases grease:greases
    phosphatase:phosphatases bruise:bruises cruise:cruises hearse:hearses purse:purses morse:morses
    discourse:discourses recourse:recourses resource:resources source:sources size:sizes prize:prizes maze:mazes
    breeze:breezes gaze:gazes quiz:quizzes waltz:waltzes buzz:buzzes blitz:blitzes topaz:topazes doze:dozes
    bronze:bronzes freeze:freezes craze:crazes trapeze:trapezes seize:seizes organize:organizes fez:fezzes
    fuzz:fuzzes jazz:jazzes name:names game:games frame:frames theme:themes scheme:schemes regime:regimes
    outcome:outcomes time:times image:images language:languages message:messages page:pages stage:stages
    judge:judges edge:edges bridge:bridges knowledge:knowledges change:changes challenge:challenges range:ranges
    college:colleges age:ages place:places space:spaces race:races price:prices service:services device:devices
    instance:instances sentence:sentences difference:differences inference:inferences preference:preferences
    sequence:sequences science:sciences intelligence:intelligences existence:existences rule:rules role:roles
    file:files table:tables example:examples principle:principles article:articles vehicle:vehicles angle:angles
    variable:variables circle:circles state:states rate:rates date:dates debate:debates site:sites vote:votes
    note:notes attribute:attributes template:templates candidate:candidates breathe:breathes idea:ideas area:areas
    era:eras drama:dramas dilemma:dilemmas camera:cameras agenda:agendas opera:operas panda:pandas
    umbrella:umbrellas day:days way:ways key:keys boy:boys essay:essays survey:surveys monkey:monkeys toy:toys
    guy:guys alley:alleys journey:journeys valley:valleys soliloquy:soliloquies colloquy:colloquies
    employee:employees tree:trees degree:degrees committee:committees fee:fees bee:bees referee:referees eye:eyes
    dye:dyes byte:bytes type:types recipe:recipes pipe:pipes axiom:axioms system:systems problem:problems
    algorithm:algorithms prism:prisms mechanism:mechanisms organism:organisms optimizer:optimizers
    mesa-optimizer:mesa-optimizers gradient:gradients weight:weights neuron:neurons token:tokens prompt:prompts
    review:reviews view:views law:laws claw:claws bow:bows window:windows shadow:shadows menu:menus gnu:gnus
    emu:emus taxi:taxis ski:skis alibi:alibis safari:safaris bikini:bikinis LLM:LLMs AI:AIs AGI:AGIs GPU:GPUs
    GAN:GANs RNN:RNNs CEO:CEOs ASI:ASIs API:APIs URL:URLs CPU:CPUs PC:PCs SAE:SAEs IQ:IQs GPT:GPTs FAQ:FAQs
    EA:EAs PR:PRs thermostat:thermostats crux:cruxes nexus:nexuses rubric:rubrics lattice:lattices caveat:caveats
    heuristic:heuristics topic:topics metric:metrics critic:critics cynic:cynics basic:basics
    """.split()
]
INVARIABLE = """
    tennis chaos ethos pathos cosmos eerie species series bourgeoisie lingerie camaraderie moose reward news physics
    mathematics economics ethics politics statistics linguistics dynamics mechanics semantics logistics sheep deer
    fish aircraft offspring means headquarters information evidence software research bayes always perhaps alas this
    thus plus us has was is as his its yes less unless across versus towards
    """.split()


@pytest.mark.parametrize(("one", "many"), NOUNS)
def test_a_plural_has_the_key_of_its_singular(one, many):
    assert make_term_key(many) == make_term_key(one) == one.casefold().replace("-", " ")
    assert make_term_key(f"the inner {many}") == make_term_key(f"Inner {one}")


@pytest.mark.parametrize("word", INVARIABLE)
def test_what_is_no_plural_stays_as_it_is(word):
    assert make_singular(word) == word == make_term_key(word)


@pytest.mark.parametrize(("one", "many"), [pair for pair in NOUNS if pair[0].islower() and "-" not in pair[0]])
def test_a_term_is_found_in_singular_and_plural(one, many):
    assert {one, many} <= set(list_forms(one)) & set(list_forms(many))


@pytest.mark.parametrize("one", [one for one, _ in NOUNS if one.islower() and "-" not in one])
def test_every_plural_that_is_looked_for_is_one(one):
    assert {make_singular(form) for form in list_plurals(one)} == {one}


@given(st.text(alphabet="aeioushcxzmnry", min_size=1, max_size=12))
def test_the_key_of_a_key_is_itself(word):
    assert make_term_key(make_term_key(word)) == make_term_key(word)


def test_common_words_are_common_by_their_keys():
    rare = get_share("corrigibility")
    for word in ("its", "was", "always", "perhaps", "children", "physics", "series", "movies", "themselves"):
        assert get_share(make_term_key(word)) > 5 * rare, word
