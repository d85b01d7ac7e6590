// Where the device is, asked once and only when the person taps the button.

import { WORDS } from "./words.js";

const OPTIONS = { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 };

// Resolves with [latitude, longitude]; rejects with a sentence for the person.
export function findPlace() {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) {
      reject(new Error(WORDS.placeMissing));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve([round(coords.latitude), round(coords.longitude)]),
      (error) => reject(new Error(error.code === 1 ? WORDS.placeRefused : WORDS.placeMissing)),
      OPTIONS,
    );
  });
}

// A metre is enough to find a pothole.
function round(degrees) {
  return Math.round(degrees * 1e5) / 1e5;
}
