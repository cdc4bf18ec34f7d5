/* What all pages of this phone know of a door together: its list, and who has come in. */
import { inTurn } from "./turns.js";

export class Book {
  /** `turned()` is called when the list that is gone by has become another one. */
  constructor(event, store, list, turned) {
    Object.assign(this, { event, store, list, turned });
    this.listed = null; // which list is gone by: when the server made it, its version, and how often it was changed here
    this.trueAt = null; // when the server last said that it is the newest one
    this.closed = false;
  }

  /** Nothing is known any more, and nothing that is still on its way will be. */
  close() {
    this.closed = true;
    this.list.drop();
  }

  /** When the server made the list; null without one. */
  get at() {
    return this.listed?.at ?? null;
  }

  get version() {
    return this.list.data?.version ?? null;
  }

  /** How far things have gone: what becomes known later has a later turn. */
  get turn() {
    return this.list.turn;
  }

  /**
   * What `act()` gives, done with everything at hand that any page of this phone has noted, while no other page notes
   * anything. What it changes is kept before the next one looks.
   */
  together(act) {
    if (!this.store.lasting) return act();
    return inTurn(`enishi-door book ${this.event}`, async () => {
      await this.catchUp().catch((error) => console.warn("not read", error.name));
      const before = this.list.turn;
      const given = await act();
      if (this.list.turn !== before) await this.keep("seen", { listed: this.listed, ...this.list.beyond });
      return given;
    });
  }

  /** Take over what another page has noted since. */
  async catchUp() {
    const seen = await this.store.recall("seen");
    if (!seen || seen.turn <= this.list.turn) return;
    this.list.beyond = seen;
    if (seen.listed && !same(seen.listed, this.listed)) await this.reopen();
  }

  async reopen() {
    const kept = await this.store.recall("list");
    if (!kept || this.closed) return;
    this.list.hold(kept.data);
    this.listed = kept.listed;
    this.trueAt = kept.listed.at;
    this.turned(kept.data);
  }

  /** Take a list of the server that was asked for at that turn; never an older one than another page has taken. */
  take(data, asked) {
    return this.together(async () => {
      const waiting = (await this.store.items()).filter((item) => item.told === "admitted");
      if (this.closed || (this.at && Date.parse(data.now) < Date.parse(this.at))) return;
      this.list.take(data, asked, new Set(waiting.map((item) => item.whose)));
      this.listed = { at: data.now, version: data.version, changed: 0 };
      this.trueAt = data.now;
      this.turned(data);
      await this.keepList();
    });
  }

  /** Change the list itself, as the server will have it, too. */
  change(act) {
    return this.together(async () => {
      act();
      this.list.turn += 1;
      if (!this.listed) return;
      this.listed = { ...this.listed, changed: this.listed.changed + 1 };
      await this.keepList();
    });
  }

  /** What an earlier visit left. Entries that are still to be sent stand even if nothing else of them was kept. */
  recall() {
    return this.together(async () => {
      if (!this.listed) await this.reopen();
      const items = await this.store.items();
      const undone = new Set(items.map((item) => item.kind === "undo" && item.key));
      for (const { told, whose, body } of items) {
        if (told === "admitted" && whose && !undone.has(body.key)) this.list.arrived(whose, body.at, body.door);
      }
    });
  }

  keepList() {
    return this.keep("list", { data: this.list.data, listed: this.listed });
  }

  /** Without room the page goes on by what it holds. */
  async keep(name, value) {
    await this.store.keep(name, value).catch((error) => console.warn("not kept", error.name));
  }
}

function same(one, other) {
  return ["at", "version", "changed"].every((part) => one[part] === other?.[part]);
}
