// The words of a page that a reader sees: folded into one string with the place of each character in the
// document, and as plain HTML without anything else, which is all that is ever sent of a page.
//
// Content scripts are classic scripts that share `verbatim` in the extension's isolated world: modules would
// have to be laid open to every page (web_accessible_resources).
"use strict";
{
  const verbatim = (globalThis.verbatim ??= {});

  // As the service folds them (service/text/blocks.py): typography that a quotation matches with or without.
  const SPACE = /[ \t\n\r\f\v\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
  const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/;
  const BREAK = "\n"; // between two blocks, in folded text

  // Elements that leave nothing, here as on the service: no article stands in them, and what a reader typed does.
  const SILENT = new Set(
    ("head script style noscript template nav aside svg math iframe button label figcaption select textarea " +
      "input object embed video audio canvas map noframes noembed dialog menu datalist progress meter").split(" "),
  );
  // Elements whose names mean something to the service; any other is sent as a div or a span, as it is shown.
  const NAMED = new Set(
    ("address article blockquote caption details dd dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr " +
      "legend li main ol p pre q section summary table tbody td tfoot th thead tr ul a b strong i em cite small sup")
      .split(" "),
  );
  const INLINE = new Set("a b strong i em cite small sup sub span q abbr mark code font u s time bdi bdo".split(" "));
  const VOID = new Set(["br", "img", "hr"]);
  const MOST_CLASS = 200;

  class Reading {
    /** A page's words: `text` folded, `html` to send; `owners[i]` and `offsets[i]` say where character i stands. */
    constructor(root) {
      this.root = root;
      this.text = "";
      this.html = "";
      this.nodes = [];
      this.owners = []; // index into nodes, -1 for a character that no text node holds
      this.offsets = [];
    }
  }

  class Writer {
    constructor(reading) {
      this.reading = reading;
      this.words = [];
      this.markup = [];
      this.atSpace = true;
      this.breaks = 0;
    }

    put(character, owner, offset) {
      this.words.push(character);
      this.reading.owners.push(owner);
      this.reading.offsets.push(offset);
    }

    addNode(node) {
      const owner = this.reading.nodes.push(node) - 1;
      const data = node.data;
      for (let offset = 0; offset < data.length; offset += 1) {
        const character = data[offset];
        if (INVISIBLE.test(character)) continue;
        if (!SPACE.test(character)) {
          this.put(character, owner, offset);
          this.atSpace = false;
          this.breaks = 0;
        } else if (!this.atSpace) {
          this.put(" ", owner, offset);
          this.atSpace = true;
        }
      }
      this.markup.push(escapeText(data));
    }

    addMark(mark) {
      this.put(mark, -1, 0);
      this.atSpace = false;
      this.breaks = 0;
    }

    addLineBreak() {
      this.breaks += 1;
      if (this.breaks > 1) this.addBreak();
      else if (!this.atSpace) {
        this.put(" ", -1, 0);
        this.atSpace = true;
      }
    }

    addBreak() {
      this.breaks = 0;
      this.atSpace = true;
      this.dropSpace();
      if (this.words.length && this.words.at(-1) !== BREAK) this.put(BREAK, -1, 0);
    }

    dropSpace() {
      if (this.words.at(-1) !== " ") return;
      this.words.pop();
      this.reading.owners.pop();
      this.reading.offsets.pop();
    }

    finish() {
      this.dropSpace();
      if (this.words.at(-1) === BREAK) {
        this.words.pop();
        this.reading.owners.pop();
        this.reading.offsets.pop();
      }
      this.reading.text = this.words.join("");
      this.reading.html = this.markup.join("");
      return this.reading;
    }
  }

  /** Read what is shown of `root`. The stack is our own: documents nest deeper than recursion goes. */
  function read(root) {
    const writer = new Writer(new Reading(root));
    const isEditor = verbatim.editor === root;
    const stack = [{ node: root, quotes: 0, visible: true }];
    while (stack.length) {
      const step = stack.pop();
      if (step.leave) step.leave();
      else if (step.node.nodeType === Node.TEXT_NODE) {
        if (step.visible) writer.addNode(step.node);
      } else if (step.node.nodeType === Node.ELEMENT_NODE) enter(step, writer, stack, root, isEditor);
    }
    return writer.finish();
  }

  function enter({ node, quotes }, writer, stack, root, isEditor) {
    const name = node.localName;
    if (name === "br") {
      writer.addLineBreak();
      writer.markup.push("<br>");
      return;
    }
    if (node !== root && isSilent(node, name) && !(isEditor && isEditable(node))) return;
    const style = getComputedStyle(node);
    if (style.display === "none") return;
    const block = isBlock(name, style);
    const tag = nameFor(name, block);
    if (block) writer.addBreak();
    writer.markup.push(openTag(node, tag));
    if (name === "q") writer.addMark("“‘"[quotes % 2]);
    stack.push({ leave: () => leave(writer, { name, tag, block, quotes }) });
    const visible = style.visibility === "visible";
    const inner = name === "q" ? quotes + 1 : quotes;
    for (let child = node.lastChild; child; child = child.previousSibling) {
      stack.push({ node: child, quotes: inner, visible });
    }
  }

  function leave(writer, { name, tag, block, quotes }) {
    if (name === "q") writer.addMark("”’"[quotes % 2]);
    if (!VOID.has(tag)) writer.markup.push(`</${tag}>`);
    if (block) writer.addBreak();
  }

  function isSilent(element, name) {
    return (
      SILENT.has(name) ||
      element.hasAttribute("popover") ||
      element.getAttribute("aria-hidden") === "true" ||
      isEditable(element)
    );
  }

  function isEditable(element) {
    return ["", "true", "plaintext-only"].includes(element.getAttribute("contenteditable"));
  }

  /** Whether an element's words stand apart from those around it. A floated initial does not. */
  function isBlock(name, style) {
    const { display, position } = style;
    if (INLINE.has(name) && (style.float !== "none" || position === "absolute")) return false;
    return !(display.startsWith("inline") || display === "contents" || display.startsWith("ruby"));
  }

  function nameFor(name, block) {
    if (name === "img" || name === "hr") return name;
    if (NAMED.has(name) && block !== INLINE.has(name)) return name;
    return block ? "div" : "span";
  }

  /** A start tag: of attributes only the classes, by which captions are known, and what marks a footnote. */
  function openTag(element, tag) {
    const given = (element.getAttribute("class") ?? "").slice(0, MOST_CLASS);
    const note = tag === "a" && (element.getAttribute("href") ?? "").startsWith("#");
    return `<${tag}${given ? ` class="${escapeText(given)}"` : ""}${note ? ' href="#"' : ""}>`;
  }

  function escapeText(text) {
    return text.replace(/[&<>"]/g, (mark) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[mark]);
  }

  // What editors that have a field for each paragraph put around all of them (WordPress' Gutenberg, Editor.js, Notion).
  const AROUND_FIELDS = ".is-root-container, .block-editor-block-list__layout, .codex-editor__redactor, .notion-page-content";

  /** The editor that the reader is writing in, where it has most of the page's words: the outermost element that is
   *  edited around the caret, or what holds it with its fellows. Else null: a comment field is nobody's business. */
  function findEditor(page = document) {
    const field = page.activeElement;
    if (!field?.isContentEditable) return null;
    let editor = field;
    while (editor.parentElement?.isContentEditable) editor = editor.parentElement;
    const around = editor.closest(AROUND_FIELDS);
    const whole = around?.parentElement?.closest(AROUND_FIELDS) ?? around ?? editor;
    return whole.textContent.length >= wordsIn(page.body) / 2 ? whole : null;
  }

  /** Whether the page draws its words as a picture, as Google Docs does: a large canvas and hardly a paragraph. */
  function isDrawn(page = document) {
    const large = [...page.querySelectorAll("canvas")].some(({ offsetWidth, offsetHeight }) => offsetWidth >= 400 && offsetHeight >= 300);
    return large && wordsIn(page.body) < 200;
  }

  /** The element that holds the article: the editor that was written in at the click, else the article; the
   *  body where none surely does. */
  function chooseRoot(page = document) {
    if (verbatim.editor?.isConnected) return verbatim.editor;
    const whole = wordsIn(page.body);
    const within = (selector, share) => {
      const sizes = [...page.querySelectorAll(selector)].slice(0, 200).map((one) => [wordsIn(one), one]);
      const [size, best] = sizes.reduce((most, one) => (one[0] > most[0] ? one : most), [0, null]);
      return size >= 200 && size >= share * whole ? best : null;
    };
    return (
      within('[itemprop="articleBody"]', 0.5) ?? within("article", 0.6) ?? within('main, [role="main"]', 0.5) ?? page.body
    );
  }

  /** Characters in paragraphs below an element, which is where articles have most of theirs. */
  function wordsIn(element) {
    let size = 0;
    for (const paragraph of element?.querySelectorAll("p") ?? []) size += paragraph.textContent.length;
    return size;
  }

  /** Text as the service answers it, folded like a page's words: code point i stands at [starts[i], ends[i]). */
  function fold(text) {
    const words = [];
    const starts = [];
    const ends = [];
    let length = 0;
    let pending = ""; // white space goes out with the next word, so that none is left at the ends
    let before = "";
    for (const point of text) {
      const isSpace = SPACE.test(point);
      if (isSpace) pending = pending === BREAK || (point === "\n" && before === "\n") ? BREAK : " ";
      if (isSpace || INVISIBLE.test(point)) {
        starts.push(length + (pending && length ? 1 : 0));
        ends.push(length);
      } else {
        if (pending && length) {
          words.push(pending);
          length += 1;
        }
        pending = "";
        words.push(point);
        starts.push(length);
        length += point.length;
        ends.push(length);
      }
      before = point;
    }
    return { text: words.join(""), starts, ends };
  }

  const PUBLISHED = [
    ['meta[property="article:published_time"]', "content"],
    ['meta[itemprop="datePublished"]', "content"],
    ['time[itemprop="datePublished"]', "datetime"],
    ["article time[datetime]", "datetime"],
  ];

  /** The day on which the page says that it was published, YYYY-MM-DD; null where it says none. */
  function findPublished(page = document) {
    const linked = [...page.querySelectorAll('script[type="application/ld+json"]')]
      .map((script) => /"datePublished"\s*:\s*"([^"]{10,40})"/.exec(script.textContent)?.[1]);
    const given = PUBLISHED.map(([selector, name]) => page.querySelector(selector)?.getAttribute(name));
    return [given[0], ...linked, ...given.slice(1)].map(readDay).find(Boolean) ?? null;
  }

  function readDay(text) {
    const day = /^\s*(\d{4}-\d{2}-\d{2})(?:$|[T\s])/.exec(text ?? "")?.[1];
    const time = day ? Date.parse(`${day}T00:00:00Z`) : NaN;
    const isReal = !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
    return isReal && time <= Date.now() + 86_400_000 ? day : null;
  }

  /** The language that the page declares; null where what it says is no language tag. */
  function findLanguage(root) {
    const given = root.closest("[lang]")?.getAttribute("lang")?.trim().replaceAll("_", "-") ?? "";
    return /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(given) && given.length <= 35 ? given : null;
  }

  Object.assign(verbatim, { read, chooseRoot, findEditor, isDrawn, fold, findPublished, findLanguage, BREAK });
}
