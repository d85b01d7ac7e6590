// Photos: made small on the device (and rid of the position that cameras write into them), then uploaded.

import { readAnswer, Refused } from "./api.js";
import { WORDS } from "./words.js";

const LONGEST = 1600;
const QUALITY = 0.82;
const MAX_BYTES = 10 * 1024 * 1024;
const RAW_TYPES = ["image/jpeg", "image/png", "image/webp"];
const WAITS_MS = [1000, 3000, 8000, 15000];

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
    names.push(await keepTrying(blob, (percent, note) => onProgress(index + 1, files.length, percent, note), signal));
  }
  return names;
}

async function keepTrying(blob, onProgress, signal) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await uploadOne(blob, (percent) => onProgress(percent, ""), signal);
    } catch (refused) {
      if (signal.aborted || !refused.passing) throw refused;
      onProgress(0, WORDS.uploadRetry);
      await pause(refused.wait * 1000 || WAITS_MS[Math.min(tries, WAITS_MS.length - 1)], signal);
      if (signal.aborted) throw refused;
    }
  }
}

// XMLHttpRequest, because fetch does not tell how far an upload is.
function uploadOne(blob, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    signal.addEventListener("abort", stop, { once: true });
    request.open("POST", "/chat/api/photos");
    request.setRequestHeader("Content-Type", blob.type || "image/jpeg");
    request.upload.onprogress = (event) => onProgress((100 * event.loaded) / (event.total || blob.size));
    request.onerror = request.onabort = request.ontimeout = () => reject(new Refused(0, "", 0));
    request.timeout = 120000;
    request.onload = () =>
      readAnswer(request.status, request.responseText, request.getResponseHeader("Retry-After")).then(
        (value) => resolve(value.photos[0]),
        reject,
      );
    request.onloadend = () => signal.removeEventListener("abort", stop);
    request.send(blob);
  });
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", resolve, { once: true });
    addEventListener("online", resolve, { once: true });
  });
}
