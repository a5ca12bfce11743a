"""Interviews of our own invention: nobody in them exists. What people say holds what readers trip over: colons,
numbers, times of day, names of others, questions in answers, quotations, dashes.
"""

from __future__ import annotations

from tests.sources.interview import Interview, interview

BRIDGE: Interview = interview(
    "bridge",
    "Interview: the Harbour Bridge",
    "12 March 2026",
    """
Jo Bell: Thanks for taking the time. Let's start with the closure. Why now, and why for nine weeks?

Anna Wu: Because we ran out of road, to be honest. The bearings under the north span were put in in 1961, and
they were meant to last for forty years. When the engineers opened them up in January, two of the eight had
cracks you could put a thumb in. So the choice was simple: close it for nine weeks in spring, or wait until it
closes itself.

And it would have. Nobody wants to say that aloud, but it would have.

Jo Bell: You told the council in October that the bridge was safe.

Anna Wu: It was safe in October. It is safe today, with one lane and no lorries over 7.5 tonnes. What I said in
October was, and I have the minutes here: "The structure is safe for its present use." Present use is what
changed.

Jo Bell: What does it cost?

Anna Wu: 4.2 million for the bearings, and about 600,000 for the ferry. We had set aside 3.5, so yes, we are
short. I won't pretend otherwise.

Jo Bell: Who pays the difference?

Anna Wu: The reserve does. Not the taxpayer, not this year. I know what the Harbour Traders are saying — that we
let it rot and now they pay for it. That's not fair. We asked for the money in 2019, in 2021 and again in 2023,
and three times it was voted down.

Jo Bell: The ferry runs from 6:30 until 22:15. The last shift at the cannery ends at eleven. How do they get home?

Anna Wu: That's a good question. Right now? They don't. We're talking to the operator about a boat at 23:20, and
I hope to have an answer by Friday.

Jo Bell: Would you have done anything differently?

Anna Wu: Told people sooner. We knew in January, and we said nothing until March. That was wrong.
""",
)

SCHOOL: Interview = interview(
    "school",
    "Ines Okafor on the school meals vote",
    "3 November 2025",
    """
Tomás Reyes: Councillor, you voted against free school meals for all. Three weeks later you changed your mind.
What happened?

Ines Okafor: I didn't change my mind. I never was against the meals. I was against paying for them out of the
library fund, and I still am.

Tomás Reyes: So what's different now?

Ines Okafor: The money. The county found 1.1 million in the transport budget that nobody had spent. Nobody! For
two years it just sat there.

Petra Lindqvist: If I may — it didn't just sit there. It was set aside for the buses that never came.

Ines Okafor: Fine. It was set aside for buses that never came. My point stands: it's money for children, and now
it feeds children.

Tomás Reyes: Ms Lindqvist, you run the kitchens. Can you do it by January?

Petra Lindqvist: We can do 34 of the 41 schools by January. The other seven don't have a kitchen that passes.
I'd say Easter for those. I'm not going to promise something I can't cook.

Tomás Reyes: And the library fund?

Ines Okafor: Untouched. You can quote me on that: not one penny.

Tomás Reyes: What would you say to parents who think this should have been done years ago?

Ines Okafor: I'd say they're right. My own mother cleaned the school I went to, and she'd have been ashamed to
ask for a voucher. That's the whole reason I'm in this job, if you want to know.

Petra Lindqvist: I'd say come and help peel potatoes.
""",
)

LAB: Interview = interview(
    "lab",
    "Hélène Marchetti: “We got the sign wrong”",
    "2026-01-20",
    """
Sam Whitlock: Professor Marchetti, your group has withdrawn its best-known paper. Walk me through it.

Hélène Marchetti: It is very simple, and very embarrassing. We got the sign wrong. In one of the scripts a minus
was missing, so what we called warming of the deep water was cooling. We found it on 4 December; we told the
journal on 5 December.

Sam Whitlock: How does a mistake like that get past four reviewers?

Hélène Marchetti: Because the result looked right. That is the honest answer… It fitted what everybody expected,
so nobody looked. I have said to my students for twenty years: be most careful when you like the result. I did
not follow it myself.

Sam Whitlock: Does it change the bigger picture?

Hélène Marchetti: No. I want to be careful here, because I know how this will be used. The upper ocean is warming:
that rests on some 3,900 floats and on three independent groups. Our paper was about one basin, below 2,000
metres. It said something about that basin which was false. It does not make the rest false.

Sam Whitlock: Some will say that scientists always say that.

Hélène Marchetti: They may. We withdrew the paper ourselves. Nobody forced us. I'd ask them when they last
withdrew anything.

Sam Whitlock: Will there be consequences for the student who wrote the script?

Hélène Marchetti: None. I signed it. If there are consequences, they are mine.
""",
)

FERRY: Interview = interview(
    "ferry",
    "Captain Rask on the night of the storm",
    "17 February 2026",
    """
Moderator: Captain Rask, you have read the report. What did you see from the wheelhouse?

Capt. Olav Rask: Water, mostly. At 2:40 we had waves of seven metres from the west, and the forecast had said
four. I turned her into the wind and called the coastguard. That's in the log.

Moderator: The report says the call came at 2:55.

Capt. Olav Rask: The report is wrong. I called at 2:41. They picked up at 2:55. Those are two different things.

Moderator: Were the lifejackets handed out before the call or after it?

Capt. Olav Rask: Before. Maja did that — my first officer — without being asked. If there's a hero in this, it's her.

Maja Brandt: There's no hero in this. We did what is in the manual. Page one: jackets first, then the radio.

Moderator: How many passengers were on board?

Maja Brandt: 212, and 19 crew. Everybody got home. I counted them twice.

Moderator: Would you sail again in such a forecast?

Capt. Olav Rask: In that forecast, yes. In that weather, no. You don't get to choose the weather, do you? You get
to choose whom you believe.
""",
)

INTERVIEWS = (BRIDGE, SCHOOL, LAB, FERRY)
OFFICE_INTERVIEWS = (BRIDGE, SCHOOL)
