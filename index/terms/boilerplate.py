"""Nouns and adjectives that carry on a discussion whatever it is about: a closed list, beside the statistics."""

# About the discussion itself and its text; general nouns that stand for anything; people, places and times in general;
# adjectives of degree, order and praise, and the adverbs before them. By key (`corpus.term_key.term_key`).
BOILERPLATE = frozenset(
    """
    able absolutely accurate actual addition additional advantage advice afraid age alternative amount analogous
    analogy analysis answer appendice appendix approach april area argument article aspect assumption attempt
    august author awesome background bad basic beginning benefit better big bit bold book bottom brief broad bunch
    busy careful case cause certain cetera chance chapter cheap circumstance citation claim clarification class
    clear close cold collection comment comparison compelling completely complicated component concern concerned
    conclusion condition confident confused confusing connection consideration contrast conversation convinced
    convincing cool correction cost couple course crazy critique crucial curious current date day deal debate
    december deeply default degree description detail difference different difficult difficulty direction
    disagreement discussion distinction dodgy doubt draft due early easy edit effect effective effort element empty
    end enormously enough entire entirely episode essay essential et etc example excellent exception exchange
    excited expensive explanation expression extent extreme extremely eye face fact factor fairly familiar famous
    fast favorite february feeling few field figure final find fine first flat focus footnote form formulation
    friday friend front full fully fun funny future general glad good great grey ground group guess guy half hand
    hard head heading help helpful high highly hint hour huge hugely idea illustration implausible important
    impossible impression impressive improvement inclined incorrect incredibly input insight instance interest
    interested interesting interpretation interview intro introduction intuition invalid irrelevant issue item
    january job july june key kind large last late least length less letter level liable light line link list
    listener little long lot lovely low lucky mad main major majority manner many march matter may mean means member
    mention message metaphor middle minor minute misleading mistake mistaken misunderstanding moment monday month
    more most much name narrow near neat necessary need negative new newbie next nice nontrivial note notion
    november nuance number numerous object objection obvious october ok okay old one only open opinion opportunity
    opposite optimistic option order other others overall overview page pair paper paragraph part particular party
    passage past path people perfectly period person perspective pessimistic phrase picture piece place plausible
    pleasant point poor popular portion position possibility possible post posting preferable present pretty
    previous prior priori problem problematic process proud purely purpose question quick quite rare rate rather
    reading ready really reason reasonably recent recommendation reference regard related relation relative
    relatively relevance relevant remark reply report request response rest result review right role room sad sake
    same satisfied saturday second secondary section segue sense sensible sentence separate september sequence
    series serious setting setup several severe shape share sharp short side significant silly similar single
    situation size slight slow small smart so soft solid somewhat sorry sort source speaker specific speculative
    stage standpoint start state statement step stop straightforward strange strict strong stuff style subject
    subtle such sufficient suggestion suitable summary sunday super sure surprised surprising suspicious takeaway
    talk tangent task team term terrible text thankful thing thinking third thread thursday time tiny tired title
    today todo tomorrow top topic total totally tough track trick tricky trivial trouble truly try tuesday turn
    tutorial type typical typo ugly unable unaware uncertain unclear unfair unfortunate unhappy unimportant unit
    unlikely unnecessary unreasonable unrelated unsure unusual use useful useless usual utterly variation variety
    various vast version very viable view viewpoint wary way weak webpage wednesday week weird welcome well whole
    wide wildly willing wonderful word work world worried worry worse worst worth writing wrong year yesterday young
    zero
    """.split()
)

# What joins the words of a phrase, and stands in none by itself.
JOINING = frozenset("of the a an and or in on at for to by with".split())


def is_boilerplate(key: str) -> bool:
    """Return whether a phrase is made of nothing else.

    >>> is_boilerplate("good point")
    True
    >>> is_boilerplate("focal point")
    False
    """
    return all(word in BOILERPLATE or word in JOINING or len(word) < 2 or word.isdigit() for word in key.split())
