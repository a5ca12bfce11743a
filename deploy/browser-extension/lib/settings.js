// The two settings there are: where the service is, and the key for it. They stay in this browser
// (storage.local, never storage.sync) and out of reach of content scripts.

/** Keep content scripts away from what is stored, where the browser can (Firefox cannot yet). */
export async function lockStorage() {
  await chrome.storage.local.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" });
}

/** {address, key}; both may be empty. */
export async function readSettings() {
  const { address = "", key = "" } = await chrome.storage.local.get(["address", "key"]);
  return { address, key };
}

export async function saveSettings({ address, key }) {
  await lockStorage();
  await chrome.storage.local.set({ address, key });
}
