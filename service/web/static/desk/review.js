// The review queue by keys. Each key presses a button or follows a link that is on the page anyway (data-key),
// so that nothing can be done by keys alone. Single keys can be switched off (WCAG 2.2, 2.1.4), for good.
import { announce, listen } from "./desk.js";

const STORED = "verbatim.shortcuts";
const root = document.documentElement;
const dialog = document.getElementById("keys");
const toggle = document.getElementById("keys-on");
let sent = false;

function remembered() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true; // storage is closed to us: as it was when the page was loaded
  }
}

function remember(on) {
  try {
    localStorage.setItem(STORED, on ? "on" : "off");
  } catch {
    // then it holds for this page only
  }
}

function show(on) {
  root.dataset.shortcuts = on ? "on" : "off";
  toggle.checked = on;
  for (const element of document.querySelectorAll("[data-key]")) {
    if (on) element.setAttribute("aria-keyshortcuts", element.dataset.key);
    else element.removeAttribute("aria-keyshortcuts");
  }
}

/** Go to the review before or behind the one in the list that has the focus. */
function step(by) {
  const links = [...document.querySelectorAll("#reviews h2 a")];
  if (!links.length) return false;
  const here = links.indexOf(document.activeElement);
  const next = here < 0 ? (by > 0 ? 0 : links.length - 1) : here + by;
  links[Math.max(0, Math.min(links.length - 1, next))].focus();
  return true;
}

function press(key, event) {
  if (root.dataset.shortcuts !== "on" || dialog.open || event.repeat) return false;
  const element = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (element?.tagName === "SUMMARY") {
    element.parentElement.open = true;
    document.getElementById("fidelity").focus();
    return true;
  }
  if (element) {
    element.click();
    return true;
  }
  if (key === "j") return step(1);
  if (key === "k") return step(-1);
  return false;
}

listen(Object.fromEntries([..."jkadsucn?"].map((key) => [key, (event) => press(key, event)])));

document.querySelector(".keys-bar").hidden = false;
show(remembered());
toggle.addEventListener("change", () => {
  show(toggle.checked);
  remember(toggle.checked);
  announce(toggle.checked ? "Single-key shortcuts are on." : "Single-key shortcuts are off.");
});
document.getElementById("keys-open").addEventListener("click", () => dialog.showModal());

// What is sent once is not sent again while the answer is on its way; nor is a page from the browser's memory
// taken for one that has been sent.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
}
addEventListener("pageshow", () => (sent = false));

// What was changed is asked of altered words only.
const fidelity = document.getElementById("fidelity");
const changes = document.getElementById("changes");
if (fidelity && changes) {
  const follow = () => (changes.disabled = fidelity.value !== "altered");
  fidelity.addEventListener("change", follow);
  follow();
}
