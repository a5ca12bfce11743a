// Shared functions of the dashboard's modules. Only `fragment` makes nodes of strings, and only of what
// this server rendered and escaped; the page's policy forbids it elsewhere.

const policy = globalThis.trustedTypes?.createPolicy("dashboard", { createHTML: (html) => html }) ?? {
  createHTML: (html) => html,
};

/** Nodes of HTML that the server rendered. */
export function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(html);
  return template.content;
}

/** The CSRF token. */
export function token() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

/** A request to the dashboard with the session. `body`: FormData, or an object that is sent as JSON. */
export function send(address, { body, accept = "application/json", signal, method = "POST" } = {}) {
  const headers = { Accept: accept, "X-CSRF-Token": token() };
  let content = body;
  if (body !== undefined && !(body instanceof FormData)) {
    headers["Content-Type"] = "application/json";
    content = JSON.stringify(body);
  }
  return fetch(address, { method, headers, body: content, signal, credentials: "same-origin" });
}

/** The text of an error for people. */
export async function reason(response) {
  try {
    const told = await response.json();
    const errors = (told.errors ?? []).map((error) => error.detail);
    return [told.detail, ...errors].filter(Boolean).join(" ") || response.statusText;
  } catch {
    return response.statusText || `The server answered ${response.status}.`;
  }
}

/** Announce a text to screen readers. */
export function announce(text) {
  const live = document.getElementById("live");
  live.textContent = "";
  requestAnimationFrame(() => (live.textContent = text));
}

const STORED = "verbatim.shortcuts";
let shortcuts = null; // whether single keys do anything, once a page listens to some

/** Whether single-key shortcuts are on. Users of speech input switch them off (WCAG 2.2, 2.1.4). */
export function keysAreOn() {
  return shortcuts !== false;
}

function offerSwitch() {
  const toggle = document.getElementById("shortcuts");
  const show = () => {
    document.documentElement.dataset.shortcuts = shortcuts ? "on" : "off";
    for (const element of document.querySelectorAll("[data-key]")) {
      if (shortcuts) element.setAttribute("aria-keyshortcuts", element.dataset.key);
      else element.removeAttribute("aria-keyshortcuts");
    }
  };
  try {
    shortcuts = localStorage.getItem(STORED) !== "off";
  } catch {
    shortcuts = true; // storage is closed to us: then it holds for this page only
  }
  show();
  toggle.checked = shortcuts;
  toggle.closest("[hidden]").hidden = false;
  toggle.addEventListener("change", () => {
    shortcuts = toggle.checked;
    show();
    announce(shortcuts ? "Single-key shortcuts are on." : "Single-key shortcuts are off.");
    try {
      localStorage.setItem(STORED, shortcuts ? "on" : "off");
    } catch {
      // as above
    }
  });
}

/** Call `actions[key]` for keys that are pressed outside of fields, without modifiers. */
export function listen(actions) {
  if (shortcuts === null) offerSwitch();
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    const typing = target.isContentEditable || (target.matches?.("input, textarea, select") && !target.matches("[type=checkbox], [type=radio]"));
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key.length === 1 && !keysAreOn()) return;
    if (Object.hasOwn(actions, event.key) && actions[event.key](event) !== false) event.preventDefault();
  });
}
