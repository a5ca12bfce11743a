// What is put into the page: one empty element with a closed shadow tree, and in that a frame for all words.
//
// The shadow tree alone would not keep words from the page: `window.find` looks into closed trees, and what it
// finds is selected and can be read. It does not look into frames; and frames within a shadow tree are in no
// list of the page's. A frame without an address is the extension's to fill, whatever the page's policy says.
"use strict";
{
  const verbatim = (globalThis.verbatim ??= {});
  const GAP = 8;

  class Shell {
    /** `onEscape` is called for the key, wherever the focus is. */
    constructor(onEscape) {
      this.host = document.createElement("verbatim-shell");
      this.root = this.host.attachShadow({ mode: "closed" });
      verbatim.dressShell(this.root);
      this.keys = (event) => {
        if (event.key !== "Escape" || !event.isTrusted) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        onEscape();
      };
    }

    /** Put the shell into the page, above all else. */
    open() {
      if (!this.host.isConnected) document.documentElement.append(this.host);
      this.host.popover = "manual";
      if (!this.host.matches(":popover-open")) this.host.showPopover();
      window.addEventListener("keydown", this.keys, true);
    }

    close() {
      window.removeEventListener("keydown", this.keys, true);
      this.host.remove();
    }
  }

  class Surface {
    /** A frame of `shell` with a face to fill; `kind` is "card" or "list", `title` what it is to a screen reader. */
    constructor(shell, kind, title) {
      this.frame = verbatim.make("iframe", { class: `frame ${kind}`, title });
      this.face = verbatim.make("div", { class: "face" });
      shell.root.append(this.frame);
      if (!this.frame.contentDocument) {
        this.mountWithoutFrame(shell, kind);
        return;
      }
      const mount = () => this.mount(shell, title);
      this.frame.addEventListener("load", mount); // Firefox puts a new document into a frame after a while
      mount();
    }

    mount(shell, title) {
      const page = this.frame.contentDocument;
      if (this.face.ownerDocument === page) return;
      page.documentElement.lang = chrome.i18n.getUILanguage();
      page.title = title;
      verbatim.dressPage(page);
      page.body.replaceChildren(this.face);
      page.defaultView.addEventListener("keydown", shell.keys, true);
    }

    /** On a page whose policy is a sandbox a frame is another's: the words are in the closed tree itself. */
    mountWithoutFrame(shell, kind) {
      const place = verbatim.make("div", { class: `frame ${kind}` }, this.face);
      this.frame.replaceWith(place);
      this.frame = place;
      verbatim.dressWhole(shell.root);
    }

    get focused() {
      return (this.frame.contentDocument ?? this.frame.getRootNode()).activeElement;
    }

    close() {
      this.frame.remove();
    }

    /** As high as what is in it, and beside a rectangle of the window, wholly in sight. */
    lay(box) {
      const { innerWidth, innerHeight } = window;
      this.frame.style.blockSize = "0";
      this.frame.style.blockSize = `${this.face.scrollHeight + 2}px`;
      const { offsetWidth: width, offsetHeight: height } = this.frame;
      const clamp = (value, most) => Math.max(GAP, Math.min(value, most - GAP));
      const below = box.bottom + GAP;
      const fits = below + height + GAP <= innerHeight || box.top < height + 2 * GAP;
      this.frame.style.left = `${clamp(box.left, innerWidth - width)}px`;
      this.frame.style.top = `${clamp(fits ? below : box.top - height - GAP, innerHeight - height)}px`;
    }
  }

  Object.assign(verbatim, { Shell, Surface });
}
