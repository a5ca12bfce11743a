// Marks on the page: highlights over ranges, which leave the page's own nodes alone, so that its scripts find
// everything as they left it. Each mark is held to its words: when the page changes, a mark whose words are no
// longer there is gone before anything is drawn, and the quotes are looked for again.
"use strict";
{
  const verbatim = (globalThis.verbatim ??= {});

  const AGAIN_MS = 250; // after the first change of many
  const LEAST_REST = 20; // times as long as the last search took, for pages that never rest

  const canHighlight = () => typeof Highlight === "function" && Boolean(CSS.highlights);
  const name = (tone) => `verbatim-${tone}`;

  class Marks {
    /** `answer` as the service gave it; `onChange` is called whenever other quotes are placed. */
    constructor(answer, onChange) {
      this.answer = answer;
      this.onChange = onChange;
      this.marks = answer.quotes.map(() => null);
      this.highlights = new Map();
      this.timer = 0;
      this.tookMs = 0;
      this.root = null;
      this.observer = new MutationObserver((records) => this.changed(records));
      this.place();
      this.observer.observe(document.documentElement, { subtree: true, childList: true, characterData: true });
    }

    /** Look for every quote on the page as it is now. */
    place() {
      const began = performance.now();
      clearTimeout(this.timer);
      this.timer = 0;
      this.root = verbatim.chooseRoot();
      const found = this.root ? verbatim.anchor(this.answer, verbatim.read(this.root)) : [];
      this.marks = this.answer.quotes.map((_, index) => (found[index] ? makeMark(found[index]) : null));
      this.tookMs = performance.now() - began;
      this.paint();
      this.onChange(this);
    }

    changed(records) {
      const kept = this.marks.map((mark) => (mark && holds(mark) ? mark : null));
      const isLess = kept.some((mark, index) => mark !== this.marks[index]);
      this.marks = kept;
      if (isLess) {
        this.paint();
        this.onChange(this);
      }
      const isArticle = ({ target }) => !this.root?.isConnected || this.root.contains(target);
      if (this.timer || !(isLess || records.some(isArticle))) return;
      this.timer = setTimeout(() => this.place(), Math.max(AGAIN_MS, LEAST_REST * this.tookMs));
    }

    paint() {
      if (!canHighlight()) return;
      const byTone = new Map(verbatim.TONES.map((tone) => [tone, []]));
      this.marks.forEach((mark, index) => {
        if (mark) byTone.get(verbatim.worstOf(this.answer.quotes[index].verdict).tone).push(...mark.ranges);
      });
      for (const [tone, ranges] of byTone) {
        if (ranges.length) CSS.highlights.set(name(tone), new Highlight(...ranges));
        else CSS.highlights.delete(name(tone));
      }
    }

    /** Show which quote is being looked at; null for none. */
    point(index) {
      if (!canHighlight()) return;
      const mark = index === null ? null : this.marks[index];
      if (!mark) {
        CSS.highlights.delete(name("current"));
        return;
      }
      const highlight = new Highlight(...mark.ranges);
      highlight.priority = 1;
      CSS.highlights.set(name("current"), highlight);
    }

    /** The number of the quote whose mark is at a point of the window; -1 where there is none. */
    find(x, y) {
      const isIn = (box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
      return this.marks.findIndex((mark) => mark?.ranges.some((range) => [...range.getClientRects()].some(isIn)));
    }

    clear() {
      clearTimeout(this.timer);
      this.observer.disconnect();
      this.marks = this.answer.quotes.map(() => null);
      this.paint();
      this.point(null);
    }
  }

  function makeMark(pieces) {
    const ranges = pieces.map(({ node, start, end }) => {
      const range = new Range();
      range.setStart(node, start);
      range.setEnd(node, end);
      return range;
    });
    return { ranges, words: ranges.map(String), nodes: pieces.map(({ node }) => node) };
  }

  /** Whether a mark's ranges still have its words, in the text nodes that had them. */
  function holds({ ranges, words, nodes }) {
    return ranges.every((range, index) => nodes[index].isConnected && String(range) === words[index]);
  }

  Object.assign(verbatim, { Marks });
}
