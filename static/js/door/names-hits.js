/* How well a query meets people, as a cost: as organizer/domain/names_hits.py and names_joint.py do, where it is explained. */
import { fold, hasKanji, isKana, isLatin, isLegalForm, wordsOf } from "./folding.js";
import { COMPANY, LIKELY_GIVEN, cardOf, companyForms, formsOf } from "./names-keys.js";
import { Table, WHOLE as SLIP_WHOLE, slip } from "./names-table.js";

const TIER = 10_000;
const THOUSAND = 1_000;
const LEVEL = 2_000;
const [WRITTEN, TEXT, LONG, SHORT] = [0, 1, 2, 3];

// By place: full, family, given, company, turned, likely given, likely turned, likely family.
const WHOLE = [0, 10, 20, 30, 0, 50, 0, 40];
const WHOLE_SHORT = [0, 20, 21, 30, 0, 50, 0, 40];
const PREFIX = [40, 40, 50, 60, 50, 70, 70, 70];
const INSIDE = [70, 70, 70, 80, 70, 70, 70, 80];
const INSIDE_LATIN = [130, 130, 130, 140, 130, 130, 130, 140];
const CLOSE = [90, 100, 110, 130, 90, 120, 90, 120];
const CLOSE_PREFIX = [140, 140, 140, 150, 140, 150, 150, 150];
const INITIAL = [90, 70, 50, 90, 90, 70, 90, 80];

const JOINT = 6_000;
const ENOUGH = 20;
const MISS = 1e9;
const FORMS = ["written", "text", "long", "short", "rough", "typed"];

/** People laid out to be found, a little with each step of `filling`; before its end nobody is. */
export class Prepared {
  *filling(people) {
    this.cards = [];
    for (const person of people) {
      this.cards.push(cardOf(person));
      yield;
    }
    this.cards.sort((one, other) => compare(one.order, other.order) || compareIds(one.id, other.id));
    [this.names, this.companies] = [emptyTables(), emptyTables()];
    for (const [number, card] of this.cards.entries()) {
      for (const [place, forms] of card.keys) add(place === COMPANY ? this.companies : this.names, number, place, forms);
      yield;
    }
    for (const table of [...Object.values(this.names), ...Object.values(this.companies)]) {
      table.close();
      yield;
    }
  }
}

function emptyTables() {
  return Object.fromEntries(FORMS.map((form) => [form, new Table()]));
}

function add(own, number, place, forms) {
  if (forms.written) own.written.add(forms.written, number, place);
  for (const form of ["text", "long", "short"]) own[form].add(forms[form], number, place);
  for (const form of ["rough", "typed"]) for (const string of forms[form]) own[form].add(string, number, place);
}

/** What each card costs that was hit, by its number. */
export class Hits extends Map {
  get best() {
    let best = MISS;
    for (const cost of this.values()) if (cost < best) best = cost;
    return best;
  }

  put(number, cost) {
    if (cost < (this.get(number) ?? MISS)) this.set(number, cost);
  }

  add(postings, tiers, more) {
    for (const [number, place] of postings) this.put(number, tiers[place] * THOUSAND + more);
  }

  take(others, more = 0) {
    for (const [number, cost] of others) this.put(number, cost + more);
  }

  inOrder() {
    return [...this].sort((one, other) => one[1] - other[1] || one[0] - other[0]).map(([number]) => number);
  }
}

/** Whether a hit is no better than by the sound without lengths. */
export function byShortSound(cost) {
  return cost % TIER >= SHORT * LEVEL;
}

/** Who is hit by a whole key or its beginning; where these are few, by a middle piece too. */
export function directHits(room, typed) {
  const hits = new Hits();
  const [name, company] = [unjoined(typed), companyForms(typed)];
  hits.add(room.companies.written.find(company.written), WHOLE, WRITTEN * LEVEL);
  begin(room.names.written, name.written, WRITTEN, hits);
  beginnings(room.names, name, hits);
  beginnings(room.companies, company, hits);
  if (hits.size < ENOUGH) {
    middles(room.names, name, hits);
    middles(room.companies, company, hits);
  }
  return hits;
}

function unjoined(typed) {
  const forms = { ...formsOf(typed) };
  if (forms.written === forms.text) forms.written = "";
  const apart = wordsOf(typed).reduce((length, word) => length + formsOf(word).short.length, 0);
  if (apart !== forms.short.length) forms.short = "";
  return forms;
}

function beginnings(own, forms, hits) {
  begin(own.text, forms.text, TEXT, hits);
  begin(own.long, forms.long, LONG, hits);
  if (forms.short.length !== 1 || forms.short === forms.text) begin(own.short, forms.short, SHORT, hits);
  else hits.add(own.short.find(forms.short), WHOLE_SHORT, SHORT * LEVEL);
}

function begin(table, typed, level, hits) {
  if (!typed) return;
  const whole = level === SHORT ? WHOLE_SHORT : WHOLE;
  table.beginning(typed, (string, postings) => {
    hits.add(postings, string === typed ? whole : PREFIX, level * LEVEL + rest(typed, string));
  });
}

function middles(own, forms, hits) {
  if (forms.text.length > 1 || hasKanji(forms.text)) hold(own.text, forms.text, TEXT, hits);
  if (isKana(forms.text)) return;
  if (forms.long.length > 2 || hasKanji(forms.long)) hold(own.long, forms.long, LONG, hits);
  if (forms.short.length > 2 || hasKanji(forms.short)) hold(own.short, forms.short, SHORT, hits);
}

