// The labels of verdicts for people: words, tone and icon of each, the same as on the dashboard
// (service/web/dashboard/labels.py). A tone is never all there is: the icon and the word say the same.
"use strict";
{
  const verbatim = (globalThis.verbatim ??= {});

  const LABELS = {
    wrong_person: ["bad", "swap"],
    changed: ["bad", "altered"],
    paraphrased: ["care", "paraphrase"],
    context: ["unsure", "cut"],
    confirmed: ["good", "check"],
    words_only: ["fine", "person"],
    repeated: ["fine", "again"],
    supported: ["good", "check"],
    partly_supported: ["fine", "half"],
    unclear: ["unsure", "ambiguous"],
    not_in_sources: ["bad", "missing"],
    not_found: ["none", "missing"],
  };
  // Only what a reader has to be told beside the verdict's own label.
  const TIME = { recycled: ["care", "again"], anachronistic: ["bad", "again"] };
  // How bad it is goes before the tone that a label has by itself.
  const SEVERITY = { 2: "care", 3: "bad" };
  const WORST_FIRST = ["bad", "care", "unsure", "fine", "good", "none"];

  // Strokes on a field of 16 by 16.
  const ICONS = {
    check: "M3 8.5l3.2 3.2L13 4.8",
    cut: "M4.5 4.5l8 7M4.5 11.5l8-7M3.5 3.5h.01M3.5 12.5h.01",
    altered: "M3 6h10M3 10h10M10.5 2.5l-5 11",
    paraphrase: "M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2z",
    ambiguous: "M8 13V8M8 8L3.5 3.5M8 8l4.5-4.5",
    missing: "M5.5 5.8a2.6 2.6 0 1 1 3.6 2.4c-.8.4-1.1.9-1.1 1.8M8 12.6h.01",
    half: "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11",
    person: "M8 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.5c.5-3 2.5-4 5-4s4.5 1 5 4",
    swap: "M3 5.5h9.5M10 3l2.5 2.5L10 8M13 10.5H3.5M6 8l-2.5 2.5L6 13",
    again: "M13 8a5 5 0 1 1-1.5-3.5M13 2.5v3h-3",
    close: "M4 4l8 8M12 4l-8 8",
    alert: "M8 2.5l6 11H2zM8 6.5v3.5M8 11.8h.01",
  };

  const text = (key, ...given) => chrome.i18n.getMessage(key, given.map(String));

  function label(axis, table, code) {
    const row = table[code];
    return row && { axis, code, tone: row[0], icon: row[1], word: text(`${axis}_${code}`), meaning: text(`${axis}_${code}_means`) };
  }

  /** What is to be said of a verdict: its own label first, then the time where that matters. */
  function labelsOf(verdict) {
    const own = label("label", LABELS, verdict?.label) ?? label("label", LABELS, "unclear");
    own.tone = SEVERITY[verdict?.severity] ?? own.tone;
    if (own.tone === "none") return [own];
    return [own, label("time", TIME, verdict?.time)].filter(Boolean);
  }

  /** The one that a mark on the page has room for: the worst. */
  function worstOf(verdict) {
    const rank = ({ tone }) => WORST_FIRST.indexOf(tone);
    return labelsOf(verdict).reduce((worst, one) => (rank(one) < rank(worst) ? one : worst));
  }

  Object.assign(verbatim, { ICONS, TONES: WORST_FIRST, text, labelsOf, worstOf });
}
