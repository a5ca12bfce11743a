// A page of the extension's own, in the copy that is tested only: what Firefox lets no driver see, it looks up.
const LOOKS = {
  configure: (given) => chrome.storage.local.set(given),
  read: () => chrome.storage.local.get(),
  async look({ address, selector }) {
    const tabs = await chrome.tabs.query({});
    const tab = tabs.find(({ url }) => url?.startsWith(address));
    const [{ result }] = await chrome.scripting.executeScript({ target: { tabId: tab.id }, func: describe, args: [selector ?? null] });
    return result;
  },
};

/** Runs among the content scripts: the popover and the list as they are shown, and where an element of them is. */
function describe(selector) {
  const overlay = globalThis.verbatim?.overlay;
  if (!overlay) return null;
  const [card, list, root] = [overlay.card?.face, overlay.list?.surface.face, overlay.shell.root];
  const found = selector && [card, list, root].map((one) => one?.querySelector(selector)).find(Boolean);
  found?.scrollIntoView({ block: "nearest" });
  const box = found?.getBoundingClientRect();
  const frame = found && found.ownerDocument !== document ? found.ownerDocument.defaultView.frameElement.getBoundingClientRect() : { left: 0, top: 0 };
  return {
    card: card?.innerText ?? "",
    isWaiting: Boolean(card?.querySelector(".turning")),
    list: list?.innerText ?? "",
    labels: [...(card?.querySelectorAll(".label") ?? [])].map((one) => [one.innerText, Boolean(one.querySelector("svg"))]),
    font: card ? card.ownerDocument.defaultView.getComputedStyle(card).fontSize : "",
    chips: [...root.querySelectorAll(".chip:not([hidden])")].map((chip) => chip.getBoundingClientRect()).map(({ left, top, right, bottom }) => [left, top, right, bottom]),
    place: box?.width ? [frame.left + box.left + box.width / 2, frame.top + box.top + box.height / 2] : null,
  };
}

document.addEventListener("ask", async () => {
  const { name, given } = JSON.parse(document.body.dataset.ask);
  let answer;
  try {
    answer = { value: (await LOOKS[name](given)) ?? null };
  } catch (error) {
    answer = { error: String(error) };
  }
  document.body.dataset.answer = JSON.stringify(answer);
});
document.body.dataset.ready = "yes";
