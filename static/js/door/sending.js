/* The line to the server: who this phone is, how quick the answers are, and how far its clock is off. */

export const QUICK = 2000;
const PATIENCE = 15_000;
const RIGHT = 60_000; // a clock that is off by less is right
const TOO_LARGE = 413; // which a server in front of ours may say

/** 128 random bits. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** No answer in time, or none that means anything: asking again later may help. `status`: 0 where nothing was said. */
export class Gone extends Error {
  name = "Gone";

  constructor(state, status = 0) {
    super(state);
    this.status = status;
  }
}

/** An answer that asking again would not change. */
export class Broken extends Error {
  constructor(status, problem = null) {
    super(String(status));
    this.status = status;
    this.problem = problem;
  }
}

export class Line {
  /** onState() is called whenever the line has become quick, slow, or gone. */
  constructor(api, csrf, onState) {
    this.api = api;
    this.csrf = csrf;
    this.onState = onState;
    this.token = null; // of this device; without it the browser's own cookies speak
    this.ahead = 0; // milliseconds by which the server's clock is ahead of this one
    this.state = navigator.onLine ? "quick" : "gone";
    this.unsent = () => 0;
  }

  /** Whether the next question may be waited for. */
  get quick() {
    return this.state === "quick" && navigator.onLine;
  }

  /** The server's clock, as far as this phone knows. A clock that was put back meanwhile changes nothing. */
  now() {
    return new Date(Date.now() + this.ahead - Math.min(this.jumped, 0));
  }

  /**
   * Whether the server should hear what this clock shows: of one that is off. Of all others it is not told with each
   * scan: a message that is long on its way would make a right clock look wrong.
   */
  get tellsClock() {
    return this.drift === undefined || Math.abs(this.ahead) > RIGHT;
  }

  /** Learn the clock's offset from an instant the server named; half of the way there and back is the answer's. */
  setClock(moment, asked) {
    this.setOffset(Math.round(Date.parse(moment) - (asked + Date.now()) / 2));
  }

  setOffset(ahead) {
    this.ahead = ahead;
    this.drift = Date.now() - performance.now();
  }

  /** Whether this clock was set anew, or the phone slept, since the offset was measured. */
  get clockMoved() {
    return Math.abs(this.jumped) > 5000;
  }

  /** By how much this clock has gone ahead of one that nobody sets, but that may stand still while the phone sleeps. */
  get jumped() {
    return this.drift === undefined ? 0 : Date.now() - performance.now() - this.drift;
  }

  get(path, options = {}) {
    return this.ask("GET", path, undefined, options);
  }

  post(path, body, options = {}) {
    return this.ask("POST", path, body, options);
  }

  /** The answer's JSON; null for "nothing new". Raises Gone or Broken. */
  async ask(method, path, body, { patience = PATIENCE, headers = {} } = {}) {
    const asked = performance.now();
    const [answer, said] = await this.once(method, path, body, patience, headers);
    const { ok, status } = answer;
    if (status === 429 || status >= 500) return this.lost("slow", status);
    if (said === null && status !== 304 && status !== TOO_LARGE) return this.lost("gone"); // some other network's page
    this.heard(asked);
    if (ok || status === 304) return said;
    throw new Broken(status, said);
  }

  async once(method, path, body, patience, headers) {
    const limit = new AbortController();
    const timers = [setTimeout(() => this.become("slow"), QUICK), setTimeout(() => limit.abort(), patience)];
    try {
      const answer = await fetch(path.startsWith("/events/") ? path : this.api + path, {
        method,
        headers: { ...this.introduction(method, body), ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: limit.signal,
        cache: "no-store",
      });
      const json = answer.headers.get("Content-Type")?.includes("json");
      return [answer, json ? await answer.json() : null];
    } catch {
      return this.lost(limit.signal.aborted ? "slow" : "gone");
    } finally {
      for (const timer of timers) clearTimeout(timer);
    }
  }

  introduction(method, body) {
    const headers = { "X-Unsent": String(this.unsent()) };
    if (method === "GET" || this.tellsClock) headers["X-Phone-Clock"] = new Date().toISOString();
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    else if (method !== "GET") headers["X-CSRFToken"] = this.csrf;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    return headers;
  }

  heard(asked) {
    this.become(performance.now() - asked > QUICK ? "slow" : "quick");
  }

  lost(state, status) {
    this.become(state);
    throw new Gone(state, status);
  }

  become(state) {
    const before = this.state;
    this.state = state;
    if (state !== before) this.onState();
  }
}
