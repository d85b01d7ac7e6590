// Draws the conversation. Words of others become text nodes only, never markup.

import { WORDS } from "./words.js";

const ZONE = "Asia/Ho_Chi_Minh";
const CLOCK = new Intl.DateTimeFormat("vi-VN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hour12: false });
const DAY = new Intl.DateTimeFormat("vi-VN", { timeZone: ZONE, weekday: "long", day: "numeric", month: "numeric", year: "numeric" });
const DAY_KEY = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });
const LINK = /https:\/\/[^\s<>"'«»“”]+/g;
const AFTER_LINK = /[.,;:!?)\]}…]+$/;

function element(name, className, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

// The address if it may be opened: https, a phone number, or a page of our own.
export function safeUrl(text) {
  try {
    const url = new URL(text, location.href);
    return ["https:", "tel:"].includes(url.protocol) || url.origin === location.origin ? url.href : null;
  } catch {
    return null;
  }
}

function link(url, className, ...children) {
  const node = element("a", className, ...children);
  node.href = url;
  if (!url.startsWith("tel:")) {
    node.target = "_blank";
    node.rel = "noopener noreferrer";
    node.append(element("span", "hidden", WORDS.newTab));
  }
  return node;
}

function withLinks(text) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const shown = match[0].replace(AFTER_LINK, "");
    const url = safeUrl(shown);
    if (!url) continue;
    parts.push(text.slice(at, match.index), link(url, "", shown));
    at = match.index + shown.length;
  }
  return [...parts, text.slice(at)];
}

function dayName(date) {
  const key = DAY_KEY.format(date);
  if (key === DAY_KEY.format(new Date())) return WORDS.today;
  if (key === DAY_KEY.format(new Date(Date.now() - 86400000))) return WORDS.yesterday;
  return DAY.format(date);
}

export class Lines {
  // `actions`: choose(title, action), reply(line), ask(kind), speak(text) or null.
  constructor(log, actions) {
    this.log = log;
    this.actions = actions;
    this.byId = new Map();
    this.byRef = new Map();
    this.lines = new Map();
  }

  get empty() {
    return this.log.childElementCount === 0;
  }

  clear() {
    this.log.replaceChildren();
    for (const map of [this.byId, this.byRef, this.lines]) map.clear();
  }

  // A line from the server: new, or known under its id, or the confirmed form of one that we drew ahead.
  put(line) {
    this.lines.set(line.ref, line);
    const ahead = line.mine ? this.byRef.get(line.ref) : null;
    const old = this.byId.get(line.id) || ahead;
    if (old && old.dataset.id === line.id) return false;
    const node = this.draw(line);
    node.dataset.id = line.id;
    this.byId.set(line.id, node);
    this.byRef.set(line.ref, node);
    old?.remove();
    this.insert(node, line);
    return !old;
  }

  // What the person just sent, before the server knows it.
  putAhead(line) {
    if (this.byRef.has(line.ref)) return;
    const node = this.draw(line);
    this.byRef.set(line.ref, node);
    this.lines.set(line.ref, line);
    this.insert(node, line);
  }

  remove(ref) {
    this.byRef.get(ref)?.remove();
    this.byRef.delete(ref);
  }

  setState(ref, words, unsent) {
    const node = this.byRef.get(ref);
    if (!node || node.dataset.id) return;
    node.classList.toggle("unsent", unsent);
    node.querySelector(".status").textContent = words;
  }

  insert(node, line) {
    let next = null;
    for (let one = this.log.lastElementChild; one; one = one.previousElementSibling) {
      // What is still on its way stands below everything that arrived.
      const later = line.id && !one.dataset.day && (!one.dataset.id || one.dataset.id > line.id);
      if (!later) break;
      next = one;
    }
    this.log.insertBefore(node, next);
    const key = DAY_KEY.format(new Date(line.at));
    if (!this.log.querySelector(`[data-day="${key}"]`)) {
      const day = element("p", "day", dayName(new Date(line.at)));
      day.dataset.day = key;
      this.log.insertBefore(day, node);
    }
  }

  draw(line) {
    const node = element("article", line.mine ? "line mine" : "line");
    node.tabIndex = -1;
    const who = element("span", "hidden", `${line.mine ? WORDS.me : WORDS.bot}: `);
    const bubble = element("div", "bubble", who);
    bubble.dir = "auto";
    if (line.replyTo) bubble.append(element("span", "cited", this.preview(line.replyTo)));
    if (line.text) bubble.append(...withLinks(line.text));
    if (line.location) bubble.append(`📍 ${WORDS.place}`);
    if (line.voice != null) bubble.append(`${line.text ? "\n" : ""}${WORDS.spoken(line.voice)}`);
    if (line.text || line.location || line.replyTo || line.voice != null) node.append(bubble);
    else node.append(who);
    if (line.pictures) node.append(this.drawPictures(line.pictures));
    const choices = this.drawChoices(line);
    if (choices.childElementCount) node.append(choices);
    node.append(this.drawMeta(line));
    return node;
  }

  drawPictures(pictures) {
    const box = element("div", pictures.length === 1 ? "pictures one" : "pictures");
    pictures.forEach(({ url, alt }, index) => {
      const image = element("img", "");
      image.alt = alt || WORDS.photo(index + 1);
      image.loading = "lazy";
      image.src = url;
      box.append(link(url, "", image));
    });
    return box;
  }

  drawChoices(line) {
    const box = element("div", "choices");
    for (const { title, action, url } of line.choices || []) {
      const target = url ? safeUrl(url) : null;
      if (url && !target) continue;
      if (target) box.append(link(target, "choice", title));
      else box.append(this.button("choice", title, () => this.actions.choose(title, action)));
    }
    const asks = { location: WORDS.askPlace, photo: WORDS.askPhoto, document: WORDS.askDocument, phone: WORDS.askPhone };
    const ask = asks[line.ask];
    if (ask) box.append(this.button("choice ask", ask, () => this.actions.ask(line.ask)));
    return box;
  }

  drawMeta(line) {
    const time = element("time", "", CLOCK.format(new Date(line.at)));
    time.dateTime = line.at;
    const meta = element("div", "meta", time, element("span", "status"));
    if (!line.mine) {
      const reply = this.button("", WORDS.reply, () => this.actions.reply(line));
      reply.setAttribute("aria-label", WORDS.replyTo(this.preview(line.ref)));
      meta.append(reply);
      if (line.text && this.actions.speak) meta.append(this.button("", WORDS.listen, () => this.actions.speak(line.text)));
    }
    return meta;
  }

  button(className, text, act) {
    const node = element("button", className, text);
    node.type = "button";
    node.addEventListener("click", act);
    return node;
  }

  preview(ref) {
    const line = this.lines.get(ref);
    const text = line?.text?.replace(/\s+/g, " ") || (line?.pictures && WORDS.picture) || (line?.location && WORDS.place)
      || (line?.voice != null && WORDS.spoken(line.voice)) || WORDS.earlier;
    return text.length > 80 ? `${text.slice(0, 79)}…` : text;
  }
}
