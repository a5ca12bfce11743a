// Keeps the overview up to date: the server renders it again after an event, and changed parts are put
// in place. What a reader has opened stays open, and what has the focus keeps it.
import { announce, fragment } from "./dashboard.js";
import { follow } from "./feed.js";

const TYPES = [
  "article.analysed", "article.rejudged", "article.deleted", "review.opened", "review.decided",
  "review.reopened", "review.superseded", "factchecks.imported",
];
const LEAST_MS = 3_000; // between two readings
const TOLD_MS = 30_000; // between two announcements: a busy dashboard must not talk all the time

const place = document.getElementById("overview");
const sign = document.getElementById("following");
let newest = 0;
let planned = 0;
let readAt = performance.now();
let said = { articles: "", open: "" };
let toldAt = -TOLD_MS;
let telling = 0;
let failures = 0;

function plan(wait = LEAST_MS) {
  if (planned || document.hidden) return;
  planned = setTimeout(refresh, Math.max(250, wait - (performance.now() - readAt)));
}

async function refresh() {
  planned = 0;
  readAt = performance.now();
  try {
    const query = new URLSearchParams({ reach: place.dataset.reach, part: "live" });
    const response = await fetch(`/?${query}`, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (response.status === 401 || response.redirected) return location.reload(); // signed out: say so
    if (!response.ok) throw new Error(response.statusText);
    put(fragment(await response.text()));
    failures = 0;
  } catch {
    failures += 1;
    plan(LEAST_MS * 2 ** Math.min(failures, 5));
    return;
  }
  if (newest > upto(place)) plan();
}

function upto(node) {
  return Number(node.querySelector("#figures")?.dataset.upto ?? 0);
}

/** Replace the changed parts; a part with the focus stays until it loses it. */
function put(found) {
  for (const details of place.querySelectorAll("details[id][open]")) {
    found.getElementById?.(details.id)?.setAttribute("open", "");
  }
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const address = focused?.getAttribute("href");
  const label = focused?.getAttribute("aria-label");
  const scrolled = [...place.querySelectorAll(".scroll")].map((each) => each.scrollLeft);
  place.replaceChildren(found);
  place.querySelectorAll(".scroll").forEach((each, number) => (each.scrollLeft = scrolled[number] ?? 0));
  if (focused) {
    const same = (one) => (address ? one.getAttribute("href") === address : one.getAttribute("aria-label") === label);
    const again = [...place.querySelectorAll("a, summary, [tabindex]")].find((one) => one.tagName === focused.tagName && same(one));
    again?.focus({ preventScroll: true });
  }
  if (!telling) telling = setTimeout(tell, Math.max(0, toldAt + TOLD_MS - performance.now()));
}

function figures() {
  const read = (id) => document.getElementById(id)?.textContent.trim() ?? "";
  return { articles: read("articles-today"), open: read("open-reviews") };
}

/** Announce the changes since the last announcement, at most every so often. */
function tell() {
  telling = 0;
  const current = figures();
  if (current.articles === said.articles && current.open === said.open) return;
  said = current;
  toldAt = performance.now();
  announce(`${current.articles} articles today, ${current.open} quotes wait for a person.`);
}

if (place && "EventSource" in window) {
  said = figures();
  sign.hidden = false;
  const state = (is) => {
    sign.dataset.state = is;
    sign.textContent = is === "on" ? "Up to date, as things happen" : "Waiting for the server; the figures may be old";
  };
  sign.textContent = "Asking the server to say when something happens";
  // From the event at which the page was rendered, so that none since then is missed.
  follow(TYPES, String(upto(place)), (_, number) => {
    newest = Math.max(newest, number);
    plan();
  }, state);
  document.addEventListener("visibilitychange", () => !document.hidden && plan());
}
