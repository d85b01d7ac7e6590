// Draws one message of a chat; whatever people wrote becomes text nodes, never markup.

const CLOCK = new Intl.DateTimeFormat("vi-VN", {
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "Asia/Ho_Chi_Minh",
});
const LINK = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/g;

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function anchor(url, text, className = "") {
  const link = element("a", className, text);
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

function words(text) {
  const shown = element("p", "words");
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    shown.append(text.slice(from, found.index), anchor(found[0], found[0]));
    from = found.index + found[0].length;
  }
  shown.append(text.slice(from));
  return shown;
}

function pictures(phone, keys) {
  const box = element("div", keys.length > 1 ? "pictures many" : "pictures");
  for (const key of keys) {
    const url = `/api/phones/${phone}/pictures/${encodeURIComponent(key)}`;
    const link = anchor(url, "");
    const image = element("img");
    image.src = url;
    image.alt = "Ảnh trong tin nhắn";
    link.append(image);
    box.append(link);
  }
  return box;
}

function place([latitude, longitude]) {
  const box = element("div", "spot");
  box.append(element("strong", "", "Vị trí"));
  box.append(element("span", "", `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`));
  return box;
}

function buttons(line, does) {
  const box = element("div", "rows");
  for (const row of line.rows) {
    const strip = element("div", "row");
    for (const button of row) strip.append(choice(line, button, does));
    box.append(strip);
  }
  return box;
}

function choice(line, button, does) {
  // Any scheme but these would let a message run something in this page.
  if (/^https?:\/\//.test(button.url)) return anchor(button.url, `${button.title} ↗`, "choice");
  const made = element("button", button.chosen ? "choice chosen" : "choice", button.title);
  made.type = "button";
  made.addEventListener("click", () => does.tap(line.ref, button.title));
  return made;
}

export function draw(phone, line, does) {
  const article = element("article", line.mine ? "line mine" : "line");
  const bubble = element("div", "bubble");
  if (line.quoted) bubble.append(element("blockquote", "", line.quoted));
  if (line.pictures.length) bubble.append(pictures(phone, line.pictures));
  if (line.place) bubble.append(place(line.place));
  if (line.text) bubble.append(words(line.text));
  bubble.append(element("time", "", CLOCK.format(new Date(line.at * 1000))));
  const reply = element("button", "reply", "Trả lời");
  reply.type = "button";
  reply.addEventListener("click", () => does.reply(line));
  const box = element("div", "said");
  box.append(bubble);
  if (line.rows.length) box.append(buttons(line, does));
  article.append(box, reply);
  return article;
}
