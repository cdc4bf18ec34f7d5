/* The ways in which a person may be asked for, as organizer/domain/names_keys.py does. */
import {
  asWritten,
  bareCompany,
  fold,
  hasKanji,
  isKana,
  kept,
  kunrei,
  letters,
  roughSound,
  shortSound,
  sound,
  unrepeated,
  withLargeKana,
  wordsOf,
} from "./folding.js";
import { COMPANY_WORDS, SURNAMES } from "./names-data.js";

// Where in a person a key comes from; the costs in names-hits.js stand in this order.
export const [FULL, FAMILY, GIVEN, COMPANY, TURNED, LIKELY_GIVEN, LIKELY_TURNED, LIKELY_FAMILY] = Array(8).keys();

const LONGEST_UNPARTED = 16;
const LONGEST_SURNAME = 4;
const NEVER_FIRST = "ぁぃぅぇぉっゃゅょゎんー々";
const SIZES = [4, 3, 2, 1];

// Each is made when it is first asked for: the door opens before anybody is looked for.
const surnames = once(() => {
  const readings = new Map();
  for (const [written, reading] of entries(SURNAMES)) push(readings, written, reading);
  return readings;
});
const knownWords = once(() => {
  const read = new Map([...surnames()].map(([written, readings]) => [written, readings[0]]));
  for (const [written, reading] of entries(COMPANY_WORDS)) read.set(written, reading);
  return read;
});
const families = once(() => {
  const found = new Map();
  for (const [family, readings] of surnames()) {
    for (const reading of readings) push(found, shortSound(sound(reading)), family);
  }
  return found;
});

/** A name, or a company without its legal form, in every form in which it is compared. */
export const formsOf = kept((text) => {
  const [text_, long] = [fold(text), sound(text)];
  const short = shortSound(long);
  const kanji = hasKanji(text_);
  return {
    written: kanji ? flat(asWritten(text)) : "",
    text: flat(text_),
    long: flat(long),
    short: flat(short),
    rough: kanji ? [] : rough(text_, short),
    typed: typed(text, kanji).map(flat),
  };
});

/** A company in every form, without its legal form unless that is all there is. */
export function companyForms(text) {
  const bare = bareCompany(text);
  return { ...formsOf(fold(bare) ? bare : text), written: flat(asWritten(text)) };
}

/** All ways to ask for a person: {id, order, keys: [[place, forms]…]}. */
export function cardOf({ id, name, reading, company }) {
  return { id, ...asked([name ?? "", reading ?? "", company ?? ""].join("\0")) };
}

const asked = kept((told) => {
  const [name, reading, company] = told.split("\0");
  const [named, read] = [parted(name), parted(reading)];
  const spoken = read.length === 1 && named.length > 1 ? partedAfter(read[0], readingsOf(named[0])) : read;
  const keys = [...nameKeys(named), ...nameKeys(spoken)];
  if (!spoken.length) {
    for (const find of [readingsOf, familiesRead]) {
      for (const word of named) keys.push(...find(word).map((likely) => [LIKELY_FAMILY, formsOf(likely)]));
    }
  }
  if (fold(company)) {
    keys.push([COMPANY, companyForms(company)]);
    keys.push(...companyWords(bareCompany(company)).map((word) => [COMPANY, formsOf(word)]));
  }
  return { order: sound(reading || name), keys };
});

/** The later words of a company, and how it is read as a whole, if every word in it is known. */
function companyWords(bare) {
  const later = wordsOf(bare).slice(1);
  const signs = Array.from(fold(bare));
  if (!hasKanji(signs.join(""))) return later;
  let read = "";
  for (let place = 0; place < signs.length; ) {
    const size = SIZES.find((length) => place + length <= signs.length && knownWords().has(signs.slice(place, place + length).join("")));
    if (!size && hasKanji(signs[place])) return later;
    const piece = signs.slice(place, place + (size ?? 1)).join("");
    read += size ? knownWords().get(piece) : piece;
    place += size ?? 1;
  }
  return [...later, read];
}

function rough(folded, short) {
  const large = withLargeKana(folded);
  const found = [roughSound(short)];
  if (large !== folded) found.push(roughSound(shortSound(sound(large))));
  return [...new Set(found)];
}

function typed(text, kanji) {
  if (kanji) return text.includes("々") ? [unrepeated(text)] : [];
  const hepburn = letters(text);
  return [...new Set([hepburn, kunrei(hepburn)])];
}

/** The words of a name; where it is one word of kanji that begins with a known surname, this and the rest. */
function parted(text) {
  const words = wordsOf(text);
  const folded = words.length === 1 ? fold(text) : "";
  if (!hasKanji(folded)) return words;
  const signs = Array.from(folded);
  for (let length = Math.min(LONGEST_SURNAME, signs.length - 1); length > 0; length -= 1) {
    if (surnames().has(signs.slice(0, length).join(""))) {
      const written = Array.from(asWritten(text));
      return [written.slice(0, length).join(""), written.slice(length).join("")];
    }
  }
  return words;
}

function readingsOf(family) {
  return surnames().get(fold(family)) ?? [];
}

function familiesRead(family) {
  return families().get(formsOf(family).short) ?? [];
}

function partedAfter(reading, families) {
  const folded = fold(reading);
  const family = families.find((start) => folded.startsWith(start) && folded !== start);
  return family ? [family, folded.slice(family.length)] : [reading];
}

function nameKeys(words) {
  if (!words.length) return [];
  const keys = [[FULL, words.join("")]];
  if (words.length === 1) keys.push(...unpartedKeys(Array.from(fold(words[0]))));
  else {
    keys.push([TURNED, [...words.slice(1), words[0]].join("")], [FAMILY, words[0]]);
    keys.push(...words.slice(1).map((word) => [GIVEN, word]));
    if (words.length > 2) keys.push([TURNED, [...words].reverse().join("")], [FULL, words[0] + words.at(-1)]);
  }
  return keys.map(([place, text]) => [place, formsOf(text)]);
}

/** Where the given name begins nobody knows: anywhere, but not with a small kana or within Latin letters. */
function unpartedKeys(signs) {
  const whole = signs.join("");
  if (signs.length > LONGEST_UNPARTED || !(isKana(whole) || hasKanji(whole))) return [];
  const places = [...signs.keys()].filter((place) => place && mayBegin(signs[place - 1], signs[place]));
  return places.flatMap((place) => {
    const given = signs.slice(place).join("");
    return [[LIKELY_GIVEN, given], [LIKELY_TURNED, given + signs.slice(0, place).join("")]];
  });
}

function mayBegin(before, sign) {
  return !NEVER_FIRST.includes(sign) && !(sign < "\x80" && before < "\x80");
}

const PLANES = new Map();

/** Signs of two units as one unit of the private area, each as its own: so that length and place count signs. */
function flat(text) {
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, (sign) => {
    if (!PLANES.has(sign)) PLANES.set(sign, String.fromCharCode(0xe000 + (PLANES.size % 6400)));
    return PLANES.get(sign);
  });
}

function entries(text) {
  return text.split(" ").map((entry) => {
    const [, written, reading] = /^(.*?)([ぁ-ゖ]+)$/.exec(entry);
    return [fold(written), reading];
  });
}

function once(make) {
  let made;
  return () => (made ??= make());
}

function push(map, key, value) {
  if (!map.has(key)) map.set(key, []);
  map.get(key).push(value);
}
