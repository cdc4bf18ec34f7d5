/* What must reach the server: each scan has its key and lies on the disk before it is sent, and stays until answered. */
import { Broken, QUICK } from "./sending.js";

const AT_ONCE = 100;
const BROKEN = new Set([400, 404, 409, 413, 415, 422]);

/** Where the browser keeps nothing, the queue lasts as long as the page. */
export class Memory {
  lasting = false;

  constructor() {
    this.rows = new Map();
    this.next = 1;
  }

  async add(item) {
    this.rows.set(this.next, { item, state: "waiting" });
    return this.next++;
  }

  async change(n, item, state = "waiting") {
    const there = this.rows.has(n);
    if (there) this.rows.set(n, { item, state });
    return there;
  }

  async remove(n) {
    this.rows.delete(n);
  }

  async items(state = "waiting") {
    return [...this.rows].filter(([, row]) => row.state === state).map(([n, { item }]) => ({ ...item, n }));
  }

  async waiting() {
    return (await this.items()).length;
  }
}

export class Queue {
  /**
   * `heard(item, answer)` is told each answer that came late, `changed()` whenever the number of waiting items has
   * changed, `refused(item)` when the server calls an item broken: it is put aside, shown, and blocks no other.
   */
  constructor(event, store, line, { heard, changed, refused }) {
    Object.assign(this, { store, line, heard, changed, refused });
    this.name = `enishi-door ${event}`;
    this.length = 0;
    this.held = new Set(); // being sent by this page, or just being decided
    line.unsent = () => this.length;
  }

  /** Put an item in; on the disk when this returns. It is `held` until `release`. */
  async add(item) {
    const n = await this.store.add(item);
    this.held.add(n);
    await this.count();
    return { ...item, n };
  }

  /** Let an item go its way, with what has become known of it. */
  async release(item) {
    const { n, ...rest } = item;
    const there = await this.store.change(n, rest);
    if (!there && rest.told) await this.store.add(rest); // another page sent it before it was decided here
    this.held.delete(n);
    await this.count();
  }

  async settle({ n }) {
    await this.store.remove(n);
    this.held.delete(n);
    await this.count();
  }

  async count() {
    const before = this.length;
    this.length = await this.store.waiting();
    if (this.length !== before) this.changed();
  }

  /** Ask the server at once; null when there is no answer in time. The item stays held. */
  async ask(item) {
    try {
      return await this.line.post("/scans", bodyOf(item), { patience: QUICK });
    } catch (error) {
      if (!(error instanceof Broken)) return null;
      if (BROKEN.has(error.status)) await this.putAside(item);
      else await this.release(item);
      throw error;
    }
  }

  /** Send everything that waits, in its order; one page at a time, also among several. Raises Gone or Broken. */
  flush() {
    this.flushing ??= this.alone(() => this.upload()).finally(() => (this.flushing = null));
    return this.flushing;
  }

  async alone(act) {
    if (!navigator.locks) return act(); // twice would be harmless: the keys are the same
    return navigator.locks.request(this.name, { ifAvailable: true }, (lock) => (lock ? act() : null));
  }

  async upload() {
    const done = new Set();
    for (;;) {
      const items = (await this.store.items()).filter(({ n }) => !this.held.has(n) && !done.has(n));
      if (!items.length) break;
      const isScan = (item) => item.kind === "scan";
      const end = items.findIndex((item) => !isScan(item));
      const scans = items.slice(0, end < 0 ? AT_ONCE : Math.min(end, AT_ONCE));
      if (scans.length) await this.sendScans(scans);
      else await this.sendAct(items[0]);
      for (const { n } of scans.length ? scans : [items[0]]) done.add(n);
      await this.count();
    }
  }

  async sendScans(scans) {
    let results;
    try {
      ({ results } = await this.line.post("/scans/batch", { scans: scans.map(bodyOf) }));
    } catch (error) {
      if (!(error instanceof Broken) || !BROKEN.has(error.status) || error.status === 404) throw error;
      if (scans.length === 1) return this.putAside(scans[0]);
      for (const scan of scans) await this.sendScans([scan]); // one of them spoils the lot
      return undefined;
    }
    for (const [place, scan] of scans.entries()) await this.take(scan, results[place]);
    return undefined;
  }

  async take(scan, answer) {
    if (!answer) return; // an answer cut off: it is asked again
    if (answer.reason === "malformed") return this.putAside(scan);
    await this.store.remove(scan.n);
    await this.heard(scan, answer);
  }

  /** Do what is not a scan: take one back, or note a fee. Doing it twice is harmless. */
  act(item, patience) {
    if (item.kind === "undo") return this.line.ask("DELETE", `/scans/${item.key}`, undefined, { patience });
    if (item.kind === "fee") return this.line.post(`/check-ins/${item.registration}/fee`, item.body, { patience });
    throw new Broken(422); // it cannot be read any more
  }

  async sendAct(item) {
    try {
      await this.act(item);
      await this.store.remove(item.n);
    } catch (error) {
      if (!(error instanceof Broken) || !BROKEN.has(error.status)) throw error;
      await this.putAside(item);
    }
  }

  async putAside(item) {
    const { n, ...rest } = item;
    await this.store.change(n, rest, "rejected");
    this.held.delete(n);
    await this.count();
    this.refused();
  }
}

/** What the server is told of a scan; of one that the phone decided by itself also what it said. */
function bodyOf({ body, told }) {
  return told ? { ...body, offline: true, told } : body;
}
