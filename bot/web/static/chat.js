// Puts the chat page together: session, history, news, and what the buttons do.

import { endSession, News, openSession, readHistory } from "./api.js";
import { makeAttaching } from "./attach.js";
import { Lines } from "./lines.js";
import { findPlace } from "./place.js";
import { Queue } from "./queue.js";
import {
  follow, grow, page, prepareView, say, showBlocked, showConnection, showTyping, toBottom, whenSpeaking,
} from "./view.js";
import { makeVoice } from "./voice.js";
import { WORDS } from "./words.js";

const PHONE = /^\+?[0-9][0-9 .-]{6,18}[0-9]$/;
const BLOCKED_MS = 600000;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const query = new URLSearchParams(location.search);

let replyTo = null;
let wantsPhone = false;
let answeredAt = 0;
let sentAt = 0;
let connecting = null;
let lastChoice = { action: null, at: 0 };

const lines = new Lines(page.log, { choose, reply, ask, speak: null });
whenSpeaking((speak) => {
  lines.actions.speak = speak;
});

function receive(line) {
  const fresh = lines.put(line);
  if (!line.mine) {
    answeredAt = Date.now();
    showTyping(false);
    wantsPhone = line.ask === "phone";
  }
  follow(fresh, line.mine ? null : lines.byId.get(line.id));
}

// --- what the person sends --------------------------------------------------------------------------

const queue = new Queue({
  onRetry: (message, words) => lines.setState(message.id, words || WORDS.retrying, true),
  onSent: (message, began) => {
    lines.setState(message.id, "", false);
    if (message.kind === "start") forgetStart();
    voice.settle(message.id, true);
    if (answeredAt < began) showTyping(true); // the answer may have overtaken our own receipt
  },
  onRefused: (message, words) => {
    lines.remove(message.id);
    if (message.kind === "text") page.text.value = [message.text, page.text.value].filter(Boolean).join("\n");
    if (message.kind === "start") forgetStart();
    voice.settle(message.id, false);
    say(page.alert, words || WORDS.failed);
    grow();
  },
  onSessionLost: async () => {
    await pause(500);
    await connect();
  },
});

function send(message, shown) {
  say(page.alert, "");
  const sent = queue.add(message);
  if (shown) {
    const line = { mine: true, at: new Date().toISOString(), text: "", ref: sent.id, replyTo: message.reply_to, ...shown };
    lines.putAhead(line);
    lines.setState(sent.id, WORDS.sending, false);
    toBottom();
  }
  return sent;
}

function sendText() {
  const text = page.text.value.trim();
  if (!text) return sayEmpty();
  page.text.value = "";
  sentAt = Date.now();
  grow();
  const message = wantsPhone && PHONE.test(text) ? { kind: "phone", phone: text } : { kind: "text", text };
  if (replyTo) message.reply_to = replyTo;
  reply(null);
  send(message, { text });
}

// Told to tap «Gửi» above, many tap this one: it must not look as if that had sent anything.
function sayEmpty() {
  if (Date.now() - sentAt < 2000) return; // the second tap of a trembling hand
  say(page.alert, WORDS.empty);
  page.text.focus();
}

function choose(title, action) {
  // A trembling hand taps twice.
  const now = Date.now();
  if (lastChoice.action === action && now - lastChoice.at < 800) return;
  lastChoice = { action, at: now };
  send({ kind: "choice", text: title, action }, { text: title });
}

function reply(line) {
  replyTo = line ? line.ref : null;
  page.quote.hidden = !line;
  page.quoted.textContent = line ? lines.preview(line.ref) : "";
  if (line) page.text.focus();
}

function ask(kind) {
  if (kind === "location") sendPlace();
  else if (kind === "photo") page.files.click();
  else if (kind === "document") page.document.click();
  else {
    page.text.inputMode = "tel";
    page.text.focus();
  }
}

async function sendPlace() {
  say(page.alert, WORDS.finding);
  page.place.disabled = true;
  try {
    const location = await findPlace();
    send({ kind: "location", location }, { location });
  } catch (error) {
    say(page.alert, error.message);
    page.text.focus();
  }
  page.place.disabled = false;
}

// Photos, documents and what was said; the words that stand in the box go along.
function tell(message, shown) {
  const text = page.text.value.trim();
  page.text.value = "";
  const whole = { ...message, text, ...(replyTo && { reply_to: replyTo }) };
  reply(null);
  grow();
  return send(whole, { text: [shown, text].filter(Boolean).join("\n"), voice: message.seconds });
}

const { sendPhotos, sendDocument } = makeAttaching(tell);
const voice = makeVoice((message) => tell(message, ""), connect);

// --- session ----------------------------------------------------------------------------------------

function forgetStart() {
  const url = new URL(location.href);
  url.searchParams.delete("start");
  history.replaceState(null, "", url);
}

// Resolves with true when nothing was said in this session yet. Whoever asks meanwhile waits for the same.
function connect() {
  connecting ??= connectNow().finally(() => {
    connecting = null;
  });
  return connecting;
}

async function connectNow() {
  for (let wait = 1000; ; wait = Math.min(wait * 2, 15000)) {
    try {
      return await resume();
    } catch (refused) {
      showConnection(false);
      if (refused.status === 401) {
        // A session that is gone the moment it was opened: the browser keeps no cookie for us.
        showBlocked();
        wait = BLOCKED_MS;
      }
      await pause(refused.wait * 1000 || wait);
    }
  }
}

async function resume() {
  const session = await openSession();
  if (session.new) lines.clear();
  const past = (await readHistory()).lines;
  past.forEach(receive);
  toBottom();
  if (past.at(-1)?.pending) showTyping(true);
  news.open(past.at(-1)?.id ?? "");
  return session.new || past.length === 0;
}

const news = new News({ onLine: receive, onState: showConnection, onLost: connect });

async function boot() {
  const first = await connect();
  // From here on a screen reader reads what comes; the past was only shown.
  page.log.setAttribute("aria-live", "polite");
  const start = query.get("start");
  if (start) send({ kind: "start", start });
  // The same id every time: a reload before the answer does not greet twice.
  else if (first) send({ kind: "begin", id: "begin-conversation" });
}

async function leave() {
  if (page.leave.textContent !== WORDS.leaveSure) {
    say(page.leave, WORDS.leaveSure);
    setTimeout(() => say(page.leave, WORDS.leave), 6000);
    return;
  }
  try {
    await endSession();
    news.close();
    voice.forget();
    location.replace(location.pathname + (query.has("embed") ? "?embed=1" : ""));
  } catch {
    say(page.alert, WORDS.failed);
  }
}

// --- buttons ----------------------------------------------------------------------------------------

function onEscape() {
  if (voice.escape()) return;
  if (replyTo) reply(null);
  else if (parent !== window) parent.postMessage("nghedan:close", "*"); // holds nothing: any frame may hear it
}

page.form.addEventListener("submit", (event) => {
  event.preventDefault();
  sendText();
});
page.text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendText();
});
page.text.addEventListener("blur", () => page.text.removeAttribute("inputmode"));
page.unquote.addEventListener("click", () => {
  reply(null);
  page.text.focus();
});
page.photo.addEventListener("click", () => page.files.click());
page.files.addEventListener("change", () => sendPhotos([...page.files.files]));
page.document.addEventListener("change", () => sendDocument([...page.document.files]));
page.place.addEventListener("click", sendPlace);
page.leave.addEventListener("click", leave);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") onEscape();
});

document.documentElement.classList.toggle("embed", query.get("embed") === "1");
prepareView();
boot();
