"""A small registry of real people, and whom mentions of them mean: labelled by hand, from public facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.extraction.speakers import DatedRole
from service.people.person import KnownPerson, Person


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def known(key: str, name: str, aliases: tuple[str, ...] = (), *roles: tuple[str, str | None, str | None]):
    posts = tuple(DatedRole(title, day(since), day(until)) for title, since, until in roles)
    return KnownPerson(key, Person(name, aliases, posts).tidied())


POTUS, SENATE = "President of the United States", "United States Senator from"
PEOPLE = [
    known("bush-41", "George H. W. Bush", ("George Bush", "George Bush Sr."), (POTUS, "1989-01-20", "1993-01-20"),
          ("Vice President of the United States", "1981-01-20", "1989-01-20")),
    known("bush-43", "George W. Bush", ("George Bush", "George Bush Jr."), (POTUS, "2001-01-20", "2009-01-20"),
          ("Governor of Texas", "1995-01-17", "2000-12-21")),
    known("jeb", "Jeb Bush", ("John Ellis Bush",), ("Governor of Florida", "1999-01-05", "2007-01-02")),
    known("bill", "Bill Clinton", ("William Jefferson Clinton",), (POTUS, "1993-01-20", "2001-01-20"),
          ("Governor of Arkansas", "1983-01-11", "1992-12-12")),
    known("hillary", "Hillary Clinton", ("Hillary Rodham Clinton", "Hillary Rodham"),
          (f"{SENATE} New York", "2001-01-03", "2009-01-21"),
          ("United States Secretary of State", "2009-01-21", "2013-02-01")),
    known("trump", "Donald Trump", ("Donald J. Trump", "The Donald"), (POTUS, "2017-01-20", "2021-01-20"),
          (POTUS, "2025-01-20", None)),
    known("don-jr", "Donald Trump Jr.", ("Don Jr.",)),
    known("melania", "Melania Trump", ("Melania Knauss", "Melania Knavs")),
    known("rfk", "Robert F. Kennedy", ("Robert Kennedy", "Bobby Kennedy", "RFK"),
          ("United States Attorney General", "1961-01-21", "1964-09-03"), (f"{SENATE} New York", "1965-01-03", "1968-06-06")),
    known("rfk-jr", "Robert F. Kennedy Jr.", ("RFK Jr.",),
          ("United States Secretary of Health and Human Services", "2025-02-13", None)),
    known("jfk", "John F. Kennedy", ("Jack Kennedy", "JFK"), (POTUS, "1961-01-20", "1963-11-22"),
          (f"{SENATE} Massachusetts", "1953-01-03", "1960-12-22")),
    known("john-n-kennedy", "John Kennedy", ("John Neely Kennedy",), (f"{SENATE} Louisiana", "2017-01-03", None)),
    known("king", "Martin Luther King Jr.", ("Martin Luther King", "MLK")),
    known("eisenhower", "Dwight D. Eisenhower", ("Ike", "Dwight Eisenhower"), (POTUS, "1953-01-20", "1961-01-20")),
    known("putin", "Vladimir Putin", (), ("President of Russia", "2012-05-07", None),
          ("President of Russia", "2000-05-07", "2008-05-07"), ("Prime Minister of Russia", "2008-05-08", "2012-05-07")),
    known("medvedev", "Dmitry Medvedev", (), ("President of Russia", "2008-05-07", "2012-05-07"),
          ("Prime Minister of Russia", "2012-05-08", "2020-01-16")),
    known("johnson-uk", "Boris Johnson", (), ("Prime Minister of the United Kingdom", "2019-07-24", "2022-09-06"),
          ("Foreign Secretary", "2016-07-13", "2018-07-09"), ("Mayor of London", "2008-05-04", "2016-05-09")),
    known("johnson-us", "Ron Johnson", (), (f"{SENATE} Wisconsin", "2011-01-03", None)),
    known("smith-gov", "John Smith", (), ("Governor of Alba", "2010-01-01", "2018-01-01")),
    known("smith-sen", "John Smith", (), (f"{SENATE} Borea", "1970-01-01", "1982-01-01")),
    known("smith-chef", "John Smith", ("Johnny Smith",), ("Head chef of the Blue Door", None, None)),
    known("xi", "Xi Jinping", (), ("President of China", "2013-03-14", None)),
    known("vdl", "Ursula von der Leyen", (), ("President of the European Commission", "2019-12-01", None)),
]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """Whom a mention means on a day; None where nobody should be named."""

    kind: str
    mention: str
    on: date | None
    meant: str | None


def case(kind: str, mention: str, on: str | None, meant: str | None) -> Case:
    return Case(kind, mention, day(on), meant)


CASES = [
    case("role and date", "President Bush", "1990-08-03", "bush-41"),
    case("role and date", "President Bush", "2003-03-20", "bush-43"),
    case("role and date", "President George Bush", "1991-01-17", "bush-41"),
    case("role and date", "Vice President Bush", "1985-07-13", "bush-41"),
    case("role and date", "Governor Bush", "1997-06-01", "bush-43"),
    case("role and date", "Gov. Bush", "2004-09-05", "jeb"),
    case("role and date", "Sen. John Smith", "1975-04-01", "smith-sen"),
    case("role and date", "Governor John Smith", "2015-04-01", "smith-gov"),
    case("role and date", "George Bush", "1990-08-03", "bush-41"),
    case("role and date", "George Bush", "2005-08-29", "bush-43"),
    case("role and date", "John Kennedy", "1962-09-12", "jfk"),
    case("role and date", "John Kennedy", "2019-09-12", "john-n-kennedy"),
    case("role and date", "Senator Kennedy", "2020-02-05", "john-n-kennedy"),
    case("role alone", "the Russian president", "2014-03-18", "putin"),
    case("role alone", "the Russian president", "2010-03-18", "medvedev"),
    case("role alone", "Russian Prime Minister", "2010-03-18", "putin"),
    case("role alone", "the U.S. president", "1994-06-01", "bill"),
    case("role alone", "President of the United States", "2026-01-01", "trump"),
    case("role alone", "the president", "2014-03-18", None),
    case("role alone", "the Russian president", None, None),
    case("same surname", "Ms. Clinton", "2015-10-01", "hillary"),
    case("same surname", "Mrs. Clinton", None, "hillary"),
    case("same surname", "Mr. Clinton", "2015-10-01", "bill"),
    case("same surname", "Secretary Clinton", "2012-10-01", "hillary"),
    case("same surname", "Senator Clinton", "2007-10-01", "hillary"),
    case("same surname", "President Clinton", "1995-10-01", "bill"),
    case("same surname", "Clinton", "1995-10-01", None),
    case("same surname", "Bush", None, None),
    case("same surname", "Mr. Bush", "1998-01-01", None),
    case("same surname", "Chelsea Clinton", "2015-10-01", None),
    case("aliases", "Ike", "1956-01-01", "eisenhower"),
    case("aliases", "JFK", "1962-01-01", "jfk"),
    case("aliases", "MLK", "1963-08-28", "king"),
    case("aliases", "The Donald", None, "trump"),
    case("aliases", "William Jefferson Clinton", "1998-01-01", "bill"),
    case("aliases", "Donald J. Trump", "2018-01-01", "trump"),
    case("aliases", "Martin Luther King", "1963-08-28", "king"),
    case("married names", "Hillary Rodham", "1978-01-01", "hillary"),
    case("married names", "Hillary Rodham Clinton", "2001-01-01", "hillary"),
    case("married names", "Melania Knauss", "2004-01-01", "melania"),
    case("married names", "Ms. Knauss", "2004-01-01", None),
    case("Jr. and Sr.", "Donald Trump", "2018-01-01", "trump"),
    case("Jr. and Sr.", "Donald Trump Jr.", "2018-01-01", "don-jr"),
    case("Jr. and Sr.", "Donald Trump, Jr.", None, "don-jr"),
    case("Jr. and Sr.", "Don Jr.", None, "don-jr"),
    case("Jr. and Sr.", "Robert F. Kennedy Jr.", "2025-03-01", "rfk-jr"),
    case("Jr. and Sr.", "Robert F. Kennedy", "1968-03-18", "rfk"),
    case("Jr. and Sr.", "George Bush Sr.", None, "bush-41"),
    case("Jr. and Sr.", "George Bush Jr.", None, "bush-43"),
    case("Jr. and Sr.", "Bill Clinton Jr.", None, None),
    case("title over time", "President Trump", "2018-01-01", "trump"),
    case("title over time", "President Trump", "2014-01-01", None),
    case("title over time", "former President Bill Clinton", "2012-09-05", "bill"),
    case("title over time", "former Secretary of State Hillary Clinton", "2016-07-28", "hillary"),
    case("title over time", "Mayor Boris Johnson", "2012-07-27", "johnson-uk"),
    case("title over time", "Prime Minister Boris Johnson", "2020-03-23", "johnson-uk"),
    case("title over time", "Foreign Secretary Boris Johnson", "2017-03-23", "johnson-uk"),
    case("title over time", "Prime Minister Johnson", "2020-03-23", "johnson-uk"),
    case("title over time", "Sen. Johnson", "2020-03-23", "johnson-us"),
    case("title over time", "Prime Minister Putin", "2010-01-01", "putin"),
    case("title over time", "President Xi", "2020-01-01", "xi"),
    case("title over time", "Commission President Ursula von der Leyen", "2021-01-01", "vdl"),
    case("ambiguous", "John Smith", None, None),
    case("ambiguous", "John Smith", "1995-01-01", None),
    case("ambiguous", "George Bush", None, None),
    case("ambiguous", "former President Bush", "2012-01-01", None),
    case("ambiguous", "Johnson", "2020-03-23", None),
    case("another of the name", "Mayor Donald Trump", "2018-01-01", None),
    case("another of the name", "Judge John Kennedy", "2019-01-01", None),
    case("another of the name", "Governor Boris Johnson", "2020-03-23", None),
    case("another of the name", "John Kennedy", "1790-01-01", None),
    case("the dead are quoted", "John F. Kennedy", "2015-06-01", "jfk"),
    case("the dead are quoted", "President Dwight Eisenhower", "2020-06-01", "eisenhower"),
    case("the dead are quoted", "Robert Kennedy", "2018-06-05", "rfk"),
    case("the dead are quoted", "Ike", "2018-06-05", "eisenhower"),
]  # fmt: skip
