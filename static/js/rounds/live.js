/* A page that stays true: it asks what the clock shows, and takes in its own new parts when something has changed. */
import { ServerClock, here } from "./clock.js";

const PATIENCE = 8000;

/** `every`: milliseconds between two questions; `follow(state)` is called after each answer, `trouble(why)` after
 *  none ("offline", "signedOut") or one again (""). Resting while nobody looks, where `rests`. */
export class Live {
  constructor(root, { every, rests = false, follow, trouble }) {
    Object.assign(this, { root, every, rests, follow, trouble });
    this.clock = new ServerClock(Number(root.dataset.now));
    this.state = JSON.parse(root.dataset.clock);
    this.tag = null;
    this.timer = 0;
    this.turn = Promise.resolve();
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.ask());
  }

  begin() {
    this.timer = setTimeout(() => this.ask(), this.every * (0.5 + Math.random() / 2));
  }

  /** Ask now; whoever asks meanwhile waits for its turn, so that no part is taken in twice. */
  ask() {
    this.turn = this.turn.then(() => this.once());
    return this.turn;
  }

  async once() {
    clearTimeout(this.timer);
    try {
      if (!this.rests || document.visibilityState === "visible") await this.look();
    } catch (error) {
      this.trouble(error.message === "signed out" ? "signedOut" : "offline");
    }
    this.timer = setTimeout(() => this.ask(), this.every);
  }

  async look() {
    const sent = here();
    const headers = this.tag ? { "If-None-Match": this.tag } : {};
    const answer = await fetch(this.root.dataset.state, { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.redirected || answer.status === 401 || answer.status === 404) throw new Error("signed out");
    if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
    this.clock.hear(answer, sent);
    if (answer.status !== 304) {
      const state = await answer.json();
      if (state.key !== this.state.key) await this.takeIn(location.href);
      this.state = state;
      this.tag = answer.headers.get("ETag");
    }
    this.trouble("");
    this.follow(this.state);
  }

  /** The page of that address, part by part, into this one; the reader's place is kept. */
  async takeIn(address, only = "") {
    const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.redirected || answer.status === 401) throw new Error("signed out");
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of this.root.querySelectorAll("[data-swap]")) {
      if (only && part.dataset.swap !== only) continue;
      const fresh = page.querySelector(`[data-swap="${part.dataset.swap}"]`);
      if (fresh && plain(fresh) !== plain(part) && !inUse(part, fresh)) swap(part, fresh);
    }
  }
}

/** Tokens are new each time, and say nothing. */
const plain = (part) => part.innerHTML.replace(/name="csrf_token" value="[^"]*"/g, "");

/** Whether somebody is just choosing something that is still to be had. */
function inUse(part, fresh) {
  const held = document.activeElement;
  if (!part.contains(held) || !held.matches("select, input")) return false;
  return held.form?.getAttribute("action") === fresh.querySelector("form")?.getAttribute("action");
}

function swap(part, fresh) {
  const held = part.contains(document.activeElement) ? place(document.activeElement) : "";
  part.className = fresh.className;
  part.replaceChildren(...fresh.childNodes);
  if (held) part.querySelector(held)?.focus();
}

/** How the thing in focus is found again. */
function place(element) {
  const form = element.closest("[data-act]");
  if (form) return `[data-act="${form.dataset.act}"] button`;
  return element.dataset.to ? `[data-to="${element.dataset.to}"]` : element.id ? `#${CSS.escape(element.id)}` : "";
}

/** Keep the screen awake while it is looked at, where the browser can. */
export function stayAwake() {
  const hold = () =>
    document.visibilityState === "visible" && navigator.wakeLock?.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", hold);
  hold();
}
