// What the popover says of one quote, as nodes: the answer of POST /v1/check, or a quote of an analysed article.
"use strict";
{
  const verbatim = (globalThis.verbatim ??= {});
  const { make, icon, link, day, text, labelBadge } = verbatim;
  const MOST_OTHERS = 4;
  const list = (given) => (Array.isArray(given) ? given : []);

  /** The whole of a verdict: labels, explanation, what was said, source, difference, fact-checks. */
  function describe(found) {
    const matches = list(found.matches);
    return [
      make("div", { class: "labels" }, verbatim.labelsOf(found.verdict).map(labelBadge)),
      make("p", {}, String(found.verdict?.explanation ?? "")),
      describeSaid(found.verdict?.said),
      describeCorrection(found.verdict?.correction),
      matches.length ? describeSource(matches) : null,
      matches.length ? describeDifference(matches[0]) : null,
      describeChecks(list(found.factchecks)),
      describeOthers(matches.slice(1).filter((match) => match !== findFirst(matches))),
    ].filter(Boolean);
  }

  const findFirst = (matches) =>
    matches.reduce((early, one) => ((one.said_at ?? "9") < (early.said_at ?? "9") ? one : early), matches[0]);

  function describeSource(matches) {
    const [best, first] = [matches[0], findFirst(matches)];
    return make(
      "dl", { class: "fact" },
      make("dt", {}, text("speaker")), make("dd", {}, best.speaker?.name ?? text("unnamed")),
      first === best ? null : [make("dt", {}, text("earliest")), make("dd", {}, nameSource(first))],
      make("dt", {}, text(first === best ? "source" : "closest")), make("dd", {}, nameSource(best)),
    );
  }

  function nameSource(match) {
    const source = match.source ?? {};
    const title = source.title || source.publisher || source.uri || text("untitled");
    const date = day(match.said_at ?? source.published_at);
    const told = [source.title ? source.publisher : "", date].filter(Boolean).join(", ");
    return [link(source.uri, title, verbatim.textFragment(match.text)), told ? ` (${told})` : ""];
  }

  /** The record's own words for the stretch that was quoted, with who, when and where in the recording. */
  function describeSaid(said) {
    if (!said?.text) return null;
    const source = said.source ?? {};
    const facts = [said.speaker?.name, day(said.said_at ?? source.published_at), clock(said.start_s)].filter(Boolean).join(", ");
    return make(
      "section", {},
      make("h2", {}, text("said")),
      make("p", { class: "steps", dir: "auto" }, make("span", { class: "soft" }, said.before ?? ""), " ", said.text, " ", make("span", { class: "soft" }, said.after ?? "")),
      make("p", { class: "small" }, facts ? `${facts}: ` : "", link(source.uri, source.title || source.publisher || source.uri || text("untitled"), verbatim.textFragment(said.text))),
    );
  }

  /** Seconds from the beginning of a recording as minutes and seconds. */
  function clock(seconds) {
    if (!Number.isFinite(seconds)) return "";
    const whole = Math.floor(seconds);
    const two = (number) => String(number).padStart(2, "0");
    return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  }

  function describeCorrection(correction) {
    if (!correction) return null;
    return make("section", {}, make("h2", {}, text("correction")), make("p", { class: "steps", dir: "auto" }, String(correction)));
  }

  function describeDifference(match) {
    const steps = list(match.alignment);
    if (!steps.some(({ op }) => op !== "keep")) return null;
    return make(
      "section", {},
      make("h2", {}, text("difference")),
      make("p", { class: "steps" }, steps.flatMap((step) => [...describeStep(step), " "])),
      make("p", { class: "small" }, text("differenceKey")),
    );
  }

  /** What the source has is struck out, what the quoter has instead underlined; both are said as well. */
  function describeStep({ op, theirs, ours }) {
    if (op === "keep") return [ours ?? ""];
    const said = (key) => make("span", { class: "unseen" }, ` ${text(key)} `);
    const gone = theirs && op !== "add" ? make("del", {}, said("dropped"), theirs) : null;
    const put = ours && op !== "drop" ? make("ins", {}, said("added"), ours) : null;
    return [gone, gone && put ? " " : null, put].filter(Boolean);
  }

  function describeChecks(checks) {
    if (!checks.length) return null;
    const rows = checks.map((check) =>
      make(
        "div", { class: "check" },
        make("p", {}, make("strong", {}, check.rating || text("unrated")), ` · ${check.publisher?.name || check.publisher?.site || ""}`,
          check.review_date ? `, ${day(check.review_date)}` : ""),
        make("p", {}, link(check.url, check.title || check.claim)),
        check.status === "match" ? null : make("p", { class: "small" }, text("possible")),
      ),
    );
    return make("section", {}, make("h2", {}, text("factchecks")), rows);
  }

  function describeOthers(matches) {
    if (!matches.length) return null;
    const rows = matches.slice(0, MOST_OTHERS).map((match) => make("li", { class: "small" }, match.speaker?.name ?? text("unnamed"), ": ", nameSource(match)));
    return make("section", {}, make("h2", {}, text("others")), make("ul", {}, rows));
  }

  /** What went wrong, and what can be done about it. `again` runs on a click of the reader's own. */
  function describeFault(fault, { again, options }) {
    const known = text(`fault_${fault.kind}`, ...(fault.given ?? []));
    const button = make("button", { type: "button", click: ownClick(again) }, text("again"));
    const wait = fault.retryAfter ? describeWait(fault.retryAfter, button) : null;
    const acts = [
      fault.mayRepeat && again ? button : null,
      fault.inSettings ? make("button", { type: "button", click: ownClick(options) }, text("openOptions")) : null,
    ].filter(Boolean);
    return [
      make("div", { class: "fault" }, icon("alert"), make("p", {}, known || text("fault_strange"))),
      fault.detail ? make("p", { class: "small" }, fault.detail) : null,
      wait,
      acts.length ? make("div", { class: "acts" }, acts) : null,
    ].filter(Boolean);
  }

  /** Counts the seconds down that the server asked for; until then the button rests. */
  function describeWait(seconds, button) {
    const told = make("p", { class: "small" }, text("wait", seconds));
    button.disabled = true;
    let left = seconds;
    const timer = setInterval(() => {
      left -= 1;
      told.textContent = left > 0 ? text("wait", left) : "";
      if (left > 0 && told.isConnected) return;
      button.disabled = false;
      clearInterval(timer);
    }, 1000);
    return told;
  }

  function describeWaiting(key) {
    return [make("div", { class: "waiting" }, make("span", { class: "turning" }), make("p", {}, text(key)))];
  }

  /** Only what a person clicks sends anything: a page can make up clicks, but not trusted ones. */
  function ownClick(act) {
    return (event) => {
      if (event.isTrusted) act();
    };
  }

  Object.assign(verbatim, { describe, describeFault, describeWaiting, ownClick });
}
