// The sources of a draft: files are read as they are added, and their texts stand beside the answer, to be
// searched and, with a recording chosen on this computer, heard. The recording is not uploaded.
import { announce, fragment, reason, send } from "./dashboard.js";

const form = document.getElementById("article");
const cards = document.getElementById("source-cards");
const file = document.getElementById("source_file");
const pasted = document.getElementById("source_text");
const stored = document.getElementById("stored"); // absent where there is none to choose
const trouble = document.getElementById("source-trouble");
const button = document.getElementById("read-sources");
let reading = Promise.resolve(); // what is being read

/** Until every file that was added is read. */
export function isReading() {
  return reading;
}

function tell(text) {
  trouble.textContent = text;
  trouble.hidden = !text;
}

async function read(files, text, kept) {
  tell("");
  button.setAttribute("aria-busy", "true");
  const fields = new FormData();
  for (const one of files) fields.append("source_file", one);
  if (text) fields.set("source_text", text);
  if (kept) fields.set("stored", kept);
  try {
    const response = await send("/articles/check/sources", { body: fields });
    if (!response.ok) return tell(await reason(response));
    const found = await response.json();
    for (const card of found.cards) cards.append(fragment(card));
    tell(found.faults.join(" "));
    if (text && found.cards.length) pasted.value = "";
    if (found.cards.length) {
      announce(found.cards.length === 1 ? "One source was read." : `${found.cards.length} sources were read.`);
      setTimeout(() => form.dispatchEvent(new Event("sources-changed")));
    }
  } catch {
    tell("The server could not be reached. Check the connection and add the file again.");
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** Read files, pasted text or a stored source, after those that are being read. */
export function addFiles(files, text = "", kept = "") {
  const chosen = [...files];
  reading = reading.then(() => read(chosen, text, kept));
  return reading;
}

file.addEventListener("change", () => {
  const chosen = [...file.files];
  file.value = ""; // read once; the card carries what was read
  if (chosen.length) addFiles(chosen);
});
stored?.addEventListener("change", () => {
  const kept = stored.value;
  stored.value = "";
  const listed = [...cards.querySelectorAll('[name$="-kept"]')].some((one) => one.value === kept);
  if (kept && !listed) addFiles([], "", kept);
});
button.addEventListener("click", (event) => {
  event.preventDefault();
  if (pasted.value.trim()) addFiles([], pasted.value);
  else pasted.focus();
});
pasted.addEventListener("paste", () => {
  const was = pasted.value.trim();
  setTimeout(() => !was && pasted.value.trim() && addFiles([], pasted.value));
});
cards.addEventListener("click", (event) => {
  const drop = event.target.closest("[data-drop]");
  if (!drop) return;
  event.preventDefault();
  drop.closest("[data-source]").remove();
  file.focus();
  announce("The source was removed.");
  form.dispatchEvent(new Event("sources-changed"));
});
cards.addEventListener("change", () => form.dispatchEvent(new Event("sources-changed")));

/** Take charge of the sources' texts in an answer. */
export function serve(root) {
  for (const part of root.querySelectorAll(".source-tools")) part.hidden = false;
}

function find(input) {
  const section = input.closest(".source-text");
  const wanted = input.value.trim().toLowerCase();
  let count = 0;
  for (const turn of section.querySelectorAll(".turn")) {
    const has = !wanted || turn.textContent.toLowerCase().includes(wanted);
    turn.hidden = !has;
    count += has;
  }
  section.querySelector("[data-found]").textContent = wanted ? `${count} ${count === 1 ? "turn" : "turns"}` : "";
}

function hear(input) {
  if (!input.files.length) return;
  const section = input.closest(".source-text");
  let player = section.querySelector("audio");
  if (player) URL.revokeObjectURL(player.src);
  else {
    player = document.createElement("audio");
    player.controls = true;
    section.querySelector(".source-tools").after(player);
  }
  player.src = URL.createObjectURL(input.files[0]);
  for (const time of section.querySelectorAll(".time")) {
    time.disabled = false;
    time.setAttribute("aria-label", `Play from ${time.textContent}`);
  }
}

async function copy(target) {
  const words = target.closest(".quote").querySelector(".correction").textContent;
  try {
    await navigator.clipboard.writeText(words);
    target.textContent = "Copied";
    announce("The correct wording was copied.");
  } catch {
    const range = document.createRange(); // without leave to write, the words are selected to be copied
    range.selectNodeContents(target.closest(".quote").querySelector(".correction"));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    announce("The correct wording is selected.");
  }
}

/** Highlight words in a turn, whatever was looked for in its source before. */
function highlight(turn, words) {
  const input = turn?.closest(".source-text").querySelector("[data-find]");
  if (input?.value) {
    input.value = "";
    find(input);
  }
  if (!turn || !words || !("highlights" in CSS)) return;
  CSS.highlights.clear();
  for (const paragraph of turn.querySelectorAll("p:not(.who)")) {
    const place = paragraph.textContent.indexOf(words);
    if (place < 0) continue;
    const range = document.createRange();
    range.setStart(paragraph.firstChild, place);
    range.setEnd(paragraph.firstChild, place + words.length);
    CSS.highlights.set("shown-words", new Highlight(range));
  }
}

document.addEventListener("input", (event) => event.target.matches?.("[data-find]") && find(event.target));
document.addEventListener("change", (event) => event.target.matches?.("[data-audio]") && hear(event.target));
document.addEventListener("click", (event) => {
  const time = event.target.closest?.(".time");
  if (time && !time.disabled) {
    const player = time.closest(".source-text").querySelector("audio");
    player.currentTime = Number(time.dataset.at);
    player.play();
  }
  if (event.target.matches?.("[data-copy]")) copy(event.target);
  const link = event.target.closest?.("[data-show-source]");
  if (link) highlight(document.getElementById(link.hash.slice(1)), link.dataset.showSource);
});
serve(document);
