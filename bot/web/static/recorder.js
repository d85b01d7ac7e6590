// The microphone: opened when the person taps the button, let go of as soon as there is nothing to record.

import { WORDS } from "./words.js";

// What a browser has written longest it writes best: Safari MP4, the others WebM.
const WEBM = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus"];
const MP4 = ["audio/mp4;codecs=mp4a.40.2", "audio/mp4"];
const KINDS = navigator.vendor.startsWith("Apple") ? [...MP4, ...WEBM] : [...WEBM, ...MP4];
const BITS = 32000; // speech stays clear, and five minutes are one and a half megabytes
const MAX_BYTES = 5 * 1024 * 1024;
const MAX_SECONDS = 298; // the server takes 300, and a busy telephone is late

const findKind = () => KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));

// A portal's frame may shut the microphone out.
const isAllowed = () => document.featurePolicy?.allowsFeature?.("microphone") ?? true;

export function canRecord() {
  const parts = window.isSecureContext && navigator.mediaDevices?.getUserMedia && window.MediaRecorder;
  return Boolean(parts && isAllowed() && findKind());
}

async function openMicrophone() {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
  } catch (error) {
    const words = { NotAllowedError: WORDS.micRefused, SecurityError: WORDS.micRefused, NotReadableError: WORDS.micBusy, AbortError: WORDS.micBusy };
    throw new Error(words[error.name] || WORDS.micMissing);
  }
}

// Resolves once it records: { seconds(), limit, stop(), done }; `done` brings { blob, seconds }.
// Rejects with a sentence for the person.
export async function startRecording() {
  const stream = await openMicrophone();
  const free = () => stream.getTracks().forEach((track) => track.stop());
  try {
    const recorder = new MediaRecorder(stream, { mimeType: findKind(), audioBitsPerSecond: BITS });
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    const bytesASecond = Math.max(recorder.audioBitsPerSecond || 0, BITS) / 8;
    const stop = () => recorder.state !== "inactive" && recorder.stop();
    const pieces = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    const done = new Promise((resolve) => {
      recorder.onstop = () => {
        const length = seconds();
        free();
        resolve({ blob: new Blob(pieces, { type: recorder.mimeType }), seconds: length });
      };
    });
    recorder.onerror = stop;
    for (const track of stream.getTracks()) track.onended = stop; // unplugged, or taken by a call
    recorder.start();
    return { seconds, stop, done, limit: Math.min(MAX_SECONDS, (0.9 * MAX_BYTES) / bytesASecond) };
  } catch {
    free();
    throw new Error(WORDS.micBusy);
  }
}

// Without a touch for half a minute a telephone goes to sleep, and whoever speaks touches nothing.
export async function stayAwake() {
  try {
    const lock = await navigator.wakeLock.request("screen");
    return () => lock.release().catch(() => {});
  } catch {
    return () => {};
  }
}
