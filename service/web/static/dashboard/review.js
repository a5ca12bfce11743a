// Keyboard shortcuts of the review queue. Each presses a button or follows a link on the page (data-key),
// so that everything works without them, too.
import { listen } from "./dashboard.js";

const dialog = document.getElementById("keys");
let sent = false;

/** Go to the review before or after the one with the focus. */
function step(by) {
  const links = [...document.querySelectorAll("#reviews h2 a")];
  if (!links.length) return false;
  const here = links.indexOf(document.activeElement);
  const next = here < 0 ? (by > 0 ? 0 : links.length - 1) : here + by;
  links[Math.max(0, Math.min(links.length - 1, next))].focus();
  return true;
}

function press(key, event) {
  if (dialog.open || event.repeat) return false;
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
document.getElementById("keys-open").addEventListener("click", () => dialog.showModal());

// A form is not sent twice while the answer is pending, nor is a page from the browser's back-forward cache
// treated as sent.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
}
addEventListener("pageshow", () => (sent = false));

// The changes are asked for only if the words are altered.
const fidelity = document.getElementById("fidelity");
const changes = document.getElementById("changes");
if (fidelity && changes) {
  const follow = () => (changes.disabled = fidelity.value !== "altered");
  fidelity.addEventListener("change", follow);
  follow();
}
