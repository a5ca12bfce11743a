// The popover over a page: one card for a quote, a list of all quotes beside, a chip at each mark.
"use strict";
{
  const verbatim = (globalThis.verbatim ??= {});
  const { make, icon, text, labelsOf, worstOf } = verbatim;

  class Desk {
    /** `acts` are what the reader may have done: `check(quote)`, `checkPage()`, `options()`. */
    constructor(acts) {
      this.acts = acts;
      this.shell = new verbatim.Shell();
      this.shell.onEscape = () => (this.card ? this.closeCard() : this.closeList());
      this.chips = make("div", { class: "chips" });
      this.status = make("p", { class: "unseen", role: "status" });
      this.shell.face.append(this.chips, this.status);
      this.card = this.list = this.back = null;
      this.moved = () => this.moveSoon();
    }

    // The card

    /** Show a card. `box` is what it belongs to on the page; `content` its nodes. */
    showCard({ title, quote, content, box, told }) {
      this.shell.open();
      const isNew = !this.card;
      if (isNew) this.back = this.shell.root.activeElement ?? document.activeElement;
      this.card?.remove();
      this.card = this.makeCard(title, quote, content);
      this.shell.face.append(this.card);
      this.shell.lay(this.card, box ?? this.box ?? cornerBox());
      this.box = box ?? this.box;
      this.card.focus({ preventScroll: true });
      this.say(told ?? title);
    }

    makeCard(title, quote, content) {
      const close = make("button", { type: "button", class: "icon", "aria-label": text("close"), click: () => this.closeCard() }, icon("close"));
      return make(
        "section", { class: "card", role: "dialog", "aria-labelledby": "card-title", tabindex: "-1" },
        make("div", { class: "head" }, make("h2", { id: "card-title" }, title), close),
        quote ? make("blockquote", { class: "words", dir: "auto" }, quote) : null,
        content,
      );
    }

    closeCard() {
      this.card?.remove();
      this.card = this.box = null;
      this.marks?.point(null);
      this.current(null);
      if (this.back?.isConnected) this.back.focus({ preventScroll: true });
      this.back = null;
      if (!this.list) this.shell.close();
    }

    showWaiting(turn, box) {
      const content = verbatim.describeWaiting(turn.quote ? "asking" : "askingPage");
      this.showCard({ title: titleOf(turn), quote: turn.quote, content, box, told: text(turn.quote ? "asking" : "askingPage") });
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

    // The list of all quotes

    showList(answer) {
      this.closeList();
      this.closeCard();
      this.answer = answer;
      this.shown = new Set();
      this.shell.open();
      this.list = make("aside", { class: "sheet", tabindex: "-1", "aria-labelledby": "list-title" });
      this.shell.face.prepend(this.list);
      this.marks = new verbatim.Marks(answer, () => this.fillSoon());
      this.fill();
      for (const kind of ["scroll", "resize"]) window.addEventListener(kind, this.moved, { capture: true, passive: true });
      window.addEventListener("click", (this.clicked ??= (event) => this.pick(event)), true);
      this.sizes = new ResizeObserver(this.moved);
      this.sizes.observe(document.body);
      this.list.focus({ preventScroll: true });
      this.say(text("found", answer.quotes.length, this.placed().length));
    }

    placed() {
      return this.answer.quotes.map((_, index) => index).filter((index) => this.marks.marks[index]);
    }

    fillSoon() {
      if (!this.marks || this.filling) return; // the marks are being made, and are filled in afterwards
      this.filling = requestAnimationFrame(() => {
        this.filling = 0;
        if (this.list) this.fill();
      });
    }

    /** The list as the marks are now. What has the focus keeps it. */
    fill() {
      const focused = this.shell.root.activeElement?.dataset.quote;
      const all = this.answer.quotes.map((_, index) => index);
      const placed = new Set(this.placed());
      const isShown = (index) => !this.shown.size || this.shown.has(this.answer.quotes[index].verdict.fidelity);
      const rows = (some) => make("ul", { class: "rows" }, some.filter(isShown).map((index) => make("li", {}, this.makeRow(index))));
      const lost = all.filter((index) => !placed.has(index));
      const close = make("button", { type: "button", class: "icon", "aria-label": text("closeList"), click: () => this.closeList() }, icon("close"));
      this.list.replaceChildren(
        make("div", { class: "head" }, make("h2", { id: "list-title" }, text("quotesHere")), close),
        make("p", { class: "soft" }, text("found", all.length, placed.size)),
        this.makeCounts(),
        rows(all.filter((index) => placed.has(index))),
        ...(lost.length ? [make("h3", {}, text("notPlaced", lost.length)), make("p", { class: "small" }, text("notPlacedMeans")), rows(lost)] : []),
        make("p", { class: "small" }, text("sentPage")),
      );
      if (focused !== undefined) this.list.querySelector(`[data-quote="${Number(focused)}"]`)?.focus({ preventScroll: true });
      this.drawChips();
    }

    makeCounts() {
      const counts = new Map();
      for (const { verdict } of this.answer.quotes) {
        const [label] = labelsOf(verdict);
        counts.set(verdict.fidelity, { label, count: (counts.get(verdict.fidelity)?.count ?? 0) + 1 });
      }
      const rank = ([, { label }]) => verbatim.TONES.indexOf(label.tone);
      const buttons = [...counts].sort((one, other) => rank(one) - rank(other)).map(([code, { label, count }]) => {
        const pressed = this.shown.has(code);
        const toggle = () => {
          if (!this.shown.delete(code)) this.shown.add(code);
          this.fill();
          this.list.querySelector(`[data-code="${code}"]`)?.focus();
        };
        return make("button", { type: "button", class: label.tone, "aria-pressed": String(pressed), "data-code": code, click: toggle },
          icon(label.icon), `${label.word} ${count}`);
      });
      return make("div", { class: "counts", role: "group", "aria-label": text("filter") }, buttons);
    }

    makeRow(index) {
      const quote = this.answer.quotes[index];
      const worst = worstOf(quote.verdict);
      return make(
        "button", { type: "button", "data-quote": index, click: () => this.openQuote(index, true) },
        make("span", { class: `verdict ${worst.tone}` }, icon(worst.icon), worst.word),
        make("span", { class: "said", dir: "auto" }, quote.content.text),
        make("span", { class: "who" }, quote.speaker?.name ?? text("unnamed")),
      );
    }

    /** The card of a quote in the list; its place is brought into sight if asked for. */
    openQuote(index, scroll) {
      const quote = this.answer.quotes[index];
      const mark = this.marks.marks[index];
      if (mark && scroll) mark.nodes[0].parentElement?.scrollIntoView({ block: "center", behavior: "instant" });
      this.marks.point(mark ? index : null);
      const content = verbatim.describe(quote);
      const who = text("saidBy", quote.speaker?.name ?? text("unnamed"));
      if (!mark) content.unshift(make("p", { class: "small" }, text("notPlacedHere")));
      const told = labelsOf(quote.verdict).map(({ word }) => word).join(", ");
      this.showCard({ title: who, quote: quote.content.text, content, box: mark ? boxOf(mark) : cornerBox(), told });
      this.current(index);
    }

    current(index) {
      for (const row of this.list?.querySelectorAll("[aria-current]") ?? []) row.removeAttribute("aria-current");
      if (index !== null) this.list?.querySelector(`[data-quote="${index}"]`)?.setAttribute("aria-current", "true");
    }

    /** A click on marked words opens their card, unless it is the page's own: a link, a button. */
    pick(event) {
      if (!event.isTrusted || event.button || event.composedPath().includes(this.shell.host)) return;
      if (event.target.closest?.("a, button, input, select, textarea, label, summary, [role=button]")) return;
      if (String(getSelection())) return; // words are being selected
      const index = this.marks.find(event.clientX, event.clientY);
      if (index >= 0) this.openQuote(index, false);
    }

    closeList() {
      if (!this.list) return;
      if (this.card) this.closeCard();
      for (const kind of ["scroll", "resize"]) window.removeEventListener(kind, this.moved, { capture: true });
      window.removeEventListener("click", this.clicked, true);
      this.sizes.disconnect();
      this.marks.clear();
      this.list.remove();
      this.chips.replaceChildren();
      this.list = this.marks = this.answer = null;
      this.shell.close();
    }

    // Chips at the marks

    drawChips() {
      this.chips.replaceChildren(
        ...this.placed().map((index) => {
          const worst = worstOf(this.answer.quotes[index].verdict);
          const about = `${worst.word}: ${this.answer.quotes[index].content.text.slice(0, 80)}`;
          const open = () => this.openQuote(index, false);
          return make("button", { type: "button", class: `chip ${worst.tone}`, "aria-label": about, title: worst.word, "data-chip": index, click: open },
            make("span", {}, icon(worst.icon)));
        }),
      );
      this.move();
    }

    moveSoon() {
      this.moving ??= requestAnimationFrame(() => {
        this.moving = undefined;
        if (this.list) this.move();
      });
    }

    move() {
      for (const chip of this.chips.children) {
        const boxes = this.marks.marks[Number(chip.dataset.chip)]?.ranges.at(-1).getClientRects() ?? [];
        const last = boxes[boxes.length - 1];
        chip.hidden = !last;
        if (!last) continue;
        chip.style.left = `${last.right + scrollX - 8}px`;
        chip.style.top = `${last.top + scrollY - 15}px`;
      }
    }

    say(words) {
      this.status.textContent = words;
    }
  }

  const titleOf = (turn) => text(turn.quote ? "who" : "checkPage");
  const cornerBox = () => ({ left: innerWidth - 430, right: innerWidth, top: 8, bottom: 8 });

  function boxOf(mark) {
    const boxes = mark.ranges.map((range) => range.getBoundingClientRect());
    return {
      left: Math.min(...boxes.map((box) => box.left)),
      top: Math.min(...boxes.map((box) => box.top)),
      bottom: Math.max(...boxes.map((box) => box.bottom)),
    };
  }

  Object.assign(verbatim, { Desk, cornerBox });
}
