// The one element that is put into the page: an empty shell whose closed shadow tree the page cannot look into.
"use strict";
{
  const verbatim = (globalThis.verbatim ??= {});
  const GAP = 8;

  class Shell {
    constructor() {
      this.host = document.createElement("verbatim-shell");
      this.root = this.host.attachShadow({ mode: "closed" });
      verbatim.dress(this.root);
      this.face = verbatim.make("div", { class: "face", lang: chrome.i18n.getUILanguage() });
      this.root.append(this.face);
      const style = this.host.style; // beside the sheet's own rules, for a page that gives all elements inline ones
      for (const [name, value] of [["all", "initial"], ["display", "block"], ["position", "absolute"]]) {
        style.setProperty(name, value, "important");
      }
      this.keys = (event) => this.pressed(event);
      this.onEscape = () => {};
    }

    /** Put the shell into the page, above all else; into its place again where the page took it out. */
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

    pressed(event) {
      if (event.key !== "Escape" || !event.isTrusted) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.onEscape();
    }

    /** Lay a card beside a rectangle of the window, wholly in sight. */
    lay(card, box) {
      const { innerWidth, innerHeight } = window;
      const { offsetWidth: width, offsetHeight: height } = card;
      const clamp = (value, most) => Math.max(GAP, Math.min(value, most - GAP));
      const below = box.bottom + GAP;
      const fits = below + height + GAP <= innerHeight || box.top < height + 2 * GAP;
      card.style.left = `${clamp(box.left, innerWidth - width)}px`;
      card.style.top = `${clamp(fits ? below : box.top - height - GAP, innerHeight - height)}px`;
    }
  }

  Object.assign(verbatim, { Shell });
}
