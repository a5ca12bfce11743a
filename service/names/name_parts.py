"""Declared lists for comparing names: what is a title, a suffix, a particle, and who goes by what."""

from __future__ import annotations

from typing import Final

from service.english.word_classes import word_set

NATIONALITIES: Final = word_set(
    """
    us american russian chinese ukrainian british french german israeli palestinian iranian indian
    japanese canadian turkish polish italian spanish korean mexican brazilian australian egyptian syrian saudi
    """
)
TITLES: Final = (
    word_set(
        """
    mr mrs ms miss mister dr doctor prof professor sir dame lord lady president vice deputy acting
    former ex premier prime minister chancellor secretary senator sen representative rep congressman
    congresswoman governor gov mayor judge justice general gen colonel col major captain capt lieutenant
    lt sergeant admiral ambassador envoy chairman chairwoman chair chairperson speaker king queen prince
    princess pope father sister reverend rev bishop archbishop cardinal rabbi imam sheikh ayatollah
    director chief executive officer ceo attorney commissioner minister foreign finance defence defense
    interior state press spokesman spokeswoman spokesperson leader head candidate hon honorable honourable
    right councillor cllr alderman sheriff dean madam madame mme monsieur herr frau señor senor señora senora
    don doña dona the of for
    """
    )
    | NATIONALITIES
)
# A role ends with one of these, whatever stands before: "Federal Reserve Chair", "Kremlin spokesman".
ROLES: Final = (
    TITLES
    - NATIONALITIES
    - word_set(
        """
        vice deputy acting former ex prime chief executive foreign finance defence defense interior state
        press right the of for
        """
    )
)
# Titles that stand directly before a person's name, never for an office alone.
COURTESY_TITLES: Final = word_set(
    """
    mr mrs ms miss mister dr doctor prof professor sir dame lord lady senator sen representative rep
    congressman congresswoman gen capt lt sgt col gov rev hon judge justice madam madame mme herr frau
    """
)
# Words that are titles and surnames: after a courtesy title they are the name.
PERSONAL_SURNAMES: Final = word_set("king prince bishop pope major judge dean abbot baron")
# Where the family name comes first, it may stand alone after a title: "President Xi".
FAMILY_NAMES_FIRST: Final = word_set(
    """
    xi kim li wang zhang chen liu hu wen mao deng moon park lee yoon ban han nguyen tran pham vo chiang
    tsai lai lin
    """
)
# Given names of people with two surnames, either of which may stand alone.
IBERIAN_GIVEN_NAMES: Final = word_set(
    """
    jose juan luis carlos pedro maria ana miguel jorge javier francisco antonio manuel fernando sergio pablo
    andres diego rafael alejandro gabriel joao paulo luiz rodrigo marta carmen lucia isabel cristina nicolas
    hugo evo gustavo alvaro enrique ramon roberto ricardo eduardo alberto raul cesar felipe claudia dilma
    inacio tiago andre goncalo jaime ignacio inigo mariano vicente joaquin emilio guillermo arturo lorenzo
    pilar teresa rosa beatriz mercedes ines sofia elena adriana veronica marcelo fabio caio jair michel thiago
    mateus lucas guilherme aecio geraldo ciro marina simone tabare ollanta keiko veronika gabriela ximena
    """
)
SUFFIXES: Final = word_set(
    "jr sr ii iii iv esq phd md mp mep kc qc obe cbe mbe kbe dbe msp td mla mpp jd dds dphil mba cpa rn frs"
    " ret"
)
PARTICLES: Final = word_set("de del della di da dos la le van von der den ter bin ibn al el abu st san")
NICKNAMES: Final = tuple(
    word_set(group)
    for group in """
    robert bob rob bobby robbie bert
    william bill will billy willie liam
    james jim jimmy jamie
    michael mike mick mickey
    joseph joe joey
    john jack johnny jon
    richard dick rick ricky rich
    edward ed eddie ted teddy ned
    theodore ted teddy theo
    thomas tom tommy
    charles charlie chuck chas
    donald don donnie
    ronald ron ronnie
    kenneth ken kenny
    daniel dan danny
    david dave davey
    stephen steve steven stevie
    anthony tony
    andrew andy drew
    albert al bert
    alan al allan allen
    alexander alex sasha sandy
    alfred al fred
    frederick fred freddie
    samuel sam sammy
    benjamin ben benny bibi
    matthew matt
    patrick pat paddy
    peter pete
    paul paulie
    philip phil phillip
    gregory greg
    gerald gerry jerry
    jeffrey jeff geoffrey geoff
    jonathan jon
    lawrence larry laurence
    leonard len lenny leo
    nicholas nick nicky
    raymond ray
    timothy tim
    walter walt
    vincent vince
    henry harry hank
    harold harry hal
    george georgie
    christopher chris kit
    nathan nat nathaniel
    zachary zach
    joshua josh
    bernard bernie
    mitchell mitch
    francis frank
    franklin frank
    eugene gene
    vladimir volodya vova
    dmitry dmitri dima dmitriy
    volodymyr vladimir
    sergei sergey
    yuri yury
    elizabeth liz beth betty eliza lizzie
    margaret maggie meg peggy
    katherine kate kathy katie catherine cathy kathleen kat
    susan sue susie suzanne
    deborah debbie deb debra
    barbara barb barbie
    patricia pat patty tricia
    jennifer jen jenny
    jacqueline jackie
    victoria vicky
    rebecca becky
    christine chris tina christina
    pamela pam
    cynthia cindy
    judith judy
    madeleine maddie
    alexandra alex sandra
    nancy ann
    mohammed muhammad mohamed mohammad
    hussein husayn hussain
    """.strip().splitlines()
)
# "The Foreign Ministry" and "Foreign Minister Wang Yi" share one of these.
INSTITUTIONS: Final = word_set(
    "foreign finance defence defense interior justice treasury state health energy"
)
