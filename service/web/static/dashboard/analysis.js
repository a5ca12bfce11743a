// An analysis: the text's marks, one card at a time beside it, keys, filters, print. Works on what the server
// rendered: call `work(analysis)` again after it was replaced.
import { announce, listen } from "./dashboard.js";

let analysis = null;
let active = 0; // the number of the quote that is shown, 0 for none
let latest = 0; // the one that was shown last, from which one goes on

const all = (selector) => [...(analysis?.querySelectorAll(selector) ?? [])];
const flags = () => all(".flag").filter((flag) => !flag.hidden);
const cardOf = (number) => document.getElementById(`q${number}`);
const flagOf = (number) => document.getElementById(`m${number}`);

/** Add the behaviour of an analysis; the page without scripts and in print stays as it is. */
export function work(found) {
  analysis = found;
  active = latest = 0;
  analysis.classList.add("live");
  for (const part of all(".panel-bar, .panel-hint, .keys, .print, .copy, .filters[data-live]")) part.hidden = false;
  for (const bar of all(".panel-bar")) bar.querySelector("[data-close]").hidden = true;
}

/** Show one quote's card. `focus`: "flag", "card" or nothing. */
export function show(number, focus) {
  const card = cardOf(number);
  if (!card) return;
  hide();
  active = latest = Number(number);
  card.classList.add("active");
  flagOf(number)?.classList.add("active");
  document.getElementById(`r${number}`)?.classList.add("active");
  for (const mark of all(`mark[data-q~="${number}"]`)) mark.classList.add("active");
  for (const hint of all(".panel-hint")) hint.hidden = true;
  for (const bar of all("[data-close]")) bar.hidden = false;
  const panel = card.closest(".panel");
  panel.classList.add("open");
  panel.scrollTop = 0;
  const isSheet = getComputedStyle(panel).position === "fixed"; // which lies over the lower part of the text
  if (isSheet) flagOf(number)?.scrollIntoView({ block: "start" });
  if (focus === "card") card.focus({ preventScroll: true });
  if (focus === "flag") {
    flagOf(number)?.focus({ preventScroll: true });
    if (!isSheet) flagOf(number)?.scrollIntoView({ block: "center" });
    announce(`Quote ${number}: ${card.querySelector(".badges, .badge")?.textContent.trim() ?? ""}`);
  }
}

/** The number of the quote that is shown, 0 for none. */
export function shown() {
  return active;
}

/** Open the worst quote, unless one is open already: of those that are not signed off, if some are not. */
export function showWorst() {
  const cards = all(".quote");
  const open = cards.filter((card) => card.dataset.signed !== "done");
  const gravity = (card) => Number(card?.dataset.severity || -1);
  const worst = (open.length ? open : cards).reduce((a, b) => (gravity(b) > gravity(a) ? b : a), null);
  if (worst && !active) show(worst.dataset.quote);
}

/** Show no card. */
export function hide() {
  for (const marked of all(".active")) marked.classList.remove("active");
  for (const panel of all(".panel")) panel.classList.remove("open");
  for (const hint of all(".panel-hint")) hint.hidden = false;
  for (const bar of all("[data-close]")) bar.hidden = true;
  active = 0;
}

/** Show again what was shown, after its card was replaced. */
export function renew(number) {
  if (active === Number(number)) {
    const focused = document.activeElement === document.body;
    show(number, focused ? "card" : undefined);
  }
}

function step(by) {
  const shown = flags();
  if (!shown.length) return false;
  const place = shown.findIndex((flag) => Number(flag.dataset.quote) === latest);
  const next = place < 0 ? (by > 0 ? 0 : shown.length - 1) : (place + by + shown.length) % shown.length;
  show(shown[next].dataset.quote, "flag");
}

function back() {
  if (!active) return false;
  const flag = flagOf(active);
  hide();
  flag?.focus();
}

/** Hide the quotes that do not match the filters, and show how many match. */
function sift(form) {
  const chosen = new FormData(form);
  const verdicts = new Set(chosen.getAll("verdict"));
  const wanted = (card) =>
    (!verdicts.size || verdicts.has(card.dataset.code)) &&
    (!chosen.get("speaker") || card.dataset.speaker === chosen.get("speaker")) &&
    (!chosen.get("kind") || card.dataset.kind === chosen.get("kind")) &&
    (!chosen.get("signed") || card.dataset.signed === chosen.get("signed"));
  const cards = all(".quote");
  const left = new Set(cards.filter(wanted).map((card) => card.dataset.quote));
  for (const flag of all(".flag")) flag.hidden = !left.has(flag.dataset.quote);
  for (const row of all("tr[data-quote]")) row.hidden = !left.has(row.dataset.quote);
  for (const mark of all("mark")) {
    const inner = mark.dataset.q.split(" ").find((number) => left.has(number));
    mark.classList.toggle("off", !inner);
    if (inner) mark.dataset.tone = cardOf(inner).dataset.tone;
  }
  if (active && !left.has(String(active))) hide();
  const told = form.parentElement.querySelector(".shown");
  told.hidden = false;
  told.textContent = `${left.size} of ${cards.length} quotes are shown.`;
}

document.addEventListener("click", (event) => {
  const target = event.target.closest?.("mark, .flag, [data-go], [data-close], .back a, tr[data-quote] th a, .print");
  if (!target || !analysis?.contains(target) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (target.matches(".flag")) show(target.dataset.quote, "card");
  else if (target.matches("[data-go]")) step(Number(target.dataset.go));
  else if (target.matches("[data-close], .back a")) back();
  else if (target.matches(".print")) return void print();
  else if (target.matches("th a")) show(target.closest("tr").dataset.quote, "flag");
  else {
    const inner = target.dataset.q.split(" ").find((number) => !flagOf(number)?.hidden);
    if (!inner || String(getSelection())) return;
    show(inner);
  }
  event.preventDefault();
});

document.addEventListener("change", (event) => {
  const form = event.target.closest?.(".filters");
  if (form && analysis?.contains(form)) form.hasAttribute("data-whole") ? sift(form) : form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".filters[data-whole]")) return;
  event.preventDefault();
  sift(event.target);
});

listen({ j: () => step(1), k: () => step(-1), Escape: back });

const present = document.getElementById("analysis");
if (present) {
  work(present);
  const asked = /^#[qm](\d+)$/.exec(location.hash);
  if (asked) show(asked[1], "flag");
  else if (!location.hash && !matchMedia("(max-width: 60rem)").matches) showWorst();
}
