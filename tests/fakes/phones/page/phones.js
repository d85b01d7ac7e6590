// The page of drawn phones: asks again and again what stands on them, and lets people be added.

import { Trouble, addPerson, state } from "./api.js";
import { Slot } from "./slot.js";

const PAUSE = 600;
const byId = (id) => document.getElementById(id);

let slots = [];
let active = null;
let adding = null;
let timer = 0;

async function look() {
  clearTimeout(timer);
  try {
    const found = await state();
    byId("gone").hidden = true;
    byId("web").href = found.office.chat_url;
    for (const slot of slots) slot.draw(found);
  } catch (error) {
    // Whatever it was, the next look may be better; only silence would be wrong.
    byId("gone").hidden = false;
    if (!(error instanceof TypeError || error instanceof Trouble)) console.error(error);
  }
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
}

function begin() {
  const does = {
    changed: look,
    add: (slot) => {
      adding = slot;
      byId("name").value = "";
      byId("adding-trouble").hidden = true;
      byId("adding").showModal();
    },
    used: (slot) => (active = slot),
  };
  slots = ["p1", "p2"].map((person) => new Slot(byId("slot"), person, does));
  active = slots[0];
  byId("slots").append(...slots.map((slot) => slot.root));
  for (const button of byId("ideas").querySelectorAll("button")) {
    button.addEventListener("click", () => {
      active.fill(button.textContent);
      active.root.scrollIntoView({ block: "nearest", inline: "center" });
      active.text.focus();
    });
  }
}

async function add(event) {
  event.preventDefault();
  const channel = document.querySelector("input[name=channel]:checked").value;
  try {
    const { id } = await addPerson(byId("name").value, channel);
    byId("adding").close();
    adding.show(id);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    byId("adding-trouble").textContent = error.message;
    byId("adding-trouble").hidden = false;
  }
}

begin();
byId("adding").querySelector("form").addEventListener("submit", add);
byId("cancel").addEventListener("click", () => byId("adding").close());
document.addEventListener("click", (event) => {
  for (const slot of slots) if (!event.target.closest(".composer, .offer")) slot.menu(null);
});
look();
