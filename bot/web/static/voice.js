// What a person says: recorded, listened to, sent. Until the server has taken it, it stays and can be sent again.

import { canRecord, startRecording, stayAwake } from "./recorder.js";
import { keepTrying } from "./upload.js";
import { page, say, toBottom } from "./view.js";
import { clock, WORDS } from "./words.js";

const SHORTEST = 1; // seconds: less is a tap by mistake
const SOON = 30;
const TWICE_MS = 400; // the second tap of a trembling hand

// `tell(message)` sends what was uploaded and returns it with its id; `connect` renews a session that is over.
export function makeVoice(tell, connect) {
  let state = "idle"; // idle, asking, recording, review, sending
  let changedAt = 0;
  let recording = null;
  let kept = null; // { blob, seconds, url }
  let told = null; // what was told and not confirmed yet: { id, kept }
  let sending = null;
  let player = null;
  let ticking = 0;
  let letSleep = () => {};
  let visit = 0; // rises whenever the person turns away, so that what comes late is let go of

  function show(next, words, focus) {
    state = next;
    changedAt = Date.now();
    page.voice.dataset.state = next;
    page.voice.hidden = next === "idle";
    page.row.hidden = next !== "idle";
    page.clock.parentElement.hidden = !["recording", "review"].includes(next);
    page.stop.hidden = next !== "recording";
    page.replay.hidden = page.deliver.hidden = next !== "review";
    page.sent.hidden = next !== "sending";
    page.drop.hidden = next === "recording";
    say(page.drop, next === "review" ? WORDS.drop : WORDS.cancel);
    say(page.told, words);
    focus.focus();
    toBottom();
  }

  function idle(words = "") {
    show("idle", "", page.mic);
    say(page.alert, words);
  }

  async function begin() {
    if (state !== "idle") return;
    const mine = (visit += 1);
    globalThis.speechSynthesis?.cancel(); // an answer that is being read aloud is not theirs to say
    say(page.alert, "");
    show("asking", WORDS.voiceAsk, page.drop);
    let opened;
    try {
      opened = await startRecording();
    } catch (error) {
      if (mine === visit) idle(error.message);
      return;
    }
    opened.done.then((result) => mine === visit && take(result, opened.full));
    if (mine !== visit) return opened.stop();
    recording = opened;
    show("recording", WORDS.voiceOn, page.stop);
    tick();
    ticking = setInterval(tick, 250);
    const release = await stayAwake();
    if (recording === opened) letSleep = release;
    else release();
  }

  function tick() {
    const seconds = recording.seconds();
    say(page.clock, clock(seconds));
    if (recording.limit - seconds < SOON) say(page.told, WORDS.voiceSoon);
    if (seconds < recording.limit) return;
    recording.full = true;
    stop();
  }

  function stop() {
    clearInterval(ticking);
    recording?.stop();
  }

  function take({ blob, seconds }, full) {
    stop();
    recording = null;
    letSleep();
    if (seconds < SHORTEST || !blob.size) return idle(WORDS.voiceShort);
    keep({ blob, seconds, url: URL.createObjectURL(blob) }, full ? WORDS.voiceFull : WORDS.voiceReady);
  }

  function keep(what, words) {
    kept = what;
    say(page.clock, clock(kept.seconds));
    show("review", words, page.replay);
  }

  function silence() {
    player?.pause();
    player = null;
    say(page.replay, WORDS.replay);
    if (kept) say(page.clock, clock(kept.seconds));
  }

  function replay() {
    if (player) return silence();
    const mine = (player = new Audio(kept.url));
    say(page.replay, WORDS.replayStop);
    player.ontimeupdate = () => mine === player && say(page.clock, `${clock(mine.currentTime)} / ${clock(kept.seconds)}`);
    player.onended = () => mine === player && silence();
    player.play().catch(() => {
      if (mine !== player) return;
      silence();
      say(page.told, WORDS.cannotPlay);
    });
  }

  async function deliver() {
    silence();
    say(page.alert, "");
    sending = new AbortController();
    const { signal } = sending;
    page.sent.value = 0;
    show("sending", WORDS.voiceSending, page.drop);
    try {
      const { voice } = await upload(signal);
      const message = tell({ kind: "voice", voice, seconds: Math.floor(kept.seconds) });
      told = { id: message.id, kept };
      kept = null;
      idle();
    } catch (refused) {
      if (state !== "sending") return;
      show("review", WORDS.voiceKept, page.deliver);
      if (!signal.aborted) say(page.alert, refused.message || WORDS.failed);
    }
  }

  async function upload(signal) {
    const file = { path: "recordings", blob: kept.blob, type: "application/octet-stream" };
    const progress = (percent, note) => {
      page.sent.value = percent;
      say(page.told, note ? WORDS.voiceRetry : WORDS.voiceSending);
    };
    try {
      return await keepTrying(file, progress, signal);
    } catch (refused) {
      if (refused.status !== 401) throw refused;
      await connect();
      return keepTrying(file, progress, signal);
    }
  }

  function drop() {
    if (state === "sending") return sending.abort();
    if (state === "review" && page.drop.textContent !== WORDS.dropSure) {
      say(page.drop, WORDS.dropSure);
      setTimeout(() => state === "review" && say(page.drop, WORDS.drop), 6000);
      return;
    }
    forget();
    idle();
  }

  function forget() {
    visit += 1;
    silence();
    sending?.abort();
    stop();
    letSleep();
    if (kept) URL.revokeObjectURL(kept.url);
    recording = kept = null;
    state = "idle";
  }

  // The server's last word about what was told; what it refused can be sent again.
  function settle(id, taken) {
    if (told?.id !== id) return;
    if (taken) URL.revokeObjectURL(told.kept.url);
    else if (state === "idle") keep(told.kept, WORDS.voiceKept);
    told = null;
  }

  const once = (act) => () => Date.now() - changedAt >= TWICE_MS && act();
  const hide = () => state === "recording" && stop();
  page.mic.hidden = page.form.dataset.voice !== "yes" || !canRecord();
  page.row.classList.toggle("spoken", !page.mic.hidden);
  page.mic.addEventListener("click", once(begin));
  page.stop.addEventListener("click", once(stop));
  page.replay.addEventListener("click", once(replay));
  page.deliver.addEventListener("click", once(deliver));
  page.drop.addEventListener("click", once(drop));
  // Out of sight nobody is listened to: what was said until then stays.
  document.addEventListener("visibilitychange", () => document.hidden && hide());
  addEventListener("message", (event) => event.source === parent && event.data === "nghedan:hidden" && hide());
  addEventListener("beforeunload", (event) => {
    if (state !== "idle") event.preventDefault();
  });

  // True when the key was meant for the recording.
  function escape() {
    if (state === "recording") stop();
    else if (state === "asking") drop();
    else return false;
    return true;
  }

  return { settle, forget, escape };
}
