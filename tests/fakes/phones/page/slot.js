// One drawn phone on the page: shows the chat of the chosen person and does what they do.

import { Trouble, act, sendPhotos } from "./api.js";
import { draw, element } from "./line.js";
import { fillOffers, fillPhotos, fillPlaces, openMenu } from "./menus.js";

const WORDS = {
  telegram: { title: "Telegram", kind: "bot trên Telegram", begin: "Bắt đầu" },
  zalo: { title: "Zalo", kind: "Official Account trên Zalo", begin: "Quan tâm" },
};
const NEAR_END = 90;

export class Slot {
  // `changed` is called after every act, so that the page looks at once for what came of it.
  constructor(template, person, { changed, add, used }) {
    this.root = template.content.firstElementChild.cloneNode(true);
    this.person = person;
    this.changed = changed;
    this.used = used;
    this.quoted = null;
    this.lines = new Map();
    this.find = (name) => this.root.querySelector(`.${name}`);
    this.text = this.find("text");
    this.listen(add);
  }

  listen(add) {
    this.root.addEventListener("focusin", () => this.used(this));
    this.find("person").addEventListener("change", (event) => this.show(event.target.value));
    this.find("add").addEventListener("click", () => add(this));
    this.find("begin").addEventListener("click", () => this.does("begin"));
    this.find("unquote").addEventListener("click", () => this.reply(null));
    this.find("composer").addEventListener("submit", (event) => this.submit(event));
    this.find("file").addEventListener("change", (event) => this.sendFiles(event.target));
    this.text.addEventListener("input", () => this.fit());
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
    });
    this.menus = [["photo", "photos"], ["place", "places"]].map((names) => names.map(this.find));
    for (const [button, menu] of this.menus) button.addEventListener("click", () => this.menu(menu));
    this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.menu(null));
    fillPlaces(this.find("places"), (spot) => this.menu(null) || this.does("place", spot));
  }

  // Opens one menu, or closes it when it was open; all others are closed.
  menu(chosen) {
    for (const [button, menu] of this.menus) openMenu(button, menu, menu === chosen && menu.hidden);
  }

  show(person) {
    this.person = person;
    this.lines.clear();
    this.find("lines").replaceChildren();
    this.reply(null);
    this.menu(null);
    this.complain("");
    this.changed();
  }

  async attempt(work) {
    try {
      await work();
      this.complain("");
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      this.complain(error.message);
    }
    this.changed();
  }

  does(what, body = {}) {
    return this.attempt(() => act(this.person, what, body));
  }

  submit(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    if (!text) return;
    const body = { text, reply_to: this.quoted };
    this.fill("");
    this.reply(null);
    this.does("text", body);
  }

  sendFiles(input) {
    const files = [...input.files];
    input.value = "";
    if (files.length) this.photos({ files });
  }

  photos(chosen) {
    this.menu(null);
    const caption = this.text.value.trim();
    this.fill("");
    this.attempt(() => sendPhotos(this.person, { ...chosen, caption }));
  }

  fill(text) {
    this.text.value = text;
    this.fit();
  }

  fit() {
    // How many lines it takes is a number, so this needs no inline style.
    this.text.rows = 1;
    const line = Number.parseFloat(getComputedStyle(this.text).lineHeight);
    this.text.rows = Math.min(5, Math.max(1, Math.floor((this.text.scrollHeight - 14) / line)));
  }

  reply(line) {
    this.quoted = line ? line.ref : null;
    this.find("quote").hidden = !line;
    this.find("quoted").textContent = line ? line.text || "Ảnh" : "";
    if (line) this.text.focus();
  }

  complain(message) {
    this.find("trouble").textContent = message;
    this.find("trouble").hidden = !message;
  }

  draw(state) {
    const mine = state.phones.find((phone) => phone.id === this.person) || state.phones[0];
    this.person = mine.id;
    this.once(state);
    this.choices(state.phones);
    this.look(mine, state.office.name);
    this.chat(mine);
    this.keyboard(mine.keyboard);
  }

  once(state) {
    if (this.ready) return;
    this.ready = true;
    fillPhotos(
      this.find("photos"),
      state.samples,
      (sample) => this.photos({ sample }),
      () => this.find("file").click(),
    );
    for (const group of new Set(state.offers.map((offer) => offer.group))) {
      this.find("invites").append(this.offer(group, state.offers.filter((one) => one.group === group)));
    }
  }

  offer(group, offers) {
    const button = element("button", "action", group);
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    const menu = element("div", "menu");
    menu.hidden = true;
    fillOffers(menu, offers, (offer) => this.menu(null) || this.does("invite", { offer }));
    button.addEventListener("click", () => this.menu(menu));
    this.menus.push([button, menu]);
    const box = element("div", "offer");
    box.append(button, menu);
    return box;
  }

  choices(phones) {
    const select = this.find("person");
    if (select.options.length !== phones.length) {
      const titled = (phone) => `${phone.name} · ${WORDS[phone.channel].title}`;
      select.replaceChildren(...phones.map((phone) => new Option(titled(phone), phone.id)));
    }
    if (select.value !== this.person) select.value = this.person;
  }

  look(phone, office) {
    const words = WORDS[phone.channel];
    this.root.dataset.channel = phone.channel;
    this.find("office").textContent = office;
    this.find("kind").textContent = words.kind;
    this.find("empty").hidden = phone.lines.length > 0;
    this.find("hello").textContent = `${phone.name} chưa nhắn gì. Bấm ${words.begin} hoặc gõ một câu.`;
    this.find("begin").textContent = words.begin;
  }

  chat(phone) {
    const box = this.find("lines");
    const scroll = this.find("scroll");
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END;
    const does = { tap: (ref, title) => this.does("tap", { ref, title }), reply: (line) => this.reply(line) };
    const kept = new Map();
    let grown = false;
    for (const line of phone.lines) {
      const key = JSON.stringify(line);
      const known = this.lines.get(line.ref);
      const node = known && known.key === key ? known.node : draw(phone.id, line, does);
      grown ||= !known;
      if (known && known.node !== node) known.node.replaceWith(node);
      else if (!known) box.append(node);
      kept.set(line.ref, { key, node });
    }
    for (const [ref, { node }] of this.lines) if (!kept.has(ref)) node.remove();
    this.lines = kept;
    if (grown && (atEnd || phone.lines.at(-1).mine)) this.toEnd(scroll);
  }

  toEnd(scroll) {
    scroll.scrollTop = scroll.scrollHeight;
    // Pictures take their room only when they are there.
    for (const image of scroll.querySelectorAll("img")) {
      if (!image.complete) image.addEventListener("load", () => (scroll.scrollTop = scroll.scrollHeight));
    }
  }

  keyboard(rows) {
    const box = this.find("keyboard");
    const key = JSON.stringify(rows);
    if (box.dataset.shown === key) return;
    box.dataset.shown = key;
    box.hidden = !rows.length;
    box.replaceChildren();
    for (const titles of rows) {
      const row = element("div", "row");
      for (const title of titles) {
        const made = element("button", "choice", title);
        made.type = "button";
        made.addEventListener("click", () => this.does("tap", { title }));
        row.append(made);
      }
      box.append(row);
    }
  }
}
