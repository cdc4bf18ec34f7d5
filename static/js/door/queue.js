/* What must reach the server: each scan has its key and lies on the disk before it is sent, and stays until answered. */
import { Broken, QUICK } from "./sending.js";
import { unlessBusy } from "./turns.js";

const AT_ONCE = 100;
const BROKEN = new Set([400, 409, 413, 415, 422]);
const BROKEN_ACT = new Set([...BROKEN, 403, 404]);
const FALLS = 3; // so often the server may stumble over an item while others go through

export class Queue {
  /**
   * `heard([[item, answer]])` is told the answers that came late, and settles their items; `changed()` is called whenever
   * the number of waiting items has changed, `refused()` when the server calls one broken: it is put aside, shown, and
   * blocks no other.
   */
  constructor(event, store, line, { heard, changed, refused }) {
    Object.assign(this, { store, line, heard, changed, refused });
    this.name = `enishi-door ${event}`;
    this.length = 0;
    this.held = new Set(); // being sent by this page, or just being decided
    this.falls = new Map(); // how often the server stumbled over an item alone: n → times
    this.well = false; // whether it has answered another since
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

  async settle(items) {
    const places = items.map(({ n }) => n);
    await this.store.remove(places);
    for (const n of places) this.held.delete(n);
    await this.count();
  }

  async count() {
    const before = this.length;
    this.length = await this.store.waiting();
    if (this.length !== before) this.changed();
  }

  /** Whether something was left here by the last flush. */
  get stays() {
    return this.length > this.held.size;
  }

  /** Ask the server at once; null when there is no answer in time. The item stays held. */
  async ask(item) {
    try {
      const answer = await this.line.post("/scans", bodyOf(item), { patience: QUICK });
      this.well = true;
      return answer;
    } catch (error) {
      if (!(error instanceof Broken)) return null;
      if (BROKEN.has(error.status)) await this.putAside(item);
      else await this.release(item);
      throw error;
    }
  }

  /** Send everything that waits, in its order; null where another page is at it. Raises Gone or Broken. */
  flush() {
    this.flushing ??= unlessBusy(this.name, () => this.upload()).finally(() => (this.flushing = null));
    return this.flushing;
  }

  async upload() {
    const tried = new Set();
    this.fallen = [];
    for (;;) {
      const waiting = await this.store.items();
      const sent = this.next(waiting.filter(({ n }) => !this.held.has(n) && !tried.has(n)));
      if (!sent.length) break;
      for (const { n } of sent) tried.add(n);
      if (sent[0].kind === "scan") await this.sendScans(sent);
      else if (!waiting.some((item) => undoes(sent[0], item))) await this.sendAct(sent[0]);
      await this.count();
    }
    if (this.well) await this.countFalls();
    return true;
  }

  /** The next of these to be sent: scans together, all else alone; last what the server has stumbled over, alone. */
  next(items) {
    const smooth = items.filter(({ n }) => !this.falls.has(n));
    if (!smooth.length) return items.slice(0, 1);
    const end = smooth.findIndex((item) => item.kind !== "scan");
    return end === 0 ? smooth.slice(0, 1) : smooth.slice(0, end < 0 ? AT_ONCE : Math.min(end, AT_ONCE));
  }

  /** Send scans together. Where one of them spoils the lot, each half goes on its own, until it is found. */
  async sendScans(scans) {
    let said;
    try {
      said = await this.line.post("/scans/batch", { scans: scans.map(bodyOf) });
    } catch (error) {
      if (!isBroken(error, BROKEN) && error.status !== 500) throw error;
      if (scans.length === 1) return this.stumbled(scans[0], error, BROKEN);
      const half = Math.ceil(scans.length / 2);
      await this.sendScans(scans.slice(0, half));
      return this.sendScans(scans.slice(half));
    }
    return this.takeAnswers(scans, said.results ?? []);
  }

  /** An item without an answer, where that was cut off, is asked again. */
  async takeAnswers(scans, answers) {
    const pairs = scans.map((scan, place) => [scan, answers[place]]).filter(([, answer]) => answer);
    const isBad = ([, answer]) => answer.reason === "malformed";
    this.well ||= pairs.length > 0;
    await this.heard(pairs.filter((pair) => !isBad(pair)));
    for (const [scan] of pairs.filter(isBad)) await this.putAside(scan);
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
      this.well = true;
      await this.settle([item]);
    } catch (error) {
      if (!isBroken(error, BROKEN_ACT) && error.status !== 500) throw error;
      await this.stumbled(item, error, BROKEN_ACT);
    }
  }

  /** One item alone: what is broken is put aside; what makes the server stumble is tried last from now on. */
  async stumbled(item, error, broken) {
    if (isBroken(error, broken)) return this.putAside(item);
    this.fallen.push(item);
    this.falls.set(item.n, this.falls.get(item.n) ?? 0);
    if (this.fallen.length > 1 && !this.well) throw error; // it may not be the items
    return undefined;
  }

  /** The server is well, but not with these: after a few times they are put aside. */
  async countFalls() {
    this.well = false;
    for (const item of this.fallen) {
      this.falls.set(item.n, this.falls.get(item.n) + 1);
      if (this.falls.get(item.n) >= FALLS) await this.putAside(item);
    }
  }

  async putAside({ n }) {
    await this.store.putAside(n);
    this.held.delete(n);
    this.falls.delete(n);
    await this.count();
    await this.refused();
  }
}

/** Whether that act takes back what the scan will have done. */
function undoes({ kind, key }, { body }) {
  return kind === "undo" && body?.key === key;
}

function isBroken(error, statuses) {
  return error instanceof Broken && statuses.has(error.status);
}

/** What the server is told of a scan; of one that the phone decided by itself also what it said. */
function bodyOf({ body, told }) {
  return told ? { ...body, offline: true, told } : body;
}
