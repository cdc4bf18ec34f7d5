/* What the phone keeps of a door, all of it sealed with keys that cannot leave this browser. */
import { DATABASE, forget, keepUntil, mayBeKept } from "./forget.js";
import { Memory } from "./memory.js";
import { inTurn } from "./turns.js";

const STRICT = { durability: "strict" }; // a scan has to outlive an empty battery
const LOST = new Set(["InvalidStateError", "UnknownError"]); // some phones close it while they sleep
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The store of an event, or null where the browser keeps nothing: an insecure address, a private window. */
export async function openStore(library, event) {
  if (!window.isSecureContext || !globalThis.crypto?.subtle || !("indexedDB" in window) || !mayBeKept()) return null;
  try {
    const { openDB } = await import(library);
    const store = new Store(event, () => openDB(DATABASE, 1, { upgrade: build, blocking: (_old, _new, { target }) => target.close() }));
    await store.open();
    return store;
  } catch {
    return null; // the page says so
  }
}

function build(database) {
  database.createObjectStore("keys");
  database.createObjectStore("sealed");
  database.createObjectStore("queue", { keyPath: "n", autoIncrement: true }).createIndex("event", "event");
}

class Store {
  lasting = true;

  constructor(event, connect) {
    this.event = event;
    this.connect = connect;
    this.spare = new Memory(-1); // for what the disk has no room for; gone with the page
  }

  /** Have both keys at hand, and prove that they can be used. */
  async open() {
    this.database = await this.connect();
    [this.listKey, this.queueKey] = await Promise.all([this.ensureKey("list"), this.ensureKey("queue")]);
    await unseal(this.listKey, await seal(this.listKey, "proof", true), "proof");
  }

  /** What `act(database)` gives; once more where the connection was lost meanwhile. */
  async use(act) {
    try {
      return await act(this.database);
    } catch (error) {
      if (!LOST.has(error.name)) throw error;
      this.database = await this.connect();
      return act(this.database);
    }
  }

  /** The key of that name, made where there is none; two tabs that open at once end up with the same one. */
  async ensureKey(name) {
    const place = `${this.event}/${name}`;
    return (await this.database.get("keys", place)) ?? this.makeKey(place);
  }

  async makeKey(place) {
    const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const act = this.database.transaction("keys", "readwrite");
    const known = await act.store.get(place);
    if (!known) await act.store.put(fresh, place);
    await act.done;
    return known ?? fresh;
  }

  /** Keep a value under a name until the door is forgotten; after that, by whichever page, nothing is kept. */
  async keep(name, value) {
    const sealed = await seal(this.listKey, name, value);
    await this.use(async (database) => {
      const act = database.transaction(["keys", "sealed"], "readwrite");
      const stands = await act.objectStore("keys").getKey(`${this.event}/list`);
      if (stands) await act.objectStore("sealed").put(sealed, `${this.event}/${name}`);
      await act.done;
    });
  }

  /** What was kept under a name; null when there is nothing, or its key is gone. */
  async recall(name) {
    const sealed = await this.use((database) => database.get("sealed", `${this.event}/${name}`));
    return sealed ? unseal(this.listKey, sealed, name).catch(() => null) : null;
  }

  /** Change what is kept under a name, as whichever page of this phone has left it. */
  amend(name, change) {
    return inTurn(`enishi-door ${this.event} ${name}`, async () => this.keep(name, change(await this.recall(name))));
  }

  /** Until when all this may be kept, in this phone's time; `own`: it ends with the browser's sign-in, too. */
  keepUntil(until, own) {
    keepUntil(this.event, until, own);
  }

  /** Add something that must reach the server; on the disk when this returns, if it has room. Gives its place. */
  async add(item) {
    const row = { event: this.event, state: "waiting", ...(await seal(this.queueKey, "item", item)) };
    try {
      return await this.use((database) => write(database, (queue) => queue.add(row)));
    } catch (error) {
      console.warn("no room to keep a scan", error.name); // the page says so while it waits
      return this.spare.add(item);
    }
  }

  /** Write an item anew at its place; false when it has been settled meanwhile. */
  async change(n, item) {
    if (n < 0) return this.spare.change(n, item);
    return this.rewrite(n, await seal(this.queueKey, "item", item));
  }

  /** Have an item wait no longer: it stays to be shown. */
  putAside(n) {
    return n < 0 ? this.spare.putAside(n) : this.rewrite(n, { state: "rejected" });
  }

  rewrite(n, news) {
    const change = async (queue) => {
      const row = await queue.get(n);
      if (row) await queue.put({ ...row, ...news });
      return row !== undefined;
    };
    return this.use((database) => write(database, change));
  }

  async remove(places) {
    await this.spare.remove(places);
    const kept = places.filter((n) => n > 0);
    if (kept.length) await this.use((database) => write(database, (queue) => Promise.all(kept.map((n) => queue.delete(n)))));
  }

  /** The items in that state, oldest first: [{n, ...item}]. */
  async items(state = "waiting") {
    const rows = (await this.rows()).filter((row) => row.state === state);
    const open = (row) => unseal(this.queueKey, row, "item").catch(() => ({ kind: "unreadable" }));
    const kept = await Promise.all(rows.map(async (row) => ({ ...(await open(row)), n: row.n })));
    return [...kept, ...(await this.spare.items(state))];
  }

  /** How many wait, without opening them. */
  async waiting() {
    return (await this.rows()).filter((row) => row.state === "waiting").length + (await this.spare.waiting());
  }

  /** Where the disk cannot be read for now, what only this page holds still goes its way. */
  rows() {
    const read = this.use((database) => database.getAllFromIndex("queue", "event", this.event));
    return read.catch((error) => (console.warn("the queue could not be read", error.name), []));
  }

  /** Other events that have something unsent on this phone: {event: how many}. */
  async elsewhere() {
    const found = {};
    for (const row of await this.use((database) => database.getAll("queue"))) {
      if (row.event !== this.event && row.state === "waiting") found[row.event] = (found[row.event] ?? 0) + 1;
    }
    return found;
  }

  /** Forget the door. What was not sent stays, sealed, for a device that is let in anew. */
  forget() {
    return forget(this.event);
  }
}

/** What `act(queue)` gives, on the disk when this returns. */
async function write(database, act) {
  const transaction = database.transaction("queue", "readwrite", STRICT);
  const [given] = await Promise.all([act(transaction.store), transaction.done]);
  return given;
}

async function seal(key, name, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = encoder.encode(JSON.stringify(value));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(name) }, key, plain) };
}

async function unseal(key, { iv, data }, name) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(name) }, key, data);
  return JSON.parse(decoder.decode(plain));
}
