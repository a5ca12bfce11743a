// What the background worker asks of a page. It is put into a page by a click of the reader's only, and sends
// nothing to anybody but the worker.
"use strict";
if (!globalThis.verbatim.isListening) {
  const verbatim = globalThis.verbatim;
  const send = (message) => chrome.runtime.sendMessage(message);
  const overlay = new verbatim.Overlay({
    check: (quote) => send({ ask: "check", quote }),
    checkPage: () => send({ ask: "page" }),
    options: () => send({ ask: "options" }),
  });
  let latest = null;

  /** The words that are selected, and their place in the window; an input's own selection counts as well. */
  function readSelection() {
    const selected = getSelection();
    const field = document.activeElement;
    const typed = selected.isCollapsed && typeof field?.value === "string" && field.type !== "password" && field.selectionEnd > field.selectionStart;
    if (typed) return { quote: field.value.slice(field.selectionStart, field.selectionEnd), box: field.getBoundingClientRect() };
    const box = selected.rangeCount ? selected.getRangeAt(0).getBoundingClientRect() : null;
    return { quote: String(selected), box: box && (box.width || box.height) ? box : null };
  }

  const ANSWERS = {
    /** A selection is to be looked up: show that it is, and say what it is. */
    begin({ turn, quote }) {
      const selection = readSelection();
      latest = { turn, quote: (quote ?? selection.quote).trim() };
      if (latest.quote) overlay.showWaiting(latest, selection.box ?? undefined);
      return { quote: latest.quote, date: verbatim.findPublished() };
    },
    /** There are no words to look up. */
    help() {
      overlay.showHelp();
    },
    /** The page is to be looked through: give its words. */
    read({ turn }) {
      latest = { turn };
      overlay.closeList();
      verbatim.editor = verbatim.findEditor();
      const root = verbatim.chooseRoot();
      const reading = root && verbatim.read(root);
      overlay.showWaiting(latest, verbatim.cornerBox());
      return {
        html: reading?.html ?? "",
        isBlank: !reading?.text.trim(),
        isDrawn: verbatim.isDrawn(),
        language: root && verbatim.findLanguage(root),
        published: verbatim.findPublished(),
      };
    },
    answer({ turn, answer }) {
      if (turn !== latest?.turn) return; // the reader has asked for something else since
      if (latest.quote) overlay.showAnswer(latest, answer);
      else overlay.showList(answer);
    },
    fault({ turn, fault }) {
      if (turn === latest?.turn) overlay.showFault(latest, fault);
    },
  };

  chrome.runtime.onMessage.addListener((message, sender, respond) => {
    if (sender.id !== chrome.runtime.id || !Object.hasOwn(ANSWERS, message.do)) return;
    respond(ANSWERS[message.do](message) ?? null);
  });
  Object.assign(verbatim, { isListening: true, overlay });
}
void 0; // what a script ends with is passed to the worker, and Firefox refuses the script where it cannot be copied
