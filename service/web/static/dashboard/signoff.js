// Sign-off without loading the page again: the form of a quote is sent, and its card, flag and row are replaced.
import { announce, fragment, reason, send } from "./dashboard.js";
import { show } from "./analysis.js";

/** Replace the parts of the page that show a quote, and go on where the person was. */
function place(parts) {
  for (const [name, id] of [["flag", "m"], ["card", "q"], ["row", "r"]]) {
    document.getElementById(`${id}${parts.number}`)?.replaceWith(fragment(parts[name]));
  }
  document.getElementById("signed-count")?.replaceWith(fragment(parts.count));
  show(parts.number, "card");
  const fault = document.querySelector(`#q${parts.number} [aria-invalid]`);
  const field = fault?.matches("fieldset") ? fault.querySelector("input") : fault;
  field?.focus();
}

function tell(form, text) {
  const told = form.querySelector(".trouble") ?? document.createElement("p");
  told.className = "fault trouble";
  told.setAttribute("role", "alert");
  told.textContent = text;
  form.append(told);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form.sign-off")) return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  const body = new FormData(form, event.submitter);
  try {
    const response = await send(form.action, { body });
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) {
      tell(form, await reason(response));
      return;
    }
    const parts = await response.json();
    if (parts.reload) {
      location.replace(parts.reload);
      location.reload();
      return;
    }
    place(parts);
    announce(parts.told);
  } catch {
    tell(form, "The server could not be reached. Nothing was saved.");
  } finally {
    form.removeAttribute("aria-busy");
  }
});

for (const button of document.querySelectorAll(".copy-link")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copyText);
    announce("Copied.");
  });
}
