// Getting into a page, which the browser allows for the tab that the reader has just clicked in (activeTab).

const SCRIPTS = ["labels", "reading", "anchoring", "marks", "style", "elements", "card", "shell", "list", "overlay", "main"].map(
  (name) => `content/${name}.js`,
);

// Of the user's own rank, which a page's rules do not outweigh. Shapes differ as colours do.
const MARKS_CSS = `
::highlight(verbatim-good) { background-color: rgb(35 134 72 / .16); text-decoration: underline 2px solid rgb(35 134 72); }
::highlight(verbatim-fine) { background-color: rgb(13 120 135 / .16); text-decoration: underline 2px dotted rgb(13 130 145); }
::highlight(verbatim-care) { background-color: rgb(214 130 10 / .20); text-decoration: underline 2px dashed rgb(190 110 5); }
::highlight(verbatim-bad) { background-color: rgb(214 40 48 / .18); text-decoration: underline 2px wavy rgb(205 40 45); }
::highlight(verbatim-unsure) { background-color: rgb(125 80 190 / .18); text-decoration: underline 3px dotted rgb(125 80 190); }
::highlight(verbatim-none) { background-color: rgb(120 128 138 / .18); text-decoration: underline 1px solid rgb(120 128 138); }
::highlight(verbatim-current) { background-color: rgb(255 214 0 / .45); }`;

/** Put our scripts into a tab's page, once. Throws where the browser lets no extension in. */
export async function enterPage(tabId) {
  const target = { tabId };
  const [{ result: isThere }] = await chrome.scripting.executeScript({ target, func: () => Boolean(globalThis.verbatim?.isListening) });
  if (isThere) return;
  await Promise.all([
    chrome.scripting.executeScript({ target, files: SCRIPTS }),
    chrome.scripting.insertCSS({ target, css: MARKS_CSS, origin: "USER" }),
  ]);
}

/** Ask the page's top frame; null where it has gone meanwhile. */
export async function tell(tabId, message) {
  try {
    return await chrome.tabs.sendMessage(tabId, message, { frameId: 0 });
  } catch {
    return null;
  }
}

/** The words selected in any frame that the browser lets us into, for clicks that do not bring them. */
export async function findSelectionInFrames(tabId) {
  const found = await chrome.scripting
    .executeScript({ target: { tabId, allFrames: true }, func: () => String(getSelection() ?? "") })
    .catch(() => []);
  return found.find(({ frameId, result }) => frameId && result?.trim())?.result ?? "";
}
