// Asking the service. The only place from which anything leaves the browser.

import { patternOf, readAddress } from "./address.js";
import { readSettings } from "./settings.js";

export const MOST_QUOTE = 5_000; // characters of one selection
export const MOST_PAGE = 900_000; // bytes; the service's own limit is a million unless it is set otherwise
const CHECK_MS = 15_000;
const PAGE_MS = 25_000; // a worker that waits longer for one answer is ended by the browser

/** A fault for people: its kind names a message, `given` goes into it. */
export function makeFault(kind, more = {}) {
  return { kind, ...more };
}

const REPEAT = { mayRepeat: true };
const SETTINGS = { inSettings: true };

/** Look one quote up. {answer} or {fault}. */
export async function checkQuote(quote, date) {
  if (quote.length > MOST_QUOTE) {
    const given = [quote.length, MOST_QUOTE].map((count) => count.toLocaleString());
    return { fault: makeFault("tooLong", { given }) };
  }
  const body = date ? { quote, date } : { quote };
  return ask("/v1/check", body, CHECK_MS, (answer) => Boolean(answer.verdict?.label) && Array.isArray(answer.matches));
}

/** Look through a page's words. Nothing is stored of them. {answer} or {fault}. */
export async function checkPage({ html, isBlank, isDrawn, language, published }) {
  if (isDrawn) return { fault: makeFault("drawn") };
  if (isBlank) return { fault: makeFault("noText") };
  const body = { body_html: html, store: false };
  if (language) body.language = language;
  if (published) body.published_at = published;
  if (new TextEncoder().encode(JSON.stringify(body)).length > MOST_PAGE) return { fault: makeFault("large") };
  return ask("/v1/articles", body, PAGE_MS, (answer) => typeof answer.text === "string" && Array.isArray(answer.quotes));
}

async function ask(path, body, patienceMs, isAnswer) {
  const settings = await readSettings();
  const { address, fault } = readAddress(settings.address);
  if (fault) return { fault: makeFault("unset", SETTINGS) };
  if (!(await isPermitted(address))) return { fault: makeFault("unpermitted", { ...SETTINGS, given: [new URL(address).host] }) };
  let response;
  try {
    response = await post(address + path, settings.key, body, patienceMs);
  } catch (error) {
    return { fault: faultOfFailure(error, address) };
  }
  if (!response.ok) return { fault: await faultOf(response) };
  const answer = await response.json().catch(() => null);
  return answer && isAnswer(answer) ? { answer } : { fault: makeFault("strange", SETTINGS) };
}

/** Send JSON, with the key and nothing else that would tell who asks. */
export function post(url, key, body, patienceMs) {
  return request(url, key, patienceMs, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export function request(url, key, patienceMs, { headers = {}, ...more } = {}) {
  return fetch(url, {
    ...more,
    headers: { Accept: "application/json", ...headers, ...(key ? { Authorization: `Bearer ${key}` } : {}) },
    cache: "no-store",
    credentials: "omit",
    redirect: "error", // a key goes to the server that was named, and nowhere else
    referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout(patienceMs),
  });
}

export function isPermitted(address) {
  return chrome.permissions.contains({ origins: [patternOf(address)] });
}

function faultOfFailure(error, address) {
  if (error.name === "TimeoutError") return makeFault("timeout", REPEAT);
  if (!navigator.onLine && new URL(address).protocol === "https:") return makeFault("offline", REPEAT);
  return makeFault("unreachable", { ...REPEAT, ...SETTINGS, given: [new URL(address).host] });
}

/** What a refusal means. The service's own words (RFC 9457) are shown beside ours where they say more. */
async function faultOf(response) {
  const { status } = response;
  const told = await response.json().catch(() => null);
  const detail = typeof told?.detail === "string" ? told.detail.slice(0, 500) : "";
  if (status === 401) return makeFault("key", SETTINGS);
  if (status === 403) return makeFault("scope", { ...SETTINGS, detail });
  if (status === 413) return makeFault("large");
  if (status === 422) return makeFault("refused", { detail: [detail, ...faultsIn(told)].join(" ") });
  if (status === 429) return makeFault("many", { ...REPEAT, retryAfter: readRetryAfter(response) });
  if (status === 503) return makeFault("busy", { ...REPEAT, retryAfter: readRetryAfter(response) });
  if (status >= 500) return makeFault("broken", { ...REPEAT, given: [status] });
  return makeFault("strange", SETTINGS);
}

function faultsIn(told) {
  const faults = Array.isArray(told?.errors) ? told.errors : [];
  return faults.slice(0, 3).map(({ detail }) => String(detail).slice(0, 200));
}

/** Seconds that the server asks to be left alone for, from a count or a date; at most an hour. */
export function readRetryAfter(response) {
  const given = response.headers.get("Retry-After") ?? "";
  const seconds = /^\d+$/.test(given) ? Number(given) : Math.ceil((Date.parse(given) - Date.now()) / 1000);
  return seconds > 0 ? Math.min(seconds, 3600) : 0;
}
