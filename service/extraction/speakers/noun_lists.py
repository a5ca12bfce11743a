"""Word lists for kinds of noun phrases, in lower case; plurals of roles are derived."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


MALE_HONORIFICS = word_set(
    """mr mister sir lord king prince pope father fr brother imam sheikh congressman duke baron"""
)
FEMALE_HONORIFICS = word_set(
    """mrs ms miss mme madam dame lady queen princess sister duchess baroness congresswoman"""
)
# Words that stand right before a person's name, capitalised or not; abbreviations without their dot.
TITLES = (
    MALE_HONORIFICS
    | FEMALE_HONORIFICS
    | word_set(
        """dr prof professor rev reverend pastor bishop archbishop cardinal rabbi ayatollah hon judge justice
    magistrate president vice-president chancellor premier minister secretary ambassador envoy
    senator sen sens rep reps representative representatives senators governor gov govs mayor
    councilman councilwoman alderman delegate del assemblyman assemblywoman commissioner speaker
    leader whip chairman chairwoman chair director attorney general gen col colonel lt lieutenant
    capt captain maj major sgt sergeant adm admiral cmdr commander cpl private officer detective
    sheriff deputy chief constable inspector superintendent marshal agent coach quarterback
    spokesman spokeswoman spokesperson strategist adviser advisor aide manager executive ceo host
    anchor correspondent reporter columnist editor author analyst pollster economist historian
    candidate nominee frontrunner hopeful lawmaker ex-president co-chairman mogul businessman
    billionaire actor actress singer comedian professor-emeritus surrogate counsel prosecutor
    solicitor lawyer undersecretary treasurer founder co-founder senator-elect president-elect
    gop-nominee mp mps mep mca msp md qc kc sp ssp dsp asp acp dcp dig cllr councillor brigadier
    commodore squadron wing engr alhaji hajia oba comrade shri smt mufti maulana datuk dato
    coxswain skipper oceanographer meteorologist"""
    )
)
PLURAL_TITLES = word_set("sens reps govs senators representatives presidents professors messrs drs")
SUFFIXES = word_set("jr sr ii iii iv")
REGNAL_TITLES = word_set("pope king queen prince princess emperor empress sultan saint")
PARTICLES = word_set(
    """de da di del della der den van von bin ibn al el la le du dos das st ben abu ter ten af zu"""
)

# Singular nouns for one person, beyond the titles: "the envoy", "a voter".
PERSON_NOUNS = TITLES - word_set("private general major miss host hon") | word_set(
    """boss head host man woman boy girl person source insider veteran reader staffer narrator caller
    viewer listener user commenter attendee participant superdelegate delegate legend elector
    organiser canvasser speechwriter freshman parishioner passenger customer shopper voter resident
    supporter critic opponent rival ally donor backer fan follower activist organizer volunteer
    member democrat republican conservative liberal libertarian socialist independent politician
    statesman lobbyist diplomat negotiator representative official bureaucrat regulator investigator
    expert specialist scholar scientist researcher academic lecturer fellow student teacher
    physician doctor nurse psychologist sociologist anthropologist philosopher writer novelist
    journalist blogger photographer producer filmmaker director broadcaster commentator pundit
    presenter moderator interviewer entrepreneur tycoon magnate developer investor banker trader
    broker accountant engineer programmer consultant contractor farmer worker employee employer
    shopkeeper owner partner landlord tenant neighbor neighbour friend relative father mother son
    daughter wife husband widow brother sister uncle aunt cousin grandson granddaughter grandfather
    grandmother parent mom dad spouse victim suspect defendant plaintiff witness survivor prisoner immigrant
    migrant refugee citizen soldier spy policeman policewoman cop trooper firefighter priest nun
    monk bishop evangelist newcomer incumbent challenger contender frontrunner front-runner favorite
    underdog nominee running-mate mate successor predecessor deputy assistant clerk attorney counsel
    spokesperson mouthpiece heir monarch ruler dictator president premier chancellor chairperson
    councillor councilmember legislator congressman congresswoman lawmaker texan vermonter floridian
    virginian californian athlete player star celebrity model rapper musician artist architect
    curator librarian principal dean provost teenager senior retiree pensioner youth guy lady
    gentleman someone somebody co-author co-host co-chair co-worker colleague counterpart mentor
    protege hacker whistleblower operative fundraiser bundler chief-of-staff mobster billionaire
    millionaire socialite heiress naturalist zoologist"""
)
# Feminine and masculine person nouns: they tell the gender of whoever bears the role.
FEMALE_NOUNS = word_set(
    """woman girl lady mother daughter wife widow sister aunt granddaughter grandmother actress spokeswoman
    chairwoman congresswoman councilwoman assemblywoman policewoman heiress nun businesswoman queen
    princess duchess"""
)
MALE_NOUNS = word_set(
    """man boy guy gentleman father son husband brother uncle grandson grandfather spokesman chairman
    congressman councilman assemblyman policeman businessman priest monk king prince duke statesman"""
)

ORGANISATION_NOUNS = word_set(
    """company firm corporation corp inc group ministry department agency bureau office commission
    committee council board administration government regime cabinet parliament congress senate
    house court tribunal campaign party union federation confederation association organization
    organisation foundation institute institution university college school academy church hospital
    bank fund exchange club team league newspaper paper magazine journal post times herald tribune
    gazette globe news network channel station outlet publication website site blog broadcaster wire
    press daily weekly radio television tv police fbi cia nsa pentagon kremlin treasury army navy
    force forces military militia coalition alliance movement center centre think-tank tank pac
    super-pac lobby chamber society trust charity nonprofit startup airline airlines manufacturer
    carmaker maker retailer authority service services embassy consulate mission delegation
    secretariat directorate industries systems technologies holdings partners associates llc ltd plc
    co bros enterprises media studios pictures entertainment nation country state city county town
    republic kingdom empire crown caliphate caucus conference convention tea-party watch project
    initiative program programme survey-firm action america clinic laboratory lab library
    museum brewery restaurant hotel casino camp white-house jury panel side leadership staff family
    duo couple trio community public electorate nra aclu"""
)
# A body of people rather than an institution; spoken of as one.
COLLECTIVE_NOUNS = word_set(
    """crowd audience public electorate family couple duo trio community majority minority half third
    quarter percent people police staff jury leadership press media everyone side base faithful rest
    number youth bunch handful"""
)
DOCUMENT_NOUNS = word_set(
    """poll polls survey surveys report reports study studies statement statements letter letters memo
    memos email emails e-mail e-mails document documents figures data statistics numbers estimate
    estimates analysis analyses review book books article articles column columns editorial
    editorials essay essays op-ed story stories interview transcript transcripts video videos tape
    footage recording tweet tweets post posts message messages headline headlines ad ads
    advertisement commercial spot website page chart graph map record records filing filings lawsuit
    suit complaint indictment affidavit ruling opinion order bill law act constitution amendment
    treaty deal agreement resolution platform plan proposal policy speech speeches address remarks
    comments words results result findings research evidence papers text texts summary index average
    release bulletin notice sign signs banner slogan placard caption note notes diary memoir
    biography film documentary movie song series episode podcast broadcast show leak leaks cable
    cables script budget audit forecast outlook test rules language wording title label section
    chapter manifesto petition charter contract provision clause tally rulings opinions orders bills laws
    acts amendments treaties agreements resolutions policies bylaws guidelines regulations statute statutes
    code codes standards returns transcription verdict verdicts warrant warrants"""
)
GROUP_HEADS = word_set(
    """they people men women children folks others some many most few several both all those these everyone
    police millennials youths elite elites press media critics masses one another none each either
    any two three four five six seven eight nine ten dozens scores hundreds thousands millions
    majority plurality half one-third two-thirds three-quarters percent alumni"""
)
ANONYMOUS_NOUNS = word_set(
    """source sources insider insiders someone somebody person people one another official"""
)

DETERMINERS = word_set(
    """the a an this that these those its his her their our my your another one each every no any"""
)
QUANTIFIERS = word_set(
    """some many most few several both all others other more less fewer two three four five six seven eight
    nine ten dozens scores hundreds thousands millions of at least about nearly almost roughly half
    certain various numerous multiple countless enough only just even also but and or such yet so
    then still million billion percent than"""
)
INDEFINITES = word_set("a an one another some any two three four five several")
DEFINITES = word_set("the this that these those")
# Where a noun phrase's core ends.
PHRASE_BREAKERS = word_set(
    """of for in at from with on to who which whom whose that by as about near among amongst inside outside
    including like along under over against between across behind within without during after before
    since until around throughout via per unlike himself herself itself themselves familiar close
    aligned opposed loyal briefed when where while because if than but said says told is was are
    were has have had speaking responding running representing identified known backing supporting
    leading heading working living using based quoted cited commissioned conducted released
    published obtained surveyed polled interviewed been be done taken surrounding beyond despite
    following affiliated attending wanting involved"""
)
PREPOSITIONS = word_set(
    """of for in at from with on to by about near among like against between via per under over than"""
)

# What no person's surname is, though capitals and a given name stand before it: "Peace Prize", "Berlin Wall".
THING_NOUNS = word_set(
    """prize award act bill plan deal rule law day week month year war wars street avenue road wall bridge
    airport station park square tower building hotel hall stadium arena river lake island islands
    mountain valley bay beach city county state states village district province region republic cup
    bowl games series show hour tour night morning evening festival doctrine amendment revolution
    movement theory effect virus disease strip bank heights hills springs falls rapids line express
    limited memorial monument museum cathedral temple chapel cemetery conference summit forum treaty
    pact accord protocol scandal affair crisis debate debates primary caucuses election elections
    convention speech address interview towers plaza center institute care security medicare
    medicaid obamacare benghazi university students voters fans supporters observer"""
)

OUTLETS = word_set(
    """cnn nbc abc cbs msnbc pbs npr bbc fox reuters bloomberg politico breitbart huffpo axios vox buzzfeed
    slate salon newsweek time fortune forbes variety drudge infowars afp ap upi tass interfax
    izvestia kommersant pravda novaya meduza xinhua gallup quinnipiac rasmussen monmouth marist
    yougov ipsos suffolk twitter facebook google youtube instagram snapchat reddit amazon apple
    microsoft uber boeing exxon pfizer goldman wikipedia wikileaks snopes politifact factcheck nyt
    wsj wapo telegraph guardian mirror haaretz aljazeera rt sputnik der spiegel"""
)
DISTRIBUTIVES = word_set("each every either neither any no")
PLACES = word_set(
    """russia ukraine america china japan germany france britain england scotland wales ireland italy spain
    portugal greece turkey iran iraq israel syria lebanon jordan egypt libya tunisia morocco algeria
    nigeria kenya ethiopia somalia sudan ghana india pakistan afghanistan bangladesh myanmar
    thailand vietnam indonesia malaysia singapore philippines australia canada mexico brazil
    argentina chile colombia peru venezuela cuba ecuador bolivia haiti poland hungary romania
    bulgaria serbia croatia kosovo albania austria switzerland belgium netherlands denmark norway
    sweden finland iceland estonia latvia lithuania belarus moldova georgia armenia azerbaijan
    kazakhstan uzbekistan qatar kuwait yemen oman bahrain cyprus malta taiwan korea europe asia
    africa washington moscow kyiv kiev beijing london paris berlin brussels rome madrid vienna
    geneva tehran jerusalem ankara tokyo delhi seoul pyongyang warsaw prague budapest athens dublin
    ottawa canberra texas florida california virginia ohio iowa nevada carolina dakota pennsylvania
    michigan wisconsin minnesota colorado arizona utah oregon alabama alaska arkansas connecticut
    delaware hawaii idaho illinois indiana kansas kentucky louisiana maine maryland massachusetts
    mississippi missouri montana nebraska oklahoma tennessee vermont wyoming nato eu un oas opec"""
)
METONYMS: dict[str, str] = {
    "kremlin": "russia", "white house": "us", "oval office": "us", "downing street": "uk", "whitehall": "uk",
    "elysee": "france", "élysée": "france", "blue house": "korea", "zhongnanhai": "china", "pentagon": "us",
    "state department": "us", "foggy bottom": "us", "quai d'orsay": "france", "bundestag": "germany",
    "capitol hill": "us", "bankova": "ukraine",
}  # fmt: skip
NATIONS: dict[str, str] = {
    "russia": "russia", "russian": "russia", "russia's": "russia", "moscow": "russia", "ukraine": "ukraine",
    "ukrainian": "ukraine", "kyiv": "ukraine", "u.s": "us", "us": "us", "american": "us", "america": "us",
    "united states": "us", "washington": "us", "british": "uk", "britain": "uk", "u.k": "uk", "uk": "uk",
    "french": "france", "france": "france", "german": "germany", "germany": "germany", "chinese": "china",
    "china": "china", "japanese": "japan", "japan": "japan", "israeli": "israel", "israel": "israel",
    "turkish": "turkey", "turkey": "turkey", "mexican": "mexico", "mexico": "mexico", "canadian": "canada",
    "canada": "canada", "iranian": "iran", "iran": "iran", "syrian": "syria", "syria": "syria",
    "polish": "poland",
    "poland": "poland", "hungarian": "hungary", "hungary": "hungary", "italian": "italy", "italy": "italy",
    "spanish": "spain", "spain": "spain", "greek": "greece", "greece": "greece", "indian": "india",
    "india": "india",
    "egyptian": "egypt", "egypt": "egypt", "korean": "korea", "korea": "korea", "brazilian": "brazil",
    "brazil": "brazil", "australian": "australia", "australia": "australia", "belarusian": "belarus",
    "belarus": "belarus", "dutch": "netherlands", "philippine": "philippines", "saudi": "saudi",
}  # fmt: skip
# Capitalised words that begin sentences or name days; never part of a person's name.
FUNCTION_WORDS = word_set(
    """the a an in on at by for from to of and or but nor so yet as if when while where who what why how
    that this these those there here he she it they we i you his her its their our my your not no
    yes all some many most both each every other others another after before since until during with
    without within about against among between into onto over under through although though because
    unless whether once then than thus hence still also even just only now today yesterday tomorrow
    meanwhile however moreover instead later earlier last next first second according asked speaking
    said says saying told meet watch read see is are was were be been has have had do does did will
    would could should may might must can shall let monday tuesday wednesday thursday friday
    saturday sunday january february march april june july august september october november
    december spring summer fall winter u.s us uk north south east west northern southern eastern
    western new super great federal national state international united breaking exclusive update
    video photo photos poll report related like unlike despite given per via up down out off more
    less much very too well oh ok okay please thank thanks back inside outside former ex current
    acting interim senior junior deputy assistant associate special chief vs amid near image getty
    ap reuters dear hello indeed perhaps maybe never always often sometimes ever real crooked crazy
    little accused suspected convicted slain embattled"""
)
DEMONYMS = word_set(
    """american americans republican republicans democrat democrats democratic gop eu european african
    asian latino hispanic black white muslim christian jewish catholic conservative liberal english
    french german russian chinese british mexican cuban islamic"""
)
NOT_NAMES = FUNCTION_WORDS | DEMONYMS | word_set("capitol")
KIN_NOUNS = word_set(
    """father mother son daughter wife husband widow brother sister uncle aunt cousin grandson
    granddaughter grandfather grandmother parent spouse friend lawyer attorney doctor spokesman
    spokeswoman"""
)
# Posts everybody knows the bearer of: who holds one is not introduced by a description of another.
OFFICES = word_set(
    """president senator sen governor gov rep representative mayor nominee minister pope king queen premier
    chancellor secretary official spokesman spokeswoman judge justice ambassador"""
)
PARTIES = {"d": "democratic", "r": "republican", "i": "independent"}
_STATE_LINES = """
alabama ala; alaska; arizona ariz az; arkansas ark; california calif cal ca; colorado colo co;
connecticut conn ct;
delaware del; florida fla fl floridian; georgia ga; hawaii; idaho; illinois ill il; indiana ind; iowa ia;
kansas kan;
kentucky ky; louisiana la; maine; maryland md; massachusetts mass ma; michigan mich mi; minnesota minn mn;
mississippi miss; missouri mo; montana mont; nebraska neb; nevada nev nv; new_hampshire n.h nh;
new_jersey n.j nj;
new_mexico n.m nm; new_york n.y ny; north_carolina n.c nc; north_dakota n.d; ohio; oklahoma okla; oregon ore;
pennsylvania pa; rhode_island r.i; south_carolina s.c sc; south_dakota s.d; tennessee tenn tn; texas tex
tx texan;
utah ut; vermont vt; virginia va; washington_state wash; west_virginia w.va; wisconsin wis wi; wyoming wyo
"""
STATES: dict[str, str] = {
    name.replace("_", " "): line.split()[0].replace("_", " ")
    for line in _STATE_LINES.replace("\n", " ").split(";")
    for name in line.split()
}
