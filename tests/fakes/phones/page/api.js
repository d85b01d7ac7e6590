// Talks to the page server, the only place that this page ever talks to.

export class Trouble extends Error {}

async function answered(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Trouble(body.message || "Chưa làm được, xin thử lại.");
  return body;
}

async function post(path, options) {
  let response;
  try {
    response = await fetch(path, { method: "POST", ...options });
  } catch {
    throw new Trouble("Không nối được với chương trình thử.");
  }
  return answered(response);
}

export const act = (phone, what, body = {}) =>
  post(`/api/phones/${phone}/${what}`, {
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

export function sendPhotos(phone, { sample, files = [], caption = "" }) {
  const form = new FormData();
  form.append("caption", caption);
  if (sample) form.append("sample", sample);
  for (const file of files) form.append("photo", file);
  return post(`/api/phones/${phone}/photos`, { body: form });
}

export const addPerson = (name, channel) =>
  post("/api/phones", {
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name, channel }),
  });

export const state = async () => answered(await fetch("/api/state"));
