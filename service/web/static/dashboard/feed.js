// Follows the dashboard's events. The browser reconnects after a broken connection, with the last
// event's id; if the server refuses (too many clients, a restart), this waits longer each time.

const SHORTEST_MS = 2_000;
const LONGEST_MS = 60_000;
const HIDDEN_MS = 60_000;

/** The pause after so many refusals in a row, with jitter. */
export function patience(refusals, random = Math.random()) {
  const whole = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(refusals, 10));
  return whole * (0.5 + random / 2);
}

/** Call `told(type, number)` for each event of some types behind `after`, and `state("on" | "off")`. */
export function follow(types, after, told, state) {
  let last = after;
  let source = null;
  let refusals = 0;
  let waiting = 0;
  let hiding = 0;

  function open() {
    clearTimeout(waiting);
    waiting = 0;
    if (source) return;
    const query = new URLSearchParams({ types: types.map((type) => type.split(".")[0]).join(",") });
    if (last) query.set("after", last);
    source = new EventSource(`/dashboard/events?${query}`);
    for (const type of ["ready", "reset", ...types]) {
      source.addEventListener(type, (event) => {
        if (event.lastEventId) last = event.lastEventId;
        if (type === "ready") {
          refusals = 0;
          state("on");
        } else {
          told(type, Number.parseInt(last, 10) || 0);
        }
      });
    }
    source.addEventListener("error", () => {
      state("off");
      if (source?.readyState !== EventSource.CLOSED) return;
      source = null;
      if (!document.hidden) waiting = setTimeout(open, patience(refusals++));
    });
  }

  function close() {
    clearTimeout(waiting);
    waiting = 0;
    source?.close();
    source = null;
    state("off");
  }

  // A hidden page disconnects, so that others can connect.
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(close, HIDDEN_MS);
    else if (!source) open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && open());
  open();
  return close;
}
