/* The line to the server: who this phone is, how quick the answers are, and how far its clock is off. */

export const QUICK = 2000;
const PATIENCE = 15_000;
const RIGHT = 60_000; // a clock that is off by less is right

/** 128 random bits. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** No answer in time, or none that means anything: asking again later may help. */
export class Gone extends Error {
  name = "Gone";
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

  /** The server's clock, as far as this phone knows. */
  now() {
    return new Date(Date.now() + this.ahead);
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
    return Math.abs(Date.now() - performance.now() - (this.drift ?? 0)) > 5000;
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
    if (answer.status === 304) return this.heard(asked), null;
    if (answer.ok) return this.heard(asked), said;
    if (answer.status === 429 || answer.status >= 500) return this.lost("slow");
    this.heard(asked);
    throw new Broken(answer.status, said);
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

  lost(state) {
    this.become(state);
    throw new Gone(state);
  }

  become(state) {
    const before = this.state;
    this.state = state;
    if (state !== before) this.onState();
  }
}
