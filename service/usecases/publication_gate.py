"""The gate before publication: a policy says which labels hold an article, which warn, and which pass.

A CMS sends the article with `gate=true`, publishes at `pass`, shows the reasons at `warn`, and at `hold` asks
for a reason, which it records as an override. What a person has signed off as right is not held.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast, get_args

from service.errors import Fault, InvalidInput, NotFound
from service.matching.labels import LABEL_TEXTS, LABELS
from service.matching.models import Label
from service.store import Store
from service.store.gate import NewOverride, Override, OverridePage, PolicyVersion
from service.store.reviews.records import Reviewer
from service.store.sign_offs.records import SignOffStatus
from service.usecases.reviews.sign_offs import SignOffService

Decision = Literal["pass", "warn", "hold"]
DECISIONS: Final[tuple[Decision, ...]] = get_args(Decision)
SEVERITIES: Final = ("0", "1", "2", "3")
BUILT_IN: Final = 0  # the version of the policy while nobody has set one
MOST_PUBLISHERS: Final = 100
MOST_VERSIONS: Final = 100
QUOTED: Final = 160  # characters of a quotation in a reason
UNCHECKED_TEXT: Final = "The text is in a language that is not read, so its quotations were not checked."
#: What a person said of a quotation, and what follows; of other states the policy decides.
SIGNED: Final[Mapping[SignOffStatus, Decision]] = {
    "right": "pass",
    "confirmed_by_phone": "pass",
    "ignore": "pass",
    "fix": "hold",
}


@dataclass(frozen=True, slots=True)
class GateRules:
    """The decision by label where one is given, else by severity. `unchecked`: of what cannot be checked."""

    severities: Mapping[str, Decision] = field(
        default_factory=lambda: {"0": "pass", "1": "pass", "2": "warn", "3": "hold"}
    )
    labels: Mapping[str, Decision] = field(default_factory=dict)
    unchecked: Decision = "warn"

    def decide(self, label: str, severity: int) -> Decision:
        """The decision on a quotation."""
        return self.labels.get(label) or self.severities[str(severity)]


@dataclass(frozen=True, slots=True)
class GatePolicy:
    """The rules for all publishers, and those of publishers that have their own."""

    version: int
    rules: GateRules
    publishers: Mapping[str, GateRules] = field(default_factory=dict)
    by: str | None = None
    at: float | None = None  # seconds since 1970

    @classmethod
    def of(cls, stored: PolicyVersion | None) -> GatePolicy:
        """A stored version; the policy that is built in if there is none."""
        if stored is None:
            return cls(BUILT_IN, GateRules())
        publishers = {name: read_rules(rules) for name, rules in stored.rules["publishers"].items()}
        return cls(stored.version, read_rules(stored.rules), publishers, stored.by, stored.at)

    def rules_for(self, publisher: str | None) -> GateRules:
        """The rules of a publisher; names are compared without case and spaces around them."""
        wanted = (publisher or "").strip().casefold()
        own = (rules for name, rules in self.publishers.items() if name.strip().casefold() == wanted)
        return next(own, self.rules)

    @property
    def members(self) -> dict[str, Any]:
        """Its rules as they are stored."""
        return write_rules(self.rules) | {
            "publishers": {name: write_rules(rules) for name, rules in self.publishers.items()}
        }


@dataclass(frozen=True, slots=True)
class GateReason:
    """Why an article is not simply passed: a quotation, or that it could not be checked."""

    decision: Decision
    text: str
    label: str | None = None
    severity: int | None = None
    quote_id: str | None = None
    number: int | None = None  # of the quotation, from 1
    signed_off: str | None = None  # what a person said of it


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """The decision on an article, its reasons with the gravest first, and the policy that was applied."""

    decision: Decision
    reasons: tuple[GateReason, ...]
    policy: int


@dataclass(frozen=True, slots=True)
class PublicationGate:
    """The gate of one store. Methods raise StoreUnavailable if the database does not answer."""

    store: Store
    sign_offs: SignOffService
    clock: Callable[[], float] = time.time

    def read_policy(self) -> GatePolicy:
        """The policy that applies."""
        return GatePolicy.of(self.store.gate.find_policy())

    def list_policies(self) -> list[GatePolicy]:
        """The versions of the policy that people set, the newest first."""
        return [GatePolicy.of(stored) for stored in self.store.gate.list_policies(MOST_VERSIONS)]

    def set_policy(self, policy: GatePolicy, who: Reviewer, expected: int | None = None) -> GatePolicy:
        """Set another policy. Raises InvalidInput, and PreconditionFailed if `expected` is not the present
        version."""
        refuse_bad(policy)
        return GatePolicy.of(self.store.gate.set_policy(policy.members, who, self.clock(), expected))

    def decide(self, analysis: Mapping[str, Any]) -> GateAnswer:
        """The decision on an analysis, the members of its JSON."""
        policy = self.read_policy()
        rules = policy.rules_for(analysis.get("publisher"))
        reasons = [*self._find_reasons(analysis, rules)]
        reasons.sort(key=lambda reason: (-DECISIONS.index(reason.decision), -(reason.severity or 0)))
        return GateAnswer(reasons[0].decision if reasons else "pass", tuple(reasons), policy.version)

    def _find_reasons(self, analysis: Mapping[str, Any], rules: GateRules) -> Iterator[GateReason]:
        language = analysis.get("language")
        if language is not None and not language.lower().startswith("en") and rules.unchecked != "pass":
            yield GateReason(rules.unchecked, UNCHECKED_TEXT)
        states = self._find_states(analysis)
        for number, quote in enumerate(analysis["quotes"], 1):
            verdict = quote["verdict"]
            label, severity = verdict.get("label", "unclear"), verdict.get("severity", 1)
            state = states.get(quote["id"])
            decision = SIGNED.get(state) if state is not None else None
            decision = decision or rules.decide(label, severity)
            if decision != "pass":
                text = describe(quote, label)
                yield GateReason(decision, text, label, severity, quote["id"], number, state)

    def _find_states(self, analysis: Mapping[str, Any]) -> dict[str, SignOffStatus]:
        """What people said of the quotations of an article that is stored, by the ids of these."""
        if not analysis.get("stored"):
            return {}
        try:
            signed = self.sign_offs.open(analysis["id"])
        except NotFound:  # deleted meanwhile
            return {}
        found: dict[str, SignOffStatus] = {}
        for one in signed.quotes:
            status = one.sign_off.statement.status if one.sign_off else None
            if status is not None:
                found |= {one.quote["id"]: status, one.machine["id"]: status}
        return found

    def override(self, given: NewOverride, who: Reviewer) -> Override:
        """Record that an article is published although the gate holds it, or could not check it."""
        return self.store.gate.add_override(given, who, self.clock())

    def list_overrides(self, before: int | None, limit: int) -> OverridePage:
        """The overrides, the newest first."""
        return self.store.gate.list_overrides(before, limit)


def describe(quote: Mapping[str, Any], label: str) -> str:
    """A reason in words: what is the matter, the quotation and its speaker."""
    words = " ".join(quote["content"]["text"].split())
    words = words if len(words) <= QUOTED else words[: QUOTED - 1].rstrip() + "…"
    speaker = quote["speaker"]["name"]
    return f"{LABEL_TEXTS.get(cast(Label, label), label)}: “{words}”" + (f" ({speaker})" if speaker else "")


def read_rules(members: Mapping[str, Any]) -> GateRules:
    """Rules from their members."""
    return GateRules(dict(members["severities"]), dict(members["labels"]), members["unchecked"])


def write_rules(rules: GateRules) -> dict[str, Any]:
    """The members of rules."""
    return {
        "severities": dict(rules.severities),
        "labels": dict(rules.labels),
        "unchecked": rules.unchecked,
    }


def refuse_bad(policy: GatePolicy) -> None:
    """Raise InvalidInput for rules that decide nothing or contradict each other, naming each place."""
    faults = [*find_faults(policy.rules, "")]
    seen: set[str] = set()
    for name, rules in policy.publishers.items():
        faults += find_faults(rules, f"/publishers/{name}")
        if not name.strip() or name.strip().casefold() in seen:
            faults.append(Fault(f"/publishers/{name}", "Name each publisher once."))
        seen.add(name.strip().casefold())
    if len(policy.publishers) > MOST_PUBLISHERS:
        faults.append(Fault("/publishers", f"At most {MOST_PUBLISHERS} publishers."))
    if faults:
        raise InvalidInput("the policy cannot be set", tuple(faults))


def find_faults(rules: GateRules, place: str) -> Iterator[Fault]:
    """What is wrong with the rules at a place."""
    for severity in SEVERITIES:
        if rules.severities.get(severity) not in DECISIONS:
            yield Fault(f"{place}/severities/{severity}", f"Must be one of {', '.join(DECISIONS)}.")
    for label, decision in rules.labels.items():
        if label not in LABELS:
            yield Fault(f"{place}/labels/{label}", f"No label; the labels are {', '.join(LABELS)}.")
        if decision not in DECISIONS:
            yield Fault(f"{place}/labels/{label}", f"Must be one of {', '.join(DECISIONS)}.")
    given = [rules.severities.get(severity) for severity in SEVERITIES]
    ranks = [DECISIONS.index(one) for one in given if one in DECISIONS]
    if ranks != sorted(ranks):
        yield Fault(
            f"{place}/severities", "A higher severity must not be decided more mildly than a lower one."
        )
