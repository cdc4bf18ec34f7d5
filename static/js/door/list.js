/* The phone's own copy of the door: who is expected, who has come, and what it says to a ticket when it is alone. */
import { whileIdle } from "./idle.js";
import { preparing, rank } from "./names.js";
import { decide, findCode } from "./ticketing.js";

const FOUND_AT_MOST = 20;
const CARD = ["id", "name", "reading", "company", "first_time", "introducer", "number", "table", "note"];
const SAME = 1000; // milliseconds by which the server may have put a scan's time right
const encoder = new TextEncoder();

export class DoorList {
  constructor() {
    this.data = null;
    this.arrivals = new Map(); // what this phone knows beyond the list: whose → {at, door, noted: the turn}
    this.turn = 0; // grows with each thing that becomes known, whatever the clocks do
  }

  /** Whether this phone can decide by itself. */
  get ready() {
    return this.data !== null;
  }

  /** Whether it holds names: a guest's phone has them sealed, each to be opened by its ticket alone. */
  get named() {
    return this.ready && this.data.sees_list;
  }

  get event() {
    return this.data?.event;
  }

  /** Take a list of the server that was asked for at that turn; `unsent`: whose entries it cannot know. */
  take(data, asked, unsent) {
    this.hold(data);
    this.turn += 1;
    for (const [whose, { noted }] of this.arrivals) {
      if (noted <= asked && !unsent.has(whose)) this.arrivals.delete(whose);
    }
  }

  /** Go by this list, whatever is known beyond it. */
  hold(data) {
    this.data = data;
    this.byHash = new Map();
    this.byId = new Map();
    for (const person of data.people) {
      if (person.id) this.byId.set(person.id, person);
      for (const ticket of person.tickets) this.byHash.set(ticket.hash, { person, revoked: ticket.revoked });
    }
    this.layingOut = this.named ? preparing(this.data.people.filter((person) => person.state === "admitted")) : null;
    if (this.layingOut) whileIdle((mayGoOn) => this.layOutSome(mayGoOn));
  }

  /** Lay the people out for a search, before the first one, while nobody waits; true when nothing is left to do. */
  layOutSome(mayGoOn) {
    this.layingOut?.some(mayGoOn);
    return this.layingOut?.done ?? true;
  }

  drop() {
    this.data = null;
    this.layingOut = null;
    this.arrivals.clear();
  }

  /** By what an entry is kept: the registration, or on a guest's phone the ticket. */
  whose(person) {
    return person.id ?? person.tickets[0]?.hash;
  }

  /** Note that somebody has come in; of two entries the earlier counts. */
  arrived(whose, at, door = null) {
    const before = this.arrivals.get(whose);
    if (before && before.at <= at) return;
    this.turn += 1;
    this.arrivals.set(whose, { at, door, noted: this.turn });
  }

  /** Note that a check-in was taken back. */
  left(whose) {
    this.turn += 1;
    this.arrivals.delete(whose);
    const person = this.find(whose);
    if (person) Object.assign(person, { first_at: null, first_door: null });
  }

  find(whose) {
    return this.byId?.get(whose) ?? this.byHash?.get(whose)?.person;
  }

  /** The entry that counts: {at, door}, or null. */
  first(person) {
    const here = this.arrivals.get(this.whose(person));
    const there = person.first_at ? { at: person.first_at, door: person.first_door } : null;
    if (here && there) return Date.parse(here.at) < Date.parse(there.at) ? here : there;
    return here ?? there;
  }

  count() {
    const expected = this.data.people.filter((person) => person.state === "admitted");
    return { arrived: this.data.people.filter((person) => this.first(person)).length, expected: expected.length };
  }

  /** Everybody who is meant by what was typed, best first; found on this phone alone. */
  search(query) {
    const people = this.data.people.filter((person) => person.state === "admitted");
    const numbered = /^\d{4}$/.test(query) ? people.filter((person) => person.number === Number(query)) : [];
    if (numbered.length) return numbered;
    return rank(query, this.layingOut.whole()).slice(0, FOUND_AT_MOST).map((id) => this.byId.get(id));
  }

  /**
   * What the door says to a scan or a person, {code} or {registration}, at that moment; like the server's answer.
   * `asked`: the server was asked before, and its answer was lost.
   */
  async answer(what, at, { asked = false } = {}) {
    const { person, text, found } = await this.meant(what);
    const said = decide(person ? this.facts(person, found?.revoked ?? false, asked && at) : null, this.event, at.toISOString());
    const card = person ? await this.card(person, text) : null;
    return { ...said, registration: card, conflict: null, count: this.count(), whose: person ? this.whose(person) : null };
  }

  async meant({ code, registration }) {
    const text = code === undefined ? null : findCode(code);
    const found = text ? this.byHash.get(await sha256(text)) : null;
    return { person: registration ? this.byId.get(registration) : found?.person, text, found };
  }

  /** Whose entry a scan is, null if nobody's of this list. */
  async whoseOf(what) {
    const { person } = await this.meant(what);
    return person ? this.whose(person) : null;
  }

  /**
   * What is decided by. `at`: when the server was asked about this scan and its answer was lost: an entry of that very
   * instant in its list is this scan's own.
   */
  facts(person, revoked, at) {
    const own = at && person.first_at && Math.abs(Date.parse(person.first_at) - at) < SAME;
    const first = this.first(own ? { ...person, first_at: null } : person);
    const entry = { first_at: first?.at ?? null, first_door: first?.door ?? "" };
    return { event: this.event.id, state: person.state, revoked, ...entry };
  }

  async card(person, code) {
    const known = person.sealed ? await openCard(person.sealed, code) : person;
    if (!known) return null;
    return { ...Object.fromEntries(CARD.map((name) => [name, known[name] ?? null])), fee_due: person.fee_due };
  }

  /** What is known beyond the list, to be kept, and to be taken over by another page. */
  get beyond() {
    return { turn: this.turn, arrivals: [...this.arrivals] };
  }

  set beyond({ turn, arrivals }) {
    this.turn = turn;
    this.arrivals = new Map(arrivals);
  }
}

/** The hash by which a ticket stands in the list. */
async function sha256(text) {
  const hash = await crypto.subtle.digest("SHA-256", encoder.encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A card that only its own ticket's code opens. */
async function openCard({ iv, data }, code) {
  if (!code) return null;
  try {
    const secret = await crypto.subtle.digest("SHA-256", encoder.encode(`enishi card\0${code}`));
    const key = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["decrypt"]);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(iv) }, key, bytes(data));
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return null; // the door still knows whether the ticket is good
  }
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}
