// How the page talks to the server: JSON over HTTP, and news by server-sent events that heal themselves.

const BASE = "/chat/api/";
const SILENCE_MS = 40000; // two heartbeats missed: the line is dead even if nobody said so
const REOPEN_MS = 4000;

export class Refused extends Error {
  constructor(status, message, wait) {
    super(message);
    this.status = status;
    this.wait = wait;
  }

  // Worth another try later, with the same content.
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export async function readAnswer(status, text, retryAfter) {
  let value = {};
  try {
    value = text ? JSON.parse(text) : {};
  } catch {
    // A proxy's error page: its status says enough.
  }
  if (status >= 200 && status < 300) return value;
  throw new Refused(status, value.message || "", Number(retryAfter) || 0);
}

async function call(path, options) {
  let response;
  try {
    const limit = AbortSignal.timeout ? AbortSignal.timeout(20000) : undefined;
    response = await fetch(BASE + path, { credentials: "same-origin", cache: "no-store", signal: limit, ...options });
  } catch {
    throw new Refused(0, "", 0);
  }
  const text = await response.text().catch(() => "");
  return readAnswer(response.status, text, response.headers.get("Retry-After"));
}

function post(path, value) {
  const headers = { "Content-Type": "application/json" };
  return call(path, { method: "POST", headers, body: JSON.stringify(value) });
}

export const openSession = () => post("session", {});
export const endSession = () => post("session/end", {});
export const postMessage = (message) => post("messages", message);
export const readHistory = () => call("history", {});

export function newId() {
  // crypto.randomUUID is missing where the page is reached by plain http.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class News {
  constructor({ onLine, onState, onLost }) {
    Object.assign(this, { onLine, onState, onLost });
    this.last = "";
    this.heard = 0;
    addEventListener("online", () => this.open());
    addEventListener("offline", () => this.onState(false));
    document.addEventListener("visibilitychange", () => this.check(20000));
    setInterval(() => this.check(SILENCE_MS), 10000);
  }

  check(silence) {
    if (this.source && !document.hidden && Date.now() - this.heard > silence) this.open();
  }

  open(last = this.last) {
    this.last = last;
    clearTimeout(this.timer);
    this.source?.close();
    const query = last ? `?after=${encodeURIComponent(last)}` : "";
    const source = new EventSource(`${BASE}events${query}`);
    this.source = source;
    this.heard = Date.now();
    source.addEventListener("beat", () => this.hear());
    source.addEventListener("line", (event) => {
      this.hear();
      if (event.lastEventId > this.last) this.last = event.lastEventId;
      this.onLine(JSON.parse(event.data));
    });
    source.onerror = () => {
      this.onState(false);
      // Closed for good means that the server answered with a refusal: look whether the session still lives.
      if (source.readyState === EventSource.CLOSED) this.timer = setTimeout(() => this.onLost(), REOPEN_MS);
    };
  }

  hear() {
    this.heard = Date.now();
    this.onState(true);
  }

  close() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }
}
