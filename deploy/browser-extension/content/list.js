// The list of a page's quotes, their marks on the page, and the chips at those marks.
"use strict";
{
  const verbatim = (globalThis.verbatim ??= {});
  const { make, icon, text, labelsOf, worstOf } = verbatim;
  const MOVES = [["scroll", window], ["resize", window]];
  const WATCH = { capture: true, passive: true };

  class QuoteList {
    constructor(overlay, answer) {
      this.overlay = overlay;
      this.answer = answer;
      this.filter = new Set(); // labels; all are shown while it is empty
      this.surface = new verbatim.Surface(overlay.shell, "list", text("quotesHere"));
      this.chips = make("div");
      overlay.shell.root.append(this.chips);
      this.marks = new verbatim.Marks(answer, () => this.fillSoon());
      this.fill();
      this.moved = () => this.moveSoon();
      this.clicked = (event) => this.pick(event);
      for (const [kind, target] of MOVES) target.addEventListener(kind, this.moved, WATCH);
      window.addEventListener("click", this.clicked, true);
      this.sizes = new ResizeObserver(this.moved);
      this.sizes.observe(document.body);
      this.surface.face.firstChild.focus({ preventScroll: true });
    }

    close() {
      for (const [kind, target] of MOVES) target.removeEventListener(kind, this.moved, WATCH);
      window.removeEventListener("click", this.clicked, true);
      cancelAnimationFrame(this.filling);
      this.sizes.disconnect();
      this.marks.clear();
      this.surface.close();
      this.chips.remove();
      this.isClosed = true;
    }

    get focused() {
      return this.surface.focused;
    }

    find(selector) {
      return this.surface.face.querySelector(selector);
    }

    /** The card of a quote was closed. */
    leave() {
      this.marks.point(null);
      this.find("[aria-current]")?.removeAttribute("aria-current");
    }

    fillSoon() {
      this.filling ??= requestAnimationFrame(() => {
        this.filling = undefined;
        if (!this.isClosed) this.fill();
      });
    }

    /** The list as the marks are now. What has the focus keeps it. */
    fill() {
      const { quotes } = this.answer;
      const focused = this.focused?.dataset.quote;
      const all = quotes.map((_, index) => index);
      const placed = all.filter((index) => this.marks.marks[index]);
      const lost = all.filter((index) => !this.marks.marks[index]);
      const close = make("button", { type: "button", class: "icon", "aria-label": text("closeList"), click: () => this.overlay.closeList() }, icon("close"));
      const content = [
        make("div", { class: "head" }, make("h1", { id: "list-title" }, text("quotesHere")), close),
        make("p", { class: "soft", role: "status" }, all.length ? text("found", all.length, placed.length) : text(whyNothing(this.answer))),
        this.makeCounts(),
        this.makeRows(placed),
        lost.length ? [make("h2", {}, text("notPlaced", lost.length)), make("p", { class: "small" }, text("notPlacedMeans")), this.makeRows(lost)] : [],
        make("p", { class: "small" }, text("sentPage")),
      ].flat();
      const { face } = this.surface;
      if (face.firstChild) face.firstChild.replaceChildren(...content);
      else face.append(make("main", { class: "surface", tabindex: "-1", "aria-labelledby": "list-title" }, content));
      if (focused !== undefined) this.find(`[data-quote="${Number(focused)}"]`)?.focus({ preventScroll: true });
      this.drawChips(placed);
    }

    makeCounts() {
      const counts = new Map();
      for (const { verdict } of this.answer.quotes) {
        const [label] = labelsOf(verdict);
        counts.set(label.code, { label, count: (counts.get(label.code)?.count ?? 0) + 1 });
      }
      const rank = ({ label }) => verbatim.TONES.indexOf(label.tone);
      const buttons = [...counts.values()].sort((one, other) => rank(one) - rank(other)).map(({ label, count }) => {
        const given = { type: "button", class: label.tone, "aria-pressed": String(this.filter.has(label.code)), "data-code": label.code };
        return make("button", { ...given, click: () => this.toggle(label.code) }, icon(label.icon), `${label.word} ${count}`);
      });
      return make("div", { class: "counts", role: "group", "aria-label": text("filter") }, buttons);
    }

    toggle(code) {
      if (!this.filter.delete(code)) this.filter.add(code);
      this.fill();
      this.find(`[data-code="${code}"]`)?.focus();
    }

    makeRows(indexes) {
      const isShown = (index) => !this.filter.size || this.filter.has(labelsOf(this.answer.quotes[index].verdict)[0].code);
      return make("ul", { class: "rows" }, indexes.filter(isShown).map((index) => make("li", {}, this.makeRow(index))));
    }

    makeRow(index) {
      const quote = this.answer.quotes[index];
      const labels = labelsOf(quote.verdict);
      return make(
        "button", { type: "button", "data-quote": index, click: () => this.open(index, true) },
        labels.map((label) => make("span", { class: `verdict ${label.tone}` }, icon(label.icon), label.word)),
        make("span", { class: "said", dir: "auto" }, quote.content.text),
        make("span", { class: "who" }, quote.speaker?.name ?? text("unnamed")),
      );
    }

    /** Show the card of a quote; its place is brought into sight if asked for. */
    open(index, scroll) {
      const quote = this.answer.quotes[index];
      const mark = this.marks.marks[index];
      if (mark && scroll) mark.nodes[0].parentElement?.scrollIntoView({ block: "center", behavior: "instant" });
      const content = verbatim.describe(quote);
      if (!mark) content.unshift(make("p", { class: "small" }, text("notPlacedHere")));
      const told = labelsOf(quote.verdict).map(({ word }) => word).join(", ");
      const title = text("saidBy", quote.speaker?.name ?? text("unnamed"));
      this.leave();
      this.overlay.showCard({ title, quote: quote.content.text, content, box: mark ? boxOf(mark) : verbatim.cornerBox(), told });
      this.marks.point(mark ? index : null);
      this.find(`[data-quote="${index}"]`)?.setAttribute("aria-current", "true");
    }

    /** A click on marked words opens their card, unless it is the page's own: a link, a button. */
    pick(event) {
      if (!event.isTrusted || event.button || event.target === this.overlay.shell.host) return;
      if (event.target.closest?.("a, button, input, select, textarea, label, summary, [role=button]")) return;
      if (String(getSelection())) return; // words are being selected
      const index = this.marks.find(event.clientX, event.clientY);
      if (index >= 0) this.open(index, false);
    }

    drawChips(placed) {
      this.chips.replaceChildren(
        ...placed.map((index) => {
          const quote = this.answer.quotes[index];
          const worst = worstOf(quote.verdict);
          const about = { "aria-label": `${worst.word}: ${quote.content.text.slice(0, 80)}`, title: worst.word, "data-chip": index };
          const open = () => this.open(index, false);
          return make("button", { type: "button", class: `chip ${worst.tone}`, ...about, click: open }, make("span", {}, icon(worst.icon)));
        }),
      );
      this.move();
    }

    moveSoon() {
      this.moving ??= requestAnimationFrame(() => {
        this.moving = undefined;
        if (!this.isClosed) this.move();
      });
    }

    /** Lay the chips beside the lines that they belong to, where no letter and no other chip is; else none is shown. */
    move() {
      const found = [];
      const taken = [this.surface.frame.getBoundingClientRect()];
      for (const chip of this.chips.children) chip.hidden = true; // it would lie between us and the letters
      for (const chip of this.chips.children) {
        const mark = this.marks.marks[Number(chip.dataset.chip)];
        const boxes = mark?.ranges.at(-1).getClientRects() ?? [];
        const last = boxes[boxes.length - 1];
        const place = last && placesBeside(last, mark.nodes.at(-1)).find((one) => isFree(one, taken));
        if (!place) continue;
        taken.push(place);
        found.push([chip, place]);
      }
      for (const [chip, place] of found) {
        chip.hidden = false;
        chip.style.left = `${place.left + scrollX}px`;
        chip.style.top = `${place.top + scrollY}px`;
      }
    }
  }

  const CHIP = 24; // pixels
  const boxAt = (left, top) => ({ left, top, right: left + CHIP, bottom: top + CHIP });

  /** Where a chip may lie: in the margins of the block at the height of a line, or behind the end of the line. */
  function placesBeside(line, node) {
    const block = blockOf(node).getBoundingClientRect();
    const top = (line.top + line.bottom - CHIP) / 2;
    const lefts = [line.right + 2, block.right + 2, block.right + CHIP + 2, block.left - CHIP - 2, block.left - 2 * CHIP - 2];
    return lefts.map((left) => boxAt(left, top));
  }

  function blockOf(node) {
    let element = node.parentElement;
    while (element.parentElement && getComputedStyle(element).display.startsWith("inline")) element = element.parentElement;
    return element;
  }

  const meet = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

  function isFree(place, taken) {
    const isInside = place.left >= 0 && place.top >= 0 && place.right <= innerWidth && place.bottom <= innerHeight;
    return isInside && !taken.some((one) => meet(one, place)) && !hasLetters(place);
  }

  /** Whether letters of the page are drawn within a box of the window. */
  function hasLetters(box) {
    const inner = { left: box.left + 1, top: box.top + 3, right: box.right - 1, bottom: box.bottom - 3 };
    const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
    const xs = [inner.left, middle.x, inner.right];
    return xs.some((x) => [inner.top, middle.y, inner.bottom].some((y) => letterBoxes(x, y).some((letter) => meet(letter, inner))));
  }

  /** The boxes of the letters nearest to a point. */
  function letterBoxes(x, y) {
    const caret = document.caretPositionFromPoint?.(x, y) ?? document.caretRangeFromPoint?.(x, y);
    const node = caret?.offsetNode ?? caret?.startContainer;
    if (node?.nodeType !== Node.TEXT_NODE) return [];
    const at = caret.offset ?? caret.startOffset;
    const range = new Range();
    range.setStart(node, Math.max(0, at - 1));
    range.setEnd(node, Math.min(node.length, at + 1));
    return [...range.getClientRects()];
  }

  const LEAST_TEXT = 400; // characters; fewer are no article
  const MARKS = /["“”„«»‹›「」『』]|(?:^|\s)['‘]\S/u;

  /** The message that says why no quotation was found. */
  function whyNothing({ text: words, language }) {
    if (language && !/^en\b/i.test(language)) return "nothing_language";
    if (words.trim().length < LEAST_TEXT) return "nothing_short";
    return MARKS.test(words) ? "nothing_unattributed" : "nothing_unmarked";
  }

  function boxOf(mark) {
    const boxes = mark.ranges.map((range) => range.getBoundingClientRect());
    const edge = (side, choose) => choose(...boxes.map((box) => box[side]));
    return { left: edge("left", Math.min), top: edge("top", Math.min), bottom: edge("bottom", Math.max) };
  }

  Object.assign(verbatim, { QuoteList });
}
