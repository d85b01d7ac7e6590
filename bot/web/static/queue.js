// Messages on their way out: strictly one after the other, tried again with the same id until they are taken.
// They live in memory only, because nothing personal may stay in the storage of a shared device.

import { newId, postMessage } from "./api.js";

const WAITS_MS = [1000, 2000, 4000, 8000, 15000];

export class Queue {
  constructor({ onRetry, onSent, onRefused, onSessionLost }) {
    Object.assign(this, { onRetry, onSent, onRefused, onSessionLost });
    this.items = [];
    this.running = false;
    addEventListener("online", () => this.wake?.());
    addEventListener("beforeunload", (event) => {
      if (this.items.some((item) => item.message.kind !== "begin")) event.preventDefault();
    });
  }

  add(message) {
    const item = { message: { id: newId(), ...message }, tries: 0 };
    this.items.push(item);
    this.run();
    return item.message;
  }

  async run() {
    if (this.running) return;
    this.running = true;
    while (this.items.length) {
      const item = this.items[0];
      const done = await this.attempt(item);
      if (done) this.items.shift();
    }
    this.running = false;
  }

  async attempt(item) {
    const began = Date.now();
    try {
      await postMessage(item.message);
      this.onSent(item.message, began);
      return true;
    } catch (refused) {
      if (refused.status === 401) {
        await this.onSessionLost();
        return false;
      }
      if (!refused.passing) {
        this.onRefused(item.message, refused.message);
        return true;
      }
      this.onRetry(item.message, refused.message);
      await this.pause(refused.wait * 1000 || WAITS_MS[Math.min(item.tries, WAITS_MS.length - 1)]);
      item.tries += 1;
      return false;
    }
  }

  pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
