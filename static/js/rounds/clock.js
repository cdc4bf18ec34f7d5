/* The server's clock, as near as it can be told from here, and what a round's clock shows by it. */

const KEPT = 8;
const MOVED = 1000;

/** Milliseconds that no change of this machine's own clock disturbs. */
const here = () => performance.timeOrigin + performance.now();

export class ServerClock {
  /** `now`: what the server's clock showed when it wrote the page. */
  constructor(now) {
    this.samples = [{ offset: now - here(), trip: Infinity }];
  }

  /** What an answer says of the time; `sent`: here() when it was asked for. The quickest answer is the truest. */
  hear(answer, sent) {
    const said = Number(answer.headers.get("X-Now"));
    if (!said) return;
    const trip = here() - sent;
    const offset = said - (sent + trip / 2);
    if (Math.abs(offset - this.offset) > MOVED + trip) this.samples = [];
    this.samples = [...this.samples, { offset, trip }].slice(-KEPT);
  }

  get offset() {
    return this.samples.reduce((best, sample) => (sample.trip <= best.trip ? sample : best)).offset;
  }

  now() {
    return here() + this.offset;
  }
}

/** What is left of a round, in milliseconds, never below zero. */
export function remaining({ ends_at: end, left }, now) {
  return Math.max(0, end === null ? (left ?? 0) : end - now);
}

/** As it is shown: "7:42". */
export function shown(milliseconds) {
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export { here };
