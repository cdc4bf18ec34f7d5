/* What the phone keeps of a door, all of it sealed with keys that cannot leave this browser. */
import { DATABASE, forget, keepUntil } from "./forget.js";

const STRICT = { durability: "strict" }; // a scan has to outlive an empty battery
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The store of an event, or null where the browser keeps nothing: an insecure address, a private window. */
export async function openStore(library, event) {
  if (!window.isSecureContext || !globalThis.crypto?.subtle || !("indexedDB" in window)) return null;
  try {
    const { openDB } = await import(library);
    const database = await openDB(DATABASE, 1, { upgrade: build, blocking: (_old, _new, { target }) => target.close() });
    const store = new Store(database, event);
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

  constructor(database, event) {
    this.database = database;
    this.event = event;
  }

  /** Have both keys at hand, and prove that they can be used. */
  async open() {
    [this.listKey, this.queueKey] = await Promise.all([this.ensureKey("list"), this.ensureKey("queue")]);
    await unseal(this.listKey, await seal(this.listKey, "proof", true), "proof");
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

  /** Keep a value under a name until the door is forgotten. */
  async keep(name, value) {
    if (this.forgotten) return;
    const sealed = await seal(this.listKey, name, value);
    await this.database.put("sealed", sealed, `${this.event}/${name}`);
  }

  /** What was kept under a name; null when there is nothing, or its key is gone. */
  async recall(name) {
    const sealed = await this.database.get("sealed", `${this.event}/${name}`);
    return sealed ? unseal(this.listKey, sealed, name).catch(() => null) : null;
  }

  /** Until when all this may be kept, in this phone's time; `own`: it ends with the browser's sign-in, too. */
  keepUntil(until, own) {
    keepUntil(this.event, until, own);
  }

  /** Add something that must reach the server; on the disk when this returns. Gives its place in the queue. */
  async add(item) {
    const sealed = await seal(this.queueKey, "item", item);
    const act = this.database.transaction("queue", "readwrite", STRICT);
    const n = await act.store.add({ event: this.event, state: "waiting", ...sealed });
    await act.done;
    return n;
  }

  /** Write an item anew at its place; false when it has been settled meanwhile. */
  async change(n, item, state = "waiting") {
    const sealed = await seal(this.queueKey, "item", item);
    const act = this.database.transaction("queue", "readwrite", STRICT);
    const there = (await act.store.getKey(n)) !== undefined;
    if (there) await act.store.put({ n, event: this.event, state, ...sealed });
    await act.done;
    return there;
  }

  async remove(n) {
    await this.database.delete("queue", n);
  }

  /** The items in that state, oldest first: [{n, ...item}]. */
  async items(state = "waiting") {
    const rows = (await this.database.getAllFromIndex("queue", "event", this.event)).filter((row) => row.state === state);
    const open = (row) => unseal(this.queueKey, row, "item").catch(() => ({ kind: "unreadable" }));
    return Promise.all(rows.map(async (row) => ({ ...(await open(row)), n: row.n })));
  }

  /** How many wait, without opening them. */
  async waiting() {
    const rows = await this.database.getAllFromIndex("queue", "event", this.event);
    return rows.filter((row) => row.state === "waiting").length;
  }

  /** Other events that have something unsent on this phone: {event: how many}. */
  async elsewhere() {
    const found = {};
    for (const row of await this.database.getAll("queue")) {
      if (row.event !== this.event && row.state === "waiting") found[row.event] = (found[row.event] ?? 0) + 1;
    }
    return found;
  }

  /** Forget the door. What was not sent stays, sealed, for a device that is let in anew. */
  async forget() {
    this.forgotten = true;
    await forget(this.event);
  }
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
