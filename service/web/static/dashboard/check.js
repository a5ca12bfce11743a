// The form: a file is chosen or dropped, the article is sent, and the answer is shown as it arrives.
import { announce, fragment, reason, send } from "./dashboard.js";
import { renew, showWorst, work } from "./analysis.js";
import { addFiles, isReading, serve } from "./sources.js";

const form = document.getElementById("article");
const folded = document.getElementById("form-fold");
const body = document.getElementById("body");
const file = document.getElementById("file");
const address = document.getElementById("address"); // absent where nothing is fetched
const results = document.getElementById("results");
const trouble = document.getElementById("trouble");
const progress = document.getElementById("progress");
let asked = null; // what is under way

function tell(text) {
  trouble.textContent = text;
  trouble.hidden = !text;
}

const BUSY_MS = 150;

/** Resolves after the page was drawn; immediately if it is hidden. */
function drawn() {
  return new Promise((go) => {
    requestAnimationFrame(() => setTimeout(go));
    if (document.hidden) setTimeout(go);
  });
}

/** Lines of JSON, as they arrive. */
async function* lines(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) if (part) yield JSON.parse(part);
  }
}

let judged = 0;
let marks = new Map(); // the pieces of text by the innermost quote that they lie in
let placed = false; // whether the page was scrolled to what is shown
let folds = false; // whether the form is folded away once there is something to show
function place(html) {
  if (!placed && folds) fold(true);
  results.replaceChildren(fragment(html));
  if (!placed) results.scrollIntoView({ block: "start" });
  placed = true;
}

const shows = {
  text(line) {
    place(line.html);
    progress.textContent = "Looking for quotes …";
  },
  article(line) {
    place(line.html);
    work(document.getElementById("analysis"));
    serve(results);
    marks = new Map();
    for (const mark of results.querySelectorAll("mark")) {
      const inner = mark.dataset.q.split(" ")[0];
      marks.set(inner, [...(marks.get(inner) ?? []), mark]);
    }
    judged = 0;
    progress.textContent = line.whole ? "" : "Looking the quotes up …";
  },
  quote(line) {
    for (const [name, id] of [["flag", "m"], ["card", "q"], ["row", "r"]]) {
      const former = document.getElementById(`${id}${line.number}`);
      const found = fragment(line[name]);
      const held = former?.contains(document.activeElement) || former === document.activeElement;
      const next = found.firstElementChild;
      former?.replaceWith(found);
      if (held) next?.focus({ preventScroll: true });
    }
    for (const mark of marks.get(String(line.number)) ?? []) mark.dataset.tone = line.tone;
    renew(line.number);
    judged += 1;
    progress.textContent = `${judged} looked up …`;
  },
  end(line) {
    document.getElementById("analysis-head").replaceChildren(fragment(line.html));
    const analysis = document.getElementById("analysis");
    analysis.removeAttribute("aria-busy");
    for (const part of analysis.querySelectorAll(".print, .copy, .filters[data-live]")) part.hidden = false;
    showWorst();
  },
  problem(line) {
    tell(line.detail);
  },
};

/** Fold the form away above the answer; `is` false opens it again. */
function fold(is) {
  const held = folded.contains(document.activeElement);
  folded.classList.add("used");
  folded.open = !is;
  if (is && held) folded.querySelector("summary").focus({ preventScroll: true });
}

async function check(store, isAsked = false) {
  await isReading();
  asked?.abort();
  const mine = (asked = new AbortController());
  tell("");
  progress.textContent = "Reading …";
  placed = false;
  folds = isAsked;
  const fields = new FormData(form);
  if (store) fields.set("store", "1");
  try {
    const response = await send(form.action, { body: fields, accept: "application/x-ndjson", signal: mine.signal });
    if (!response.ok) {
      tell(await reason(response));
      return;
    }
    let ended = false;
    let since = performance.now();
    for await (const line of lines(response.body)) {
      if (mine !== asked) return;
      shows[line.kind]?.(line);
      if (performance.now() - since > BUSY_MS) {
        await drawn(); // a page that takes lines as fast as they come would show none of them
        since = performance.now();
      }
      ended ||= line.kind === "end" || line.whole || line.kind === "problem";
    }
    if (!ended) tell("The connection broke off before all was looked up. Check it again.");
    else {
      showWorst();
      announce(sum());
    }
  } catch (error) {
    if (error.name !== "AbortError") tell("The server could not be reached. Check the connection and try again.");
  } finally {
    if (mine === asked) progress.textContent = "";
    if (!trouble.hidden) fold(false);
  }
}

function sum() {
  const count = results.querySelectorAll(".flag").length;
  return count ? `${count} quotes looked up.` : "No quotation was found.";
}

function hasArticle() {
  return body.value.trim() || file.files.length || address?.value.trim();
}

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.hasAttribute("formaction")) return; // a file to take along
  event.preventDefault();
  if (!hasArticle()) {
    fold(false);
    tell("Paste an article, or choose a file.");
    body.focus();
    return;
  }
  check(button?.name === "store", true);
});

// Text that is pasted replaces a chosen file.
body.addEventListener("input", () => {
  file.value = "";
});
// A file may be dropped anywhere on the page; outside of the form, a browser would open it.
document.addEventListener("dragover", (event) => {
  if (![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  body.classList.add("over");
});
document.addEventListener("dragleave", (event) => event.relatedTarget || body.classList.remove("over"));
document.addEventListener("drop", (event) => {
  body.classList.remove("over");
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  if (event.target.closest?.("#sources")) {
    addFiles(event.dataTransfer.files);
    return;
  }
  file.files = event.dataTransfer.files;
  check(false);
});
file.addEventListener("change", () => file.files.length && check(false));
body.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(document.getElementById("go"));
});
// What is pasted into the empty field is checked at once, and a source that is added is used at once.
body.addEventListener("paste", () => {
  const was = body.value.trim();
  setTimeout(() => !was && body.value.trim() && check(false));
});
form.addEventListener("sources-changed", () => {
  if (hasArticle()) check(false);
});
