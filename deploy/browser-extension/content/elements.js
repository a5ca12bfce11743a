// Building elements without markup: every word of an answer goes in as text, every address is looked at first.
"use strict";
{
  const verbatim = (globalThis.verbatim ??= {});
  const SVG = "http://www.w3.org/2000/svg";

  /** An element. `given` are attributes, or properties where they are functions; children are nodes and strings. */
  function make(name, given = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(given)) {
      if (typeof value === "function") element.addEventListener(key, value);
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  }

  function icon(name) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", verbatim.ICONS[name]);
    svg.append(path);
    return svg;
  }

  /** A link to an http or https address that opens in a tab of its own; plain words for any other. */
  function link(address, words, fragment = "") {
    let url;
    try {
      url = new URL(address);
    } catch {
      return make("span", {}, words);
    }
    if (url.protocol !== "https:" && url.protocol !== "http:") return make("span", {}, words);
    const href = fragment && !url.hash ? `${url.href}#${fragment}` : url.href;
    return make("a", { href, target: "_blank", rel: "noopener noreferrer" }, words);
  }

  /** The fragment that has a browser scroll to words on a page and mark them (`#:~:text=`). */
  function textFragment(words) {
    const parts = String(words).trim().split(/\s+/);
    const encode = (some) => encodeURIComponent(some.join(" ")).replaceAll("-", "%2D");
    if (!parts[0]) return "";
    return `:~:text=${parts.length > 10 ? `${encode(parts.slice(0, 4))},${encode(parts.slice(-4))}` : encode(parts)}`;
  }

  const day = (text) => {
    const time = Date.parse(`${text}T12:00:00`);
    return Number.isNaN(time) ? "" : new Date(time).toLocaleDateString(chrome.i18n.getUILanguage(), { dateStyle: "medium" });
  };

  function labelBadge({ tone, icon: name, word, meaning }) {
    return make("span", { class: `label ${tone}`, title: meaning }, icon(name), word);
  }

  Object.assign(verbatim, { make, icon, link, textFragment, day, labelBadge });
}
