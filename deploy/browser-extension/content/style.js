// How the popover looks. A constructed style sheet: the page's policy does not reach it, its rules neither.
"use strict";
{
  const verbatim = (globalThis.verbatim ??= {});

  // What may be laid over a page has to undo whatever the page says of all elements; importance inside a
  // shadow tree outweighs importance outside it.
  const SHELL = `
:host {
  all: initial !important; direction: ltr !important; unicode-bidi: isolate !important;
  display: block !important; position: absolute !important; inset: 0 auto auto 0 !important;
  inline-size: 0 !important; block-size: 0 !important; overflow: visible !important; z-index: 2147483647 !important;
  margin: 0 !important; padding: 0 !important; border: 0 !important; background: none !important;
  opacity: 1 !important; visibility: visible !important; transform: none !important; filter: none !important;
  transition: none !important; animation: none !important; pointer-events: auto !important;
  color-scheme: light dark !important; contain: none !important; clip-path: none !important;
}`;

  // The frames that hold all words, and the chips, which have none.
  const FRAMES = `
.frame { position: fixed; overflow: auto; border: 1px solid var(--line); background: var(--ground); box-shadow: 0 8px 30px rgb(0 0 0 / .28);
  color-scheme: light dark; margin: 0; padding: 0; box-sizing: border-box; }
.card { inline-size: min(400px, calc(100vw - 16px)); max-block-size: min(560px, calc(100vh - 16px)); border-radius: 10px; z-index: 3; }
.list { inset: 0 0 0 auto; inline-size: min(360px, 100vw); block-size: 100%; z-index: 2; border-block: 0; border-inline-end: 0; }
.chip { all: unset; position: absolute; inline-size: 24px; block-size: 24px; display: grid; place-items: center; z-index: 1; cursor: pointer; }
.chip[hidden] { display: none; }
.chip:focus-visible { outline: 3px solid var(--link); outline-offset: -1px; border-radius: 50%; }
.chip span { display: grid; place-items: center; box-sizing: border-box; inline-size: 18px; block-size: 18px; border-radius: 50%;
  background: var(--ground); color: var(--tone); border: 1.5px solid var(--tone); }
svg { inline-size: 12px; block-size: 12px; fill: none; stroke: currentColor; stroke-width: 2.4; stroke-linecap: round;
  stroke-linejoin: round; }
@media (max-width: 720px) {
  .list { inset: auto 0 0 0; inline-size: 100%; block-size: 42vh; border-inline: 0; border-block-start: 1px solid var(--line); }
  .card { inset: 8px 8px auto 8px !important; max-block-size: 54vh; inline-size: calc(100% - 16px); }
}
@media print { .frame, .chip { display: none; } }
@media (forced-colors: active) { .chip span { border-color: CanvasText; } }`;

  const TONES = `
:host, :root {
  --ground: #fff; --raised: #f4f5f7; --ink: #1b1f24; --soft: #555e68; --line: #c9ced6; --link: #0b57b0;
  --good: #14692f; --fine: #0d6370; --care: #8a4b00; --bad: #b3141c; --unsure: #6b3fa0; --none: #545c66;
}
@media (prefers-color-scheme: dark) {
  :host, :root {
    --ground: #1b1f24; --raised: #262c33; --ink: #eceff3; --soft: #b3bbc5; --line: #47505b; --link: #8ab8ff;
    --good: #6fd08c; --fine: #67cbd9; --care: #f2b56b; --bad: #ff9a94; --unsure: #cfb0f5; --none: #b8c0ca;
  }
}
.good { --tone: var(--good); } .fine { --tone: var(--fine); } .care { --tone: var(--care); }
.bad { --tone: var(--bad); } .unsure { --tone: var(--unsure); } .none { --tone: var(--none); }`;

  const LOOK = `
:root { color-scheme: light dark; background: var(--ground); }
body { margin: 0; }
.face { font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: var(--ink); }
.face *, .face { box-sizing: border-box; }
[hidden] { display: none !important; }
h1, h2, p, ul, ol, dl, dd, blockquote { margin: 0; padding: 0; font-size: inherit; font-weight: inherit; }
ul, ol { list-style: none; }
h1 { font-size: 16px; font-weight: 650; }
h2 { font-size: 13px; font-weight: 650; color: var(--soft); margin-block: 14px 4px; }
svg { inline-size: 16px; block-size: 16px; flex: none; fill: none; stroke: currentColor; stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round; }
a { color: var(--link); text-decoration: underline; overflow-wrap: anywhere; }
button { font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 6px;
  padding: 5px 12px; min-block-size: 32px; cursor: pointer; text-align: start; }
button:hover { border-color: var(--ink); }
button:disabled { color: var(--soft); cursor: default; border-color: var(--line); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.surface:focus { outline: none; }
.surface:focus-visible { outline: 3px solid var(--link); outline-offset: -3px; border-radius: 9px; }
.surface { padding: 14px 16px; }
.head { display: flex; align-items: start; justify-content: space-between; gap: 8px; margin-block-end: 8px; }
.icon { padding: 0; inline-size: 32px; display: inline-grid; place-items: center; border-color: transparent;
  background: none; flex: none; }
.words { border-inline-start: 3px solid var(--line); padding-inline-start: 10px; color: var(--soft); margin-block-end: 10px;
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden; overflow-wrap: anywhere; }
.labels { display: flex; flex-wrap: wrap; gap: 6px; margin-block-end: 8px; }
.label { display: inline-flex; align-items: center; gap: 5px; padding: 2px 9px 2px 7px; border-radius: 99px;
  border: 1.5px solid var(--tone); color: var(--tone); font-weight: 650; font-size: 14px; }
.soft, .small { color: var(--soft); font-size: 13px; }
.fact { margin-block-start: 8px; overflow-wrap: anywhere; }
.fact dt { font-size: 13px; color: var(--soft); }
.fact dd { margin-block-end: 6px; }
.steps { overflow-wrap: anywhere; background: var(--raised); border-radius: 6px; padding: 8px 10px; }
ins { text-decoration: underline 2px; color: var(--good); } del { text-decoration: line-through 2px; color: var(--bad); }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.check + .check { margin-block-start: 10px; border-block-start: 1px solid var(--line); padding-block-start: 8px; }
.acts { display: flex; flex-wrap: wrap; gap: 8px; margin-block-start: 12px; }
.fault { display: flex; gap: 8px; align-items: start; } .fault svg { color: var(--care); margin-block-start: 3px; }
.turning { inline-size: 16px; block-size: 16px; border: 2px solid var(--line); border-top-color: var(--link);
  border-radius: 50%; animation: turn .8s linear infinite; flex: none; }
@keyframes turn { to { rotate: 1turn; } }
.waiting { display: flex; gap: 10px; align-items: center; }
.counts { display: flex; flex-wrap: wrap; gap: 6px; margin-block: 8px; }
.counts button { display: inline-flex; gap: 5px; align-items: center; padding: 2px 10px; color: var(--tone); border-color: var(--tone);
  background: none; border-radius: 99px; font-size: 13px; }
.counts button[aria-pressed="true"] { background: var(--tone); color: var(--ground); }
.rows button { inline-size: 100%; background: none; border: 0; border-block-end: 1px solid var(--line); border-radius: 0; padding: 9px 6px; }
.rows button:hover, .rows button[aria-current="true"] { background: var(--raised); }
.rows .who { color: var(--soft); font-size: 13px; display: block; }
.rows .said { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: anywhere; }
.rows .verdict { display: inline-flex; gap: 5px; align-items: center; color: var(--tone); font-weight: 650; font-size: 13px;
  margin-inline-end: 10px; }
@media (prefers-reduced-motion: reduce) { .turning { animation-duration: 4s; } }
@media (forced-colors: active) { .label { border: 1px solid CanvasText; } }`;

  /** Give a document or a shadow tree its style. Its own window makes the sheets, which go nowhere else. */
  function dress(root, ...styles) {
    const page = root.ownerDocument ?? root;
    try {
      const { CSSStyleSheet: Sheet } = page.defaultView;
      root.adoptedStyleSheets = styles.map((style) => {
        const sheet = new Sheet();
        sheet.replaceSync(style);
        return sheet;
      });
    } catch { // a browser whose content scripts cannot have sheets adopted: as elements, where the page's policy lets them
      for (const style of styles) {
        const element = page.createElement("style");
        element.textContent = style;
        (root.head ?? root).append(element);
      }
    }
  }

  Object.assign(verbatim, {
    dressShell: (root) => dress(root, SHELL, TONES, FRAMES),
    dressWhole: (root) => dress(root, SHELL, TONES, LOOK, FRAMES), // where words have to be in the tree itself
    dressPage: (page) => dress(page, TONES, LOOK),
  });
}
