/* Keeping up with the server, unasked: the list comes, what waits goes, whenever there is a chance. */
import { Broken, Gone } from "./sending.js";

const LOOK_EVERY = 15_000;
const PAUSES = [2000, 4000, 8000, 16_000, 30_000];

export class Sync {
  /** `before()` is asked at each turn whether it is to be taken, `ended()` when the server no longer knows this device. */
  constructor(line, book, queue, store, { before, ended }) {
    Object.assign(this, { line, book, queue, store, before, ended, failures: 0, timer: null, due: Infinity, running: null });
  }

  start() {
    for (const kind of ["online", "focus", "pageshow"]) window.addEventListener(kind, () => this.soon(0));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.soon(0));
    return this.run();
  }

  /** Look again after so many milliseconds, or at the time that was planned if that is sooner. */
  soon(wait) {
    const due = performance.now() + wait;
    if (this.stopped || due >= this.due) return;
    clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => this.run(), wait);
  }

  /** There is something new to send: at once while the line holds, else when its next turn comes. */
  nudge() {
    if (this.line.quick) this.soon(0);
    else if (this.failures === 0) this.soon(PAUSES[0]);
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  run() {
    clearTimeout(this.timer);
    this.due = Infinity;
    this.again = this.running !== null; // what is under way may have begun before there was a chance
    this.running ??= this.once().finally(() => {
      this.running = null;
      if (this.again) this.soon(0);
    });
    return this.running;
  }

  async once() {
    try {
      if (!(await this.before())) return undefined;
      await this.queue.count();
      const isSent = await this.queue.flush();
      if (document.visibilityState === "visible" || !this.book.at) await this.look();
      this.failures = isSent && this.queue.stays ? this.failures + 1 : 0;
      this.soon(this.failures ? this.pause : this.queue.length ? PAUSES[0] : this.line.quick ? LOOK_EVERY : PAUSES[2]);
    } catch (error) {
      if (error instanceof Broken && error.status === 401) return this.ended();
      if (!(error instanceof Broken || error instanceof Gone)) console.warn("could not keep up", error);
      this.failures += 1;
      this.soon(this.pause);
    }
    return undefined;
  }

  get pause() {
    return PAUSES[Math.min(this.failures, PAUSES.length) - 1];
  }

  /** Ask for the list, if there is a newer one than ours; also to measure the clock when ours was set anew. */
  async look(patience = 8000) {
    if (!this.store.lasting) return;
    const known = this.measured && !this.line.clockMoved ? this.book.version : null;
    const [asked, clock] = [this.book.turn, Date.now()];
    const data = await this.line.get(`/door-list${known === null ? "" : `?since=${encodeURIComponent(known)}`}`, { patience });
    if (!data) {
      this.book.trueAt = this.line.now().toISOString();
      return;
    }
    this.line.setClock(data.now, clock);
    this.measured = true; // with each opening of the page at least once
    await this.store.keep("ahead", this.line.ahead).catch((error) => console.warn("not kept", error.name));
    await this.book.take(data, asked);
  }
}
