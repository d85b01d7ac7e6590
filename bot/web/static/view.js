// The parts of the page and what they show: state lines, scrolling, letter size, reading aloud.

import { WORDS } from "./words.js";

const byId = (id) => document.getElementById(id);
export const page = Object.fromEntries(
  ["alert", "cancel", "clock", "deliver", "document", "drop", "files", "form", "leave", "log", "mic", "newer", "photo", "place", "progress",
    "quote", "quoted", "replay", "row", "scroll", "sent", "size", "state", "stop", "text", "told", "typing", "unquote", "upload",
    "uploading", "voice"].map((id) => [id, byId(id)]),
);

const SIZE_KEY = "nghedan-large"; // how big the letters are tells nothing about a person
const TYPING_MS = 20000;

let typingTimer = 0;
let pinned = true; // the person looks at the end and wants to see what comes
let placed = false; // the next scroll event is our own doing and tells nothing about the person

export function say(box, words) {
  if (box.textContent !== words) box.textContent = words;
}

function nearBottom() {
  return page.scroll.scrollHeight - page.scroll.scrollTop - page.scroll.clientHeight < 80;
}

export function toBottom() {
  pinned = true;
  placed = false;
  page.scroll.scrollTop = page.scroll.scrollHeight;
  page.newer.hidden = true;
}

// Something was added below: go along, or say that there is more. An answer that is taller than the screen
// is shown from its first word: its last buttons alone tell nobody what they are for.
export function follow(fresh, answer) {
  if (!pinned) {
    if (fresh) page.newer.hidden = false;
    return;
  }
  toBottom();
  // What was there before is told again after a broken connection: nobody wants to be led back to it.
  const cut = fresh && answer ? page.scroll.getBoundingClientRect().top - answer.getBoundingClientRect().top : 0;
  if (cut <= 0) return;
  pinned = false;
  placed = true;
  page.scroll.scrollTop -= cut + 8;
}

export function showTyping(on) {
  clearTimeout(typingTimer);
  say(page.typing, on ? WORDS.typing : "");
  if (on) typingTimer = setTimeout(() => showTyping(false), TYPING_MS);
}

export function showConnection(connected) {
  say(page.state, connected ? "" : navigator.onLine ? WORDS.connecting : WORDS.offline);
}

// In a foreign portal's frame some browsers keep no cookie: the page of its own still works.
export function showBlocked() {
  if (page.alert.childElementCount) return;
  const link = document.createElement("a");
  link.href = "/chat";
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = WORDS.openAlone;
  page.alert.replaceChildren(`${WORDS.blocked} `, link);
}

export function showUpload(number, count, percent, note) {
  say(page.uploading, note || WORDS.uploading(number, count));
  page.progress.value = percent;
}

const voice = () => globalThis.speechSynthesis?.getVoices().find((one) => one.lang.startsWith("vi"));

function speak(text) {
  const words = new SpeechSynthesisUtterance(text);
  words.voice = voice();
  words.lang = "vi-VN";
  words.rate = 0.9;
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
}

// Reading aloud, on devices that have a Vietnamese voice; the list of voices comes late.
export function whenSpeaking(use) {
  const tell = () => use(voice() ? speak : null);
  globalThis.speechSynthesis?.addEventListener?.("voiceschanged", tell);
  tell();
}

// The text field grows with its text; more than one line gets the whole width.
export function grow() {
  page.row.classList.remove("long");
  page.text.style.height = "auto";
  const line = parseFloat(getComputedStyle(page.text).lineHeight);
  if (page.text.value && page.text.scrollHeight > 2.5 * line) page.row.classList.add("long");
  page.text.style.height = `${page.text.scrollHeight + 4}px`;
}

function setLarge(large) {
  document.documentElement.classList.toggle("large", large);
  page.size.setAttribute("aria-pressed", String(large));
  try {
    localStorage.setItem(SIZE_KEY, large ? "1" : "0");
  } catch {
    // A frame without storage: the choice holds until the page is closed.
  }
  grow();
}

function readLarge() {
  try {
    return localStorage.getItem(SIZE_KEY) === "1";
  } catch {
    return false;
  }
}

export function prepareView() {
  if (readLarge()) setLarge(true);
  page.size.addEventListener("click", () => setLarge(page.size.getAttribute("aria-pressed") !== "true"));
  page.newer.addEventListener("click", toBottom);
  page.text.addEventListener("input", grow);
  const onScroll = () => {
    if (placed) {
      placed = false;
      return;
    }
    pinned = nearBottom();
    if (pinned) page.newer.hidden = true;
  };
  page.scroll.addEventListener("scroll", onScroll, { passive: true });
  // Pictures that load, a keyboard that opens, letters that grow: the end stays in sight.
  const watch = new ResizeObserver(() => pinned && toBottom());
  watch.observe(page.scroll);
  watch.observe(page.log);
}
