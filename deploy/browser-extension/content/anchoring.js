// Where the words of an analysed text stand on the page as it is now. Surely, or not at all.
//
// The service's selectors give words (TextQuoteSelector) and their place in the text that it answers with
// (TextPositionSelector). The same words may stand on the page more than once, and the page may have changed
// since: so each occurrence in the text is weighed against each on the page by what stands around them, and
// one is taken for the other only if each is the other's single best.
"use strict";
{
  const verbatim = (globalThis.verbatim ??= {});

  const MOST_CONTEXT = 600; // characters compared on either side
  const MOST_PLACES = 40; // of the same words that are weighed against each other
  const SELECTOR_CONTEXT = 32; // characters around words in a TextQuoteSelector
  const ENOUGH_CONTEXT = 16; // characters around the words that have to be as they were
  const ENOUGH_WORDS = 16; // characters of words that make a block of their own
  const WORD = /[\p{L}\p{N}\p{M}]/u;

  class Anchors {
    /** `told` is the analysed text, `page` the page's words, both folded. */
    constructor(told, page) {
      this.told = told;
      this.page = page;
      this.matched = new Map();
    }

    /** Where on the page the words of told[start, end) stand, as {start, end}; null where that is not sure. */
    place(start, end) {
      const exact = this.told.slice(start, end);
      if (!exact.trim()) return null;
      if (!this.matched.has(exact)) this.matched.set(exact, this.match(exact));
      const found = this.matched.get(exact)?.get(start) ?? this.placeCommon(start, end);
      return found === null ? null : { start: found, end: found + exact.length };
    }

    /** The place of words that stand everywhere, by all that their selector would have around them. */
    placeCommon(start, end) {
      if (this.matched.get(this.told.slice(start, end))) return null; // they were weighed, and it is not sure
      const from = Math.max(0, start - SELECTOR_CONTEXT);
      const needle = this.told.slice(from, end + SELECTOR_CONTEXT);
      const [told, page] = [findAll(this.told, needle), findAll(this.page, needle)];
      return told?.length === 1 && page?.length === 1 ? page[0] + start - from : null;
    }

    /** For each occurrence of `exact` in the text that was surely found on the page, where it is there; null
     *  where it occurs too often to weigh them. */
    match(exact) {
      const told = findAll(this.told, exact);
      const page = findAll(this.page, exact);
      if (!told || !page) return null;
      const pairs = new Map();
      const shared = told.map((one) => page.map((other) => this.agreement(one, other, exact.length)));
      told.forEach((start, row) => {
        const column = single(shared[row].map((pair) => pair.size));
        if (column < 0 || single(shared.map((others) => others[column].size)) !== row) return;
        if (isSure(shared[row][column], exact)) pairs.set(start, page[column]);
      });
      return pairs;
    }

    /** How much of what stands around two occurrences is the same: characters before, after, both. */
    agreement(one, other, length) {
      const { told, page } = this;
      const before = run((step) => told[one - step], (step) => page[other - step]);
      const after = run((step) => told[one + length + step - 1], (step) => page[other + length + step - 1]);
      return { before, after, size: before.size + after.size };
    }
  }

  /** How long two runs of characters agree, whether a block ends at once in both, and whether both texts end. */
  function run(one, other) {
    let size = 0;
    let edge = false;
    let ended = false;
    while (size < MOST_CONTEXT) {
      const [mine, theirs] = [one(size + 1), other(size + 1)];
      if (size === 0) edge = isEdge(mine) && isEdge(theirs);
      ended = mine === undefined && theirs === undefined;
      if (mine === undefined || mine !== theirs) break;
      size += 1;
    }
    return { size, edge, ended };
  }

  function isEdge(character) {
    return character === undefined || character === verbatim.BREAK;
  }

  function isSure({ before, after, size }, exact) {
    if (before.ended && after.ended) return true; // the page is the text, however short
    if (size >= ENOUGH_CONTEXT) return isWhole(before, exact[0]) && isWhole(after, exact.at(-1));
    return before.edge && after.edge && exact.length >= ENOUGH_WORDS;
  }

  /** Not a part of a longer word: what a changed page has right beside the words is what the text had. */
  function isWhole(side, last) {
    return side.size > 0 || side.edge || !WORD.test(last);
  }

  /** The index of the single greatest number; -1 where there are two. */
  function single(numbers) {
    const most = Math.max(...numbers);
    const first = numbers.indexOf(most);
    return first === numbers.lastIndexOf(most) ? first : -1;
  }

  /** Where `exact` occurs in `text`, overlapping occurrences too; null for too often. */
  function findAll(text, exact) {
    const places = [];
    for (let at = text.indexOf(exact); at >= 0; at = text.indexOf(exact, at + 1)) {
      places.push(at);
      if (places.length > MOST_PLACES) return null;
    }
    return places;
  }

  /** The pieces of text nodes that hold the reading's characters [start, end), as {node, start, end}. */
  function findPieces(reading, start, end) {
    const pieces = [];
    let last = null;
    for (let index = start; index < end; index += 1) {
      const owner = reading.owners[index];
      if (owner < 0) continue;
      const offset = reading.offsets[index];
      const node = reading.nodes[owner];
      if (last?.node === node) last.end = offset + 1;
      else pieces.push((last = { node, start: offset, end: offset + 1 }));
    }
    return pieces.filter((piece) => piece.node.data.slice(piece.start, piece.end).trim());
  }

  /** For each quote of an answer the pieces of its words on the page; null for one that is not surely found. */
  function anchor(answer, reading) {
    const folded = verbatim.fold(answer.text);
    const anchors = new Anchors(folded.text, reading.text);
    return answer.quotes.map((quote) => anchorQuote(quote, folded, anchors, reading));
  }

  function anchorQuote(quote, folded, anchors, reading) {
    const pieces = [];
    let reached = -1;
    for (const span of quote.content.spans) {
      const start = folded.starts[span.start];
      const end = folded.ends[span.end - 1];
      const found = Number.isInteger(start) && end > start ? anchors.place(start, end) : null;
      if (!found || found.start < reached) return null; // one part of a quote missing or moved: not this quote
      reached = found.end;
      pieces.push(...findPieces(reading, found.start, found.end));
    }
    return pieces.length ? pieces : null;
  }

  Object.assign(verbatim, { Anchors, anchor, findPieces });
}
