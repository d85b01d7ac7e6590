// The menus of a phone: drawn or own photos, places to share, and invites to work for the ward.

import { element } from "./line.js";

// Around the middle of the invented ward; far enough apart to tell them from one another.
const PLACES = [
  ["Cổng chợ", 10.77688, 106.70082],
  ["Trước trường học", 10.77941, 106.69553],
  ["Đầu hẻm 12", 10.77215, 106.70431],
];

export function openMenu(button, menu, open) {
  menu.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
}

export function fillPhotos(menu, samples, choose, browse) {
  menu.replaceChildren();
  for (const { key, title } of samples) {
    const item = element("button", "item");
    item.type = "button";
    const image = element("img");
    image.src = `/api/samples/${key}`;
    image.alt = "";
    item.append(image, element("span", "", title));
    item.addEventListener("click", () => choose(key));
    menu.append(item);
  }
  const own = element("button", "item own", "Chọn ảnh trong máy…");
  own.type = "button";
  own.addEventListener("click", browse);
  menu.append(own);
}

export function fillPlaces(menu, choose) {
  menu.replaceChildren();
  for (const [title, latitude, longitude] of PLACES) {
    const item = element("button", "item");
    item.type = "button";
    item.append(element("span", "", title), element("small", "", `${latitude}, ${longitude}`));
    item.addEventListener("click", () => choose({ latitude, longitude }));
    menu.append(item);
  }
  menu.append(ownPlace(choose));
}

export function fillOffers(menu, offers, choose) {
  for (const { key, title } of offers) {
    const item = element("button", "item", title);
    item.type = "button";
    item.addEventListener("click", () => choose(key));
    menu.append(item);
  }
}

function ownPlace(choose) {
  const box = element("div", "item typed");
  const field = element("input");
  field.type = "text";
  field.placeholder = "Vĩ độ, kinh độ";
  field.setAttribute("aria-label", "Vĩ độ, kinh độ");
  const send = element("button", "", "Gửi");
  send.type = "button";
  const give = () => {
    const [latitude, longitude] = field.value.split(",").map((part) => Number.parseFloat(part));
    const sound = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
    field.setAttribute("aria-invalid", String(!sound));
    if (sound) choose({ latitude, longitude });
  };
  send.addEventListener("click", give);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    give();
  });
  box.append(field, send);
  return box;
}
