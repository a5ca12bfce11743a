// The options page: where the service is, the key for it, and a test that says what is wrong.

import { patternOf, readAddress } from "../lib/address.js";
import { testConnection } from "../lib/connection.js";
import { readSettings, saveSettings } from "../lib/settings.js";

const text = (key, ...given) => chrome.i18n.getMessage(key, given.map(String));
const find = (selector) => document.querySelector(selector);
const [address, key, outcome] = ["#address", "#key", "#outcome"].map(find);

for (const element of document.querySelectorAll("[data-text]")) element.textContent = text(element.dataset.text);
document.documentElement.lang = chrome.i18n.getUILanguage();
document.title = text("optionsTitle");
const saved = await readSettings();
[address.value, key.value] = [saved.address, saved.key];
document.documentElement.dataset.ready = "";

function tell(kind, words) {
  outcome.className = kind;
  outcome.textContent = `${{ good: "✓ ", bad: "✕ " }[kind] ?? ""}${words}`;
}

find("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const read = readAddress(address.value);
  address.setAttribute("aria-invalid", String(Boolean(read.fault)));
  if (read.fault) {
    tell("bad", text(read.fault));
    address.focus();
    return;
  }
  address.value = read.address;
  // The browser asks the reader only while it still sees the click: before anything else is waited for.
  const isPermitted = await chrome.permissions.request({ origins: [patternOf(read.address)] }).catch(() => false);
  const settings = { address: read.address, key: key.value.trim() };
  await saveSettings(settings);
  if (!isPermitted) {
    tell("bad", text("test_unpermitted", new URL(read.address).host));
    return;
  }
  tell("", text("testing"));
  const { kind, isGood, given = [] } = await testConnection(settings.address, settings.key);
  tell(isGood ? "good" : "bad", text(`test_${kind}`, ...given));
});

find("#forget").addEventListener("click", async () => {
  const { address: former } = await readSettings();
  await chrome.storage.local.clear();
  if (former) await chrome.permissions.remove({ origins: [patternOf(former)] }).catch(() => false);
  [address.value, key.value] = ["", ""];
  tell("good", text("forgotten"));
});
