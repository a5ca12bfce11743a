// What the desk's modules share. Nothing here makes nodes of strings but `fragment`, and that only of what
// this server rendered, with everything from outside escaped; the page's policy lets nobody else do it.

const policy = globalThis.trustedTypes?.createPolicy("desk", { createHTML: (html) => html }) ?? {
  createHTML: (html) => html,
};

/** Nodes of HTML that the server rendered. */
export function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(html);
  return template.content;
}

/** The token that shows that a request comes from this page. */
export function token() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

/** A request to the desk with the session. `body`: FormData, or an object that is sent as JSON. */
export function send(address, { body, accept = "application/json", signal, method = "POST" } = {}) {
  const headers = { Accept: accept, "X-CSRF-Token": token() };
  let content = body;
  if (body !== undefined && !(body instanceof FormData)) {
    headers["Content-Type"] = "application/json";
    content = JSON.stringify(body);
  }
  return fetch(address, { method, headers, body: content, signal, credentials: "same-origin" });
}

/** What a refused request says of itself, for people. */
export async function reason(response) {
  try {
    const told = await response.json();
    const errors = (told.errors ?? []).map((error) => error.detail);
    return [told.detail, ...errors].filter(Boolean).join(" ") || response.statusText;
  } catch {
    return response.statusText || `The server answered ${response.status}.`;
  }
}

/** Say something to people who listen to the page. */
export function announce(text) {
  const live = document.getElementById("live");
  live.textContent = "";
  requestAnimationFrame(() => (live.textContent = text));
}

/** Call `actions[key]` for keys that are pressed outside of fields, without modifiers. */
export function listen(actions) {
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    const typing = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName ?? "");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (Object.hasOwn(actions, event.key) && actions[event.key](event) !== false) event.preventDefault();
  });
}
