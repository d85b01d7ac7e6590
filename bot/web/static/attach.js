// Photos and documents of a person: uploaded first, with progress and a way out, then told in a message.

import { MAX_PHOTOS, uploadPhotos } from "./photos.js";
import { keepTrying } from "./upload.js";
import { grow, page, say, showUpload } from "./view.js";
import { WORDS } from "./words.js";

const LONGEST_NAME = 300;

// `tell(message, shown)` sends what was uploaded and shows it meanwhile.
export function makeAttaching(tell) {
  async function attach(upload, shown) {
    const stop = new AbortController();
    const doors = [page.photo, page.files, page.document];
    page.cancel.onclick = () => stop.abort();
    page.upload.hidden = false;
    for (const door of doors) door.disabled = true;
    try {
      tell(await upload(stop.signal), shown);
    } catch (refused) {
      if (!stop.signal.aborted) say(page.alert, refused.message || WORDS.failed);
    }
    page.upload.hidden = true;
    for (const door of doors) door.disabled = false;
    page.files.value = page.document.value = "";
    grow();
  }

  async function sendPhotos(chosen) {
    const files = chosen.slice(0, MAX_PHOTOS);
    if (!files.length) return;
    say(page.alert, chosen.length > MAX_PHOTOS ? WORDS.tooMany : "");
    const upload = async (signal) => ({ kind: "photo", photos: await uploadPhotos(files, showUpload, signal) });
    await attach(upload, WORDS.photos(files.length));
  }

  async function sendDocument([file]) {
    if (!file) return;
    say(page.alert, "");
    const show = (percent, note) => showUpload(1, 1, percent, note || WORDS.uploadingDocument);
    await attach(async (signal) => {
      const sent = { path: "documents", blob: file, type: "application/octet-stream" };
      const { document } = await keepTrying(sent, show, signal);
      return { kind: "document", document, name: file.name.slice(0, LONGEST_NAME) };
    }, file.name);
  }

  return { sendPhotos, sendDocument };
}
