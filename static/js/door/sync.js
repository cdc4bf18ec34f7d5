/* Keeping up with the server, unasked: the list comes, what waits goes, whenever there is a chance. */
import { Broken } from "./sending.js";

const LOOK_EVERY = 15_000;
const PAUSES = [2000, 4000, 8000, 16_000, 30_000];

export class Sync {
  /** `taken()` is called when a new list has come, `ended()` when the server no longer knows this device. */
  constructor(line, list, queue, store, { taken, ended }) {
    Object.assign(this, { line, list, queue, store, taken, ended, failures: 0, timer: null, running: null });
  }

  start() {
    for (const kind of ["online", "focus", "pageshow"]) window.addEventListener(kind, () => this.soon(0));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.soon(0));
    return this.run();
  }

  /** Look again after so many milliseconds, or at the time that was planned if that is sooner. */
  soon(wait) {
    if (this.stopped) return;
    clearTimeout(this.timer);
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
    this.running ??= this.once().finally(() => (this.running = null));
    return this.running;
  }

  async once() {
    try {
      await this.before?.();
      await this.queue.count();
      await this.queue.flush();
      if (document.visibilityState === "visible" || !this.list.ready) await this.look();
      this.failures = 0;
      this.soon(this.queue.length ? PAUSES[0] : this.line.quick ? LOOK_EVERY : PAUSES[2]);
    } catch (error) {
      if (error instanceof Broken && error.status === 401) return this.ended();
      if (error instanceof Broken || error.name === "Gone") this.failures += 1;
      else console.warn("could not keep up", error);
      this.soon(PAUSES[Math.min(this.failures, PAUSES.length) - 1] ?? LOOK_EVERY);
    }
    return undefined;
  }

  /** Ask for the list, if there is a newer one than ours; also to measure the clock when ours was set anew. */
  async look(patience = 8000) {
    if (!this.store.lasting) return;
    const known = this.measured && !this.line.clockMoved ? this.list.data.version : null;
    const [asked, clock] = [performance.now(), Date.now()];
    const data = await this.line.get(`/door-list${known === null ? "" : `?since=${encodeURIComponent(known)}`}`, { patience });
    this.lookedAt = this.line.now().toISOString();
    if (!data) return;
    this.line.setClock(data.now, clock);
    this.measured = true; // with each opening of the page at least once
    this.lookedAt = data.now;
    const [items] = await Promise.all([this.store.items(), this.store.keep("ahead", this.line.ahead)]);
    const waiting = items.filter((item) => item.told === "admitted").map((item) => item.whose);
    this.list.take(data, asked, new Set(waiting));
    this.taken(data);
    await this.store.keep("list", { data, at: data.now });
  }
}
