// Photos: made small on the device (and rid of the position that cameras write into them), then uploaded.

import { Refused } from "./api.js";
import { keepTrying } from "./upload.js";
import { WORDS } from "./words.js";

const LONGEST = 1600;
const QUALITY = 0.82;
const MAX_BYTES = 10 * 1024 * 1024;
const RAW_TYPES = ["image/jpeg", "image/png", "image/webp"];

export const MAX_PHOTOS = 5;

async function shrink(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // what was transparent must not turn black
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("canvas"))), "image/jpeg", QUALITY);
  });
}

async function prepare(file) {
  try {
    return await shrink(file);
  } catch {
    // An old browser may fail to shrink what it can still send as it is.
    if (RAW_TYPES.includes(file.type) && file.size <= MAX_BYTES) return file;
    throw new Refused(415, WORDS.badPhoto(file.name), 0);
  }
}

// Sends a few photos one by one; `onProgress(number, count, percent, note)`. Cancelled by `signal`.
export async function uploadPhotos(files, onProgress, signal) {
  const names = [];
  for (const [index, file] of files.entries()) {
    onProgress(index + 1, files.length, 0, "");
    const blob = await prepare(file);
    const type = blob.type || "image/jpeg";
    const tell = (percent, note) => onProgress(index + 1, files.length, percent, note);
    names.push((await keepTrying({ path: "photos", blob, type }, tell, signal)).photos[0]);
  }
  return names;
}
