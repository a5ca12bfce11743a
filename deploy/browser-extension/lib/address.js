// Which server's address may be configured.

const LOOPBACK = new Set(["localhost", "127.0.0.1"]);

/** The address as it is kept, without a slash at its end, or why it cannot be: {address} or {fault}. */
export function readAddress(given) {
  const text = given.trim();
  if (!text) return { fault: "addressMissing" };
  let url;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    return { fault: "addressInvalid" };
  }
  if (url.protocol === "http:" && !LOOPBACK.has(url.hostname)) return { fault: "addressInsecure" };
  if (url.protocol !== "https:" && url.protocol !== "http:") return { fault: "addressInvalid" };
  if (url.username || url.password) return { fault: "addressWithPassword" };
  if (url.search || url.hash || !url.hostname) return { fault: "addressInvalid" };
  return { address: `${url.origin}${url.pathname.replace(/\/+$/, "")}` };
}

/** The match pattern of an address, for which the browser asks the reader's permission. */
export function patternOf(address) {
  const url = new URL(address);
  return `${url.protocol}//${url.hostname}/*`; // Firefox knows no ports in patterns
}
