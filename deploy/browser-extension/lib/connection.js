// The connection test of the options page: what exactly is wrong. It computes nothing on the server: a body
// without a quote is refused only after the key and its scope were looked at.

import { isPermitted, post, readRetryAfter, request } from "./service.js";

const PATIENCE_MS = 8_000;

/** The outcome as {kind, isGood, given?}; kinds name messages `test_…`. */
export async function testConnection(address, key) {
  const host = new URL(address).host;
  if (!(await isPermitted(address))) return { kind: "unpermitted", given: [host] };
  if (!navigator.onLine && address.startsWith("https:")) return { kind: "offline" };
  let response;
  try {
    response = await post(`${address}/v1/check`, key, {}, PATIENCE_MS);
  } catch (error) {
    return { kind: error.name === "TimeoutError" ? "timeout" : "unreachable", given: [host] };
  }
  const isOurs = (response.headers.get("Content-Type") ?? "").startsWith("application/problem+json");
  if (!isOurs) return { kind: "other", given: [host, response.status] };
  if (response.status === 422) return judgeKey(address, key);
  return judgeRefusal(response, key);
}

function judgeRefusal(response, key) {
  const { status } = response;
  if (status === 401) return { kind: key ? "wrongKey" : "noKey" };
  if (status === 403) return { kind: "wrongScope" };
  if (status === 429) return { kind: "many", given: [readRetryAfter(response)] };
  return { kind: status === 503 ? "busy" : "other", given: [new URL(response.url).host, status] };
}

/** A key that reaches further than it has to is better left out of a browser. */
async function judgeKey(address, key) {
  if (!key) return { kind: "goodWithoutKey", isGood: true };
  const reading = await request(`${address}/v1/quotes?limit=1`, key, PATIENCE_MS).catch(() => null);
  return { kind: reading?.ok ? "goodButWide" : "good", isGood: true };
}
