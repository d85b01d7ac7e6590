// The chat in a ward's portal, by one line: <script src="https://…/widget.js" defer></script>
// A round button opens a frame with the chat. Styles go through the CSSOM, so that a portal with a strict
// content policy only has to allow our address in script-src and frame-src.

(() => {
  "use strict";

  const NAME = "nghedan-widget";
  const script = document.currentScript;
  if (!script || document.getElementById(NAME)) return;
  const origin = new URL(script.src).origin;

  const WORDS = {
    open: "Mở trò chuyện với trợ lý của phường",
    close: "Đóng",
    title: "Trợ lý tự động của phường",
  };
  const STYLE = `
    :host { all: initial; }
    button { font: 600 17px/1.2 system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; cursor: pointer; }
    button:focus-visible { outline: 3px solid #b34700; outline-offset: 3px; }
    [hidden] { display: none !important; }
    .open { position: fixed; z-index: 2147483000; right: max(18px, env(safe-area-inset-right)); bottom: max(18px, env(safe-area-inset-bottom));
      width: 68px; height: 68px; border: 3px solid #fff; border-radius: 50%; background: #0b4f8a; box-shadow: 0 4px 16px rgb(0 0 0 / .35); padding: 0; }
    .open svg { width: 36px; height: 36px; fill: none; stroke: #fff; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; vertical-align: middle; }
    .panel { position: fixed; z-index: 2147483001; right: 18px; bottom: 18px; display: flex; flex-direction: column;
      width: min(420px, calc(100vw - 36px)); height: min(700px, calc(100vh - 36px)); overflow: hidden;
      border: 1px solid #6b7f8e; border-radius: 18px; background: #fff; box-shadow: 0 10px 40px rgb(0 0 0 / .35); }
    .head { flex: none; display: flex; align-items: center; justify-content: space-between; gap: 8px; padding: 4px 6px 4px 16px;
      background: #0b4f8a; color: #fff; font: 700 18px/1.3 system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
    .close { min-width: 64px; min-height: 46px; border: 0; border-radius: 10px; background: transparent; color: #fff; }
    .close:focus-visible { outline-color: #fff; outline-offset: -3px; }
    .close:hover { text-decoration: underline; }
    iframe { flex: 1; width: 100%; border: 0; }
    @media (max-width: 600px) { .panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; } }
  `;

  function element(name, className, text = "") {
    const node = document.createElement(name);
    if (className) node.className = className;
    node.textContent = text;
    return node;
  }

  function icon() {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", "M4 5h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-8l-5 4v-4H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM8 11h.01M12 11h.01M16 11h.01");
    svg.append(path);
    return svg;
  }

  function button(className, label, act) {
    const node = element("button", className);
    node.type = "button";
    node.setAttribute("aria-label", label);
    node.addEventListener("click", act);
    return node;
  }

  // Where the keyboard would leave the panel, it is led round to the other end.
  function gate(target) {
    const node = element("span");
    node.tabIndex = 0;
    node.addEventListener("focus", () => target().focus());
    return node;
  }

  const host = element("div");
  host.id = NAME;
  const root = host.attachShadow({ mode: "open" });
  if (root.adoptedStyleSheets) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } else {
    root.append(element("style", "", STYLE));
  }

  const opener = button("open", WORDS.open, open);
  opener.setAttribute("aria-haspopup", "dialog");
  opener.append(icon());
  const panel = element("div", "panel");
  panel.hidden = true;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-modal", "true");
  panel.setAttribute("aria-label", WORDS.title);
  const closer = button("close", WORDS.close, close);
  closer.textContent = WORDS.close;
  const head = element("div", "head", WORDS.title);
  head.append(closer);
  let frame = null;

  function open() {
    if (!frame) {
      frame = element("iframe");
      frame.title = WORDS.title;
      frame.allow = "geolocation; microphone; screen-wake-lock";
      frame.src = `${origin}/chat?embed=1`;
      panel.append(gate(() => frame), head, frame, gate(() => closer));
    }
    panel.hidden = false;
    opener.hidden = true;
    closer.focus();
  }

  function close() {
    panel.hidden = true;
    // Whoever closes it while speaking is not listened to any longer.
    frame?.contentWindow.postMessage("nghedan:hidden", origin);
    opener.hidden = false;
    opener.focus();
  }

  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  addEventListener("message", (event) => {
    const ours = frame && event.origin === origin && event.source === frame.contentWindow;
    if (ours && event.data === "nghedan:close" && !panel.hidden) close();
  });

  root.append(opener, panel);
  const show = () => document.body.append(host);
  if (document.body) show();
  else addEventListener("DOMContentLoaded", show);
})();
