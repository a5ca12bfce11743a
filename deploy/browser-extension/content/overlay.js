// The popover over a page, for one quote: waiting, an answer, a fault, or what to do first.
"use strict";
{
  const verbatim = (globalThis.verbatim ??= {});
  const { make, icon, text, labelsOf } = verbatim;

  class Overlay {
    /** `acts` are what the reader may have done: `check(quote)`, `checkPage()`, `options()`. */
    constructor(acts) {
      this.acts = acts;
      this.shell = new verbatim.Shell(() => (this.card ? this.closeCard() : this.closeList()));
      this.card = this.list = this.back = this.box = null;
    }

    /** Show a card. `box` is what it belongs to on the page; `content` its nodes, `told` what is read out. */
    showCard({ title, quote, content, box, told }) {
      if (!this.shell.host.isConnected) this.card = null; // the page has taken it out, with all that was in it
      this.shell.open();
      if (!this.card) {
        this.back = this.list?.focused?.dataset?.quote ? this.list.focused : (this.shell.root.activeElement ?? document.activeElement);
        this.card = new verbatim.Surface(this.shell, "card", text("who"));
      }
      this.box = box ?? this.box ?? cornerBox();
      const close = make("button", { type: "button", class: "icon", "aria-label": text("close"), click: () => this.closeCard() }, icon("close"));
      const section = make(
        "section", { class: "surface", role: "dialog", "aria-labelledby": "card-title", tabindex: "-1" },
        make("div", { class: "head" }, make("h1", { id: "card-title" }, title), close),
        quote ? make("blockquote", { class: "words", dir: "auto" }, quote) : null,
        make("p", { class: "unseen", role: "status" }, told ?? title),
        content,
      );
      this.card.face.replaceChildren(section);
      this.card.lay(this.box);
      section.focus({ preventScroll: true });
    }

    closeCard() {
      if (!this.card) return;
      this.card.close();
      this.card = this.box = null;
      this.list?.leave();
      if (this.back?.isConnected) this.back.focus({ preventScroll: true });
      this.back = null;
      if (!this.list) this.shell.close();
    }

    showWaiting(turn, box) {
      const kind = turn.quote ? "asking" : "askingPage";
      this.showCard({ title: titleOf(turn), quote: turn.quote, content: verbatim.describeWaiting(kind), box, told: text(kind) });
    }

    showFault(turn, fault) {
      const again = turn.quote ? () => this.acts.check(turn.quote) : this.acts.checkPage;
      const content = verbatim.describeFault(fault, { again, options: this.acts.options });
      this.showCard({ title: titleOf(turn), quote: turn.quote, content, told: text(`fault_${fault.kind}`, ...(fault.given ?? [])) });
    }

    showAnswer(turn, answer) {
      const told = labelsOf(answer.verdict).map(({ word }) => word).join(", ");
      this.showCard({ title: titleOf(turn), quote: turn.quote, content: verbatim.describe(answer), told });
    }

    /** Nothing is selected: say what can be done. */
    showHelp() {
      const check = make("button", { type: "button", click: verbatim.ownClick(this.acts.checkPage) }, text("checkPage"));
      const content = [make("p", {}, text("selectFirst")), make("div", { class: "acts" }, check)];
      this.showCard({ title: text("who"), content, box: cornerBox() });
    }

    showList(answer) {
      this.closeList();
      this.closeCard();
      this.shell.open();
      this.list = new verbatim.QuoteList(this, answer);
    }

    closeList() {
      if (!this.list) return;
      const { list } = this;
      this.closeCard();
      this.list = null;
      list.close();
      this.shell.close();
    }
  }

  const titleOf = (turn) => text(turn.quote ? "who" : "checkPage");
  const cornerBox = () => ({ left: innerWidth - 430, top: 8, bottom: 8 });

  Object.assign(verbatim, { Overlay, cornerBox });
}
