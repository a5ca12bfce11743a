// What the reader's clicks set going. Nothing here runs without one; nothing is kept between two of them.

import { checkPage, checkQuote } from "./lib/service.js";
import { lockStorage } from "./lib/settings.js";
import { enterPage, findSelectionInFrames, tell } from "./lib/tabs.js";

const WHO = "who-said-this";
const PAGE = "check-page";
const pending = new Map(); // words for pages of our own, where the browser lets us into no other

chrome.runtime.onInstalled.addListener(({ reason }) => {
  chrome.contextMenus.removeAll(() => {
    chrome.contextMenus.create({ id: WHO, title: chrome.i18n.getMessage("who"), contexts: ["selection"] });
    chrome.contextMenus.create({ id: PAGE, title: chrome.i18n.getMessage("checkPage"), contexts: ["page", "action"] });
  });
  if (reason === "install") chrome.runtime.openOptionsPage();
});
lockStorage();

chrome.contextMenus.onClicked.addListener((info, tab) => {
  if (info.menuItemId === WHO) return lookUp(tab, info.selectionText ?? "");
  if (info.menuItemId === PAGE) return lookThrough(tab);
});
chrome.action.onClicked.addListener((tab) => lookUp(tab));
chrome.commands.onCommand.addListener((command, tab) => {
  if (command === PAGE) lookThrough(tab);
});

const FROM_PAGES = {
  check: ({ quote }, { tab }) => lookUp(tab, String(quote)),
  page: (_, { tab }) => lookThrough(tab),
  options: () => chrome.runtime.openOptionsPage(),
};

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  if (sender.id !== chrome.runtime.id) return;
  if (message.ask === "pending") {
    answerPending(message.id).then(respond);
    return true; // the answer comes later
  }
  if (sender.tab && Object.hasOwn(FROM_PAGES, message.ask)) FROM_PAGES[message.ask](message, sender);
});

/** "Who said this?": the selection of a tab, or the words that the menu brought along. */
async function lookUp(tab, words) {
  try {
    await enterPage(tab.id);
  } catch {
    return words?.trim() ? openOwnPage(words.trim()) : refuse(tab);
  }
  const turn = crypto.randomUUID();
  let asked = await tell(tab.id, { do: "begin", turn, quote: words });
  if (asked && !asked.quote) {
    const framed = await findSelectionInFrames(tab.id);
    asked = await tell(tab.id, framed ? { do: "begin", turn, quote: framed } : { do: "help" });
  }
  if (asked?.quote) await finish(tab, turn, await checkQuote(asked.quote, asked.date));
}

/** "Check this whole page." */
async function lookThrough(tab) {
  try {
    await enterPage(tab.id);
  } catch {
    return refuse(tab);
  }
  const turn = crypto.randomUUID();
  const page = await tell(tab.id, { do: "read", turn });
  if (page) await finish(tab, turn, await checkPage(page));
}

function finish(tab, turn, { answer, fault }) {
  return tell(tab.id, fault ? { do: "fault", turn, fault } : { do: "answer", turn, answer });
}

/** A page of the browser's own, its shop, a PDF: the menu's words are shown in a window of ours. */
async function openOwnPage(quote) {
  const id = crypto.randomUUID();
  pending.set(id, quote);
  await chrome.windows.create({ url: `result/result.html#${id}`, type: "popup", width: 460, height: 640 });
}

async function answerPending(id) {
  const quote = pending.get(id);
  if (quote === undefined) return null;
  return { quote, ...(await checkQuote(quote, null)) };
}

async function refuse(tab) {
  await chrome.action.setBadgeText({ tabId: tab.id, text: "!" });
  await chrome.action.setTitle({ tabId: tab.id, title: chrome.i18n.getMessage("notHere") });
}
