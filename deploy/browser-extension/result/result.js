// An answer in a window of our own, for pages that the browser lets no extension into.
"use strict";
{
  const { verbatim } = globalThis;
  const found = document.querySelector("#found");
  const words = document.querySelector("blockquote");
  verbatim.dressPage(document);
  document.documentElement.lang = chrome.i18n.getUILanguage();
  document.querySelector("h1").textContent = verbatim.text("who");

  const show = async () => {
    found.replaceChildren(...verbatim.describeWaiting("asking"));
    const told = await chrome.runtime.sendMessage({ ask: "pending", id: location.hash.slice(1) });
    if (told) {
      words.textContent = told.quote;
      words.hidden = false;
    }
    const options = () => chrome.runtime.openOptionsPage();
    const fault = told ? told.fault : { kind: "gone" };
    found.replaceChildren(...(fault ? verbatim.describeFault(fault, { again: show, options }) : verbatim.describe(told.answer)));
  };
  show();
}
