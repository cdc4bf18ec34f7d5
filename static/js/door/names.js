/* Finding a person on the phone by kanji, kana, romaji or company, with a typo: as organizer/domain/names.py does. */
import { bareCompany, doubles, fold, isKana, narrow, sound, trimmed, wordsOf } from "./folding.js";
import { HONORIFIC, PARTING } from "./names-data.js";
import { Hits, Prepared, byShortSound, closeHits, directHits, isInitial, jointHits } from "./names-hits.js";

export const LONGEST_QUERY = 80;

const CALLED = new RegExp(HONORIFIC, "gu");
const PARTED = new RegExp(PARTING, "gu");
const OTHERWISE = 1000;
const EXACT_AT_MOST = 40_000;
const GOOD_AT_MOST = 70_000;
const FEW = 5;

const WORDS = ["id", "name", "reading", "company"];
let last = null;

/** People ({id, name, reading, company}) who are being laid out: at once, or little by little while nobody waits. */
export class Preparing {
  constructor(people) {
    this.people = people.map(({ id, name, reading, company }) => ({ id, name, reading, company }));
    this.room = new Prepared();
    this.steps = this.room.filling(this.people);
    this.done = false;
  }

  /** Go on as long as `mayGoOn()`. */
  some(mayGoOn) {
    while (!this.done && mayGoOn()) this.done = this.steps.next().done;
  }

  /** The room, whatever was left of it made now. */
  whole() {
    this.some(() => true);
    return this.room;
  }
}

/** The people being laid out; kept, so that the same people again cost nothing. */
export function preparing(people) {
  if (!last || !same(people, last.people)) last = new Preparing(people);
  return last;
}

/** The people laid out for `rank`. */
export function prepare(people) {
  return preparing(people).whole();
}

function same(people, others) {
  if (people.length !== others.length) return false;
  return people.every((person, place) => WORDS.every((word) => person[word] === others[place][word]));
}

/** The ids of those who are meant by `query`, best first; ties in the order of the reading, then the id. */
export function rank(query, people) {
  const room = people instanceof Prepared ? people : prepare(people);
  const typed = trimmed(Array.from(query).slice(0, LONGEST_QUERY).join(""));
  const attempts = attemptsOf(typed).filter(([attempt]) => fold(attempt));
  const hits = new Hits();
  for (const [attempt, more] of attempts) if (!hasInitial(attempt)) hits.take(directHits(room, attempt), more);
  if (hits.best >= EXACT_AT_MOST) takeJoint(room, attempts, hits);
  if (attempts.length && mayBeASlip(attempts[0][0], hits)) {
    for (const [attempt, more] of attempts) hits.take(closeHits(room, attempt), more);
  }
  return hits.inOrder().map((number) => room.cards[number].id);
}

/** The last attempt is the one most taken apart: if its words are all hit, the others need no look. */
function takeJoint(room, attempts, hits) {
  for (const [attempt, more] of [...attempts].reverse()) {
    const joint = jointHits(room, attempt);
    hits.take(joint, more);
    if (joint.best < EXACT_AT_MOST) return;
  }
}

/** Whether one of several words is an initial: `k. ono` is no `kono`. */
function hasInitial(typed) {
  const words = wordsOf(narrow(typed).replaceAll(".", " "));
  return words.length > 1 && words.some(isInitial);
}

function attemptsOf(typed) {
  const attempts = [[typed, 0]];
  const plain = narrow(typed);
  const bare = plain.replace(CALLED, "$1");
  if (bare !== plain) attempts.push([bare, OTHERWISE]);
  const joined = bareCompany(bare);
  const apart = trimmed(joined.replace(PARTED, " "));
  if (apart !== joined) attempts.push([apart, OTHERWISE]);
  const place = bare.lastIndexOf("の", bare.length - 2);
  if (place > 1 || (place > 0 && !isKana(bare[0]))) attempts.push([`${bare.slice(0, place)} ${bare.slice(place + 1)}`, OTHERWISE]);
  if (bare.includes("oh")) attempts.push([bare.replace(/oh(?=[aiueo])/g, "oo"), OTHERWISE]);
  return attempts;
}

function mayBeASlip(typed, hits) {
  const { best } = hits;
  if (best >= GOOD_AT_MOST || (best >= EXACT_AT_MOST && hits.size < FEW)) return true;
  return byShortSound(best) && doubles(sound(typed));
}
