// Files on their way to the server, photos and documents alike: tried again while the network is weak.

import { readAnswer, Refused } from "./api.js";
import { WORDS } from "./words.js";

const WAITS_MS = [1000, 3000, 8000, 15000];

// Sends one file to a route of the page; `onProgress(percent, note)`. Cancelled by `signal`.
export async function keepTrying(file, onProgress, signal) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await uploadOne(file, (percent) => onProgress(percent, ""), signal);
    } catch (refused) {
      if (signal.aborted || !refused.passing) throw refused;
      onProgress(0, WORDS.uploadRetry);
      await pause(refused.wait * 1000 || WAITS_MS[Math.min(tries, WAITS_MS.length - 1)], signal);
      if (signal.aborted) throw refused;
    }
  }
}

// XMLHttpRequest, because fetch does not tell how far an upload is.
function uploadOne({ path, blob, type }, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    signal.addEventListener("abort", stop, { once: true });
    request.open("POST", `/chat/api/${path}`);
    request.setRequestHeader("Content-Type", type);
    request.upload.onprogress = (event) => onProgress((100 * event.loaded) / (event.total || blob.size));
    request.onerror = request.onabort = request.ontimeout = () => reject(new Refused(0, "", 0));
    request.timeout = 120000;
    request.onload = () =>
      readAnswer(request.status, request.responseText, request.getResponseHeader("Retry-After")).then(resolve, reject);
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