function hold(table, typed, level, hits) {
  const tiers = isLatin(typed) ? INSIDE_LATIN : INSIDE;
  table.holding(typed, (string, postings) => hits.add(postings, tiers, level * LEVEL + rest(typed, string)));
}

/** How much of the string is left over, in thousandths. */
function rest(typed, string) {
  return Math.floor((Math.max(0, string.length - typed.length) * 999) / (string.length || 1));
}

/** Who would be hit if one sign had been left out, doubled, changed or swapped, or by a rough ear. */
export function closeHits(room, typed) {
  const hits = new Hits();
  for (const [own, forms] of [[room.names, formsOf(typed)], [room.companies, companyForms(typed)]]) {
    roughly(own.rough, forms, hits);
    slipped(own.text, forms.text, TEXT, hits);
    slipped(own.short, forms.short, SHORT, hits);
    if (isKana(forms.text)) continue;
    for (const string of forms.typed) {
      slipped(own.typed, string, LONG, hits);
      slipped(own.short, string, LONG, hits);
    }
  }
  return hits;
}

function roughly(table, forms, hits) {
  const level = isLatin(forms.text) ? SHORT : WRITTEN;
  for (const rough of forms.rough) {
    if (rough.length < 3) continue;
    table.beginning(rough, (string, postings) => {
      hits.add(postings, string === rough ? CLOSE : CLOSE_PREFIX, level * LEVEL + rest(rough, string));
    });
  }
}

function slipped(table, typed, level, hits) {
  if (typed.length < (isLatin(typed) ? 4 : 3)) return;
  table.near(typed, (string, postings, whole) => {
    hits.add(postings, whole ? CLOSE : CLOSE_PREFIX, level * LEVEL + rest(typed, string));
  });
}

/** Whether a word is a single Latin letter, with or without its dot. */
export function isInitial(word) {
  const folded = fold(word);
  return folded.length === 1 && isLatin(folded);
}

function initialHits(room, word) {
  const hits = new Hits();
  const letter = formsOf(word).long;
  for (const own of [room.names, room.companies]) {
    own.long.beginning(letter, (string, postings) => hits.add(postings, INITIAL, 0));
  }
  return hits;
}

/** Who is hit by each of several words, be they apart or joined. */
export function jointHits(room, typed) {
  const all = wordsOf(typed);
  const named = all.filter((word) => !isLegalForm(word));
  const words = named.length ? named : all;
  if (words.length < 2) return joinedHits(room, typed);
  const each = words.map((word) => (isInitial(word) ? initialHits(room, word) : directHits(room, word)));
  const direct = allHit(each);
  if (direct.size) return direct;
  const hits = joinedHits(room, typed);
  each.forEach((found, place) => found.take(closeHits(room, words[place])));
  const close = allHit(each);
  hits.take(close.size ? close : inTwo(room, words));
  return hits;
}

function inTwo(room, words) {
  const hits = new Hits();
  if (words.length < 3) return hits;
  for (let place = 1; place < words.length; place += 1) {
    const parts = [words.slice(0, place).join(""), words.slice(place).join("")];
    const each = parts.map((part) => directHits(room, part));
    each.forEach((found, at) => found.take(closeHits(room, parts[at])));
    hits.take(allHit(each));
  }
  return hits;
}

function allHit(each) {
  const hits = new Hits();
  for (const number of each[0].keys()) {
    const costs = each.map((found) => found.get(number));
    if (costs.includes(undefined)) continue;
    const sum = costs.reduce((total, cost) => total + cost, 0);
    hits.set(number, Math.max(...costs) + Math.floor(sum / 32) + JOINT);
  }
  return hits;
}

/** Who is hit by a whole key and, by what is before or after it, by another. */
function joinedHits(room, typed) {
  const hits = new Hits();
  const { short } = formsOf(typed);
  for (let place = 1; place < short.length; place += 1) {
    const [head, tail] = [short.slice(0, place), short.slice(place)];
    for (const [whole, other] of [[head, tail], [tail, head]]) {
      for (const own of [room.names, room.companies]) {
        for (const [number, at] of own.short.find(whole)) hits.put(number, otherKey(room.cards[number], at, whole, other));
      }
    }
  }
  return hits;
}

function otherKey(card, wholeAt, whole, other) {
  let best = MISS;
  const unlikely = wholeAt === LIKELY_GIVEN && hasKanji(whole) === hasKanji(other);
  for (const [place, { short }] of card.keys) {
    if (place === wholeAt || (unlikely && place !== COMPANY)) continue;
    if (short === other) best = Math.min(best, WHOLE[place]);
    else if (short.startsWith(other) && (other.length > 2 || hasKanji(other))) best = Math.min(best, INSIDE[place]);
    else if (other.length > 3 && slip(other, short) === SLIP_WHOLE) best = Math.min(best, CLOSE[place]);
  }
  return best === MISS ? MISS : Math.max(best, WHOLE[wholeAt]) * THOUSAND + SHORT * LEVEL;
}

/** By code point, as Python sorts. */
function compare(one, other) {
  const length = Math.min(one.length, other.length);
  let place = 0;
  while (place < length && one[place] === other[place]) place += 1;
  return place === length ? one.length - other.length : rankAt(one, place) - rankAt(other, place);
}

/** What a sign of two units is made of stands behind all signs of one. */
function rankAt(text, place) {
  const unit = text.charCodeAt(place);
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

function compareIds(one, other) {
  return typeof one === "number" && typeof other === "number" ? one - other : compare(String(one), String(other));
}
