/* Japanese names made comparable, as organizer/domain/folding.py does: widths, kana, variant kanji, company forms, sound. */
import * as data from "./names-data.js";

const signs = (text) => Array.from(text);
const pattern = (source, flags = "gu") => new RegExp(source.replace(/\\U000([0-9a-f]{5})/g, "\\u{$1}"), flags);
const rules = (pairs) => pairs.map(([source, spelling]) => [pattern(source), spelling.replace(/\\(\d)/g, "$$$1")]);

const swapper = (table) => {
  const known = pattern(`[${[...table.keys()].join("")}]`);
  return (text) => text.replace(known, (sign) => table.get(sign));
};

const oneForm = swapper(new Map(data.VARIANTS.split(" ").flatMap((group) => signs(group).slice(1).map((sign) => [sign, signs(group)[0]]))));
const plainLetters = swapper(new Map(Object.entries(data.LETTERS)));
/** A folded text as it is typed by who finds no small kana. */
export const withLargeKana = swapper(new Map(Object.entries(data.LARGE)));
const KANA = new Map(Object.entries(data.KANA));
const KANA_SOUND = pattern([...KANA.keys()].sort((one, other) => other.length - one.length).join("|"));
const KATAKANA = /[ァ-ヶヽヾ]/g;
const BARS = pattern(data.BARS);
const REPEATING = /[々ゝゞ]/;
const REPEATED = /([^ ])[々ゝ]/gu;
const REPEATED_VOICED = /([かきくけこさしすせそたちつてとはひふへほ])ゞ/g;
const DROPPED = pattern(data.DROPPED);
const WORD_BREAKS = pattern(data.WORD_BREAKS);
const EDGES = pattern(data.EDGES);
const COMPANY_FORM = pattern(data.COMPANY_FORM);
const COMPANY_WORD = pattern(data.COMPANY_WORD);
const LEGAL_WORDS = new Set(data.LEGAL_WORDS.split(" "));
const SETTLED = /^[ 0-9a-zぁ-ゔ一-龠]*$/; // nothing in it has another width or size
const LATIN = /[a-z]/;
const UNFINISHED_H = /[ぁ-ゖー]h$/;
const ACCENTED = /[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]/;
const MARKS = /[\u0300-\u036f]/g;
const LONG_MARKS = /([aiueo])[\u0302\u0304]/g;
const SPELLINGS = rules(data.SPELLINGS);
const LENGTHS = rules(data.LENGTHS);
const ROUGHLY = rules(data.ROUGHLY);
const KUNREI = rules(data.KUNREI);

/** One form of a name for all ways to write it; spaces and marks are dropped. */
export const fold = kept((text) => closed(withoutAccents(base(text))));

/** The same, but every variant kanji stays itself. */
export function asWritten(text) {
  return closed(withoutAccents(hiragana(narrow(text))));
}

/** The same as `fold`, but with 々 for what it repeats. */
export function unrepeated(text) {
  return closed(withoutAccents(plainKana(oneForm(narrow(text)))));
}

/** A company's name in one width, without its legal form; empty if that is all there is. */
export function bareCompany(text) {
  const plain = oneForm(trimmed(narrow(text)));
  return plain.replace(COMPANY_FORM, " ").replace(COMPANY_WORD, " ").replace(/^[ ,]+|[ ,]+$/g, "");
}

/** Whether a word says only what kind of company it is. */
export function isLegalForm(word) {
  return !narrow(word).replace(COMPANY_FORM, "") || LEGAL_WORDS.has(fold(word));
}

/** Without spaces and the like at either end. */
export function trimmed(text) {
  return text.replace(EDGES, "");
}

/** The parts of a name that spaces, commas or middle dots keep apart, as they were written. */
export function wordsOf(text) {
  return text.split(WORD_BREAKS).filter((word) => fold(word));
}

/** How a name sounds, in one Latin spelling with long vowels doubled; kanji stay. */
export const sound = kept((text) => {
  const written = withLongVowels(base(text));
  if (UNFINISHED_H.test(written)) return `${sound(written.slice(0, -1))}h`; // of おおのは, not the h of ohno
  const order = LATIN.test(written) ? [...SPELLINGS, ...LENGTHS] : LENGTHS;
  return by(order, spelt(written)).toLowerCase();
});

/** How a name is typed in Latin letters, lengths and all; of Latin letters only l and v change. */
export function letters(text) {
  return spelt(withoutAccents(base(text))).replaceAll("l", "r").replaceAll("v", "b");
}

/** Hepburn's letters in Kunrei, where a slip of one letter stays one. */
export function kunrei(text) {
  return by(KUNREI, text);
}

/** A sound without the length of its vowels and of ん. */
export function shortSound(text) {
  return text.replace(/([aiueon])\1+/g, "$1");
}

/** Whether a sound has a doubled letter that is seldom a long vowel. */
export function doubles(text) {
  return /aa|ii|ee|nn/.test(text);
}

/** A short sound without what people mishear or leave out. */
export function roughSound(short) {
  return by(ROUGHLY, short);
}

/** The text in one width and in small letters, spaces and all. */
export function narrow(text) {
  return SETTLED.test(text) ? text : plainLetters(text.normalize("NFKC").toLowerCase());
}

/** Whether a folded text holds signs that have no one sound. */
export function hasKanji(text) {
  return /[^\0-ヿ]/.test(text);
}

/** Whether a folded text is kana throughout. */
export function isKana(text) {
  return /^[ぁ-ヿ]+$/.test(text);
}

/** Whether a folded text begins with a Latin letter. */
export function isLatin(text) {
  return /^[a-z]/.test(text);
}

/** A function that remembers what it has made of a text; all of it is forgotten when it has grown too much. */
export function kept(make, most = 20_000) {
  const known = new Map();
  return (text) => {
    if (!known.has(text)) {
      if (known.size >= most) known.clear();
      known.set(text, make(text));
    }
    return known.get(text);
  };
}

function by(order, text) {
  return order.reduce((spelling, [from, to]) => spelling.replace(from, to), text);
}

function plainKana(text) {
  const plain = text.replace(KATAKANA, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x60));
  return plain.replaceAll("ゕ", "か").replaceAll("ゖ", "け");
}

function hiragana(text) {
  const plain = plainKana(text).replace(BARS, "$1ー");
  if (!REPEATING.test(plain)) return plain;
  return plain
    .replace(REPEATED, "$1$1")
    .replace(REPEATED_VOICED, (_, sign) => sign + String.fromCharCode(sign.charCodeAt(0) + 1));
}

const base = kept((text) => hiragana(oneForm(narrow(text))));

function closed(text) {
  return SETTLED.test(text) ? text.replaceAll(" ", "") : text.replace(DROPPED, "").normalize("NFKC");
}

function spelt(written) {
  const latin = written
    .replace(KANA_SOUND, (kana) => KANA.get(kana))
    .replace(/っ+([a-z])/g, "$1$1")
    .replaceAll("っ", "")
    .replace(/([aiueo])ー+/g, "$1$1");
  return closed(latin).replaceAll("ー", "");
}

function withoutAccents(text) {
  return ACCENTED.test(text) ? text.normalize("NFD").replace(MARKS, "").normalize("NFC") : text;
}

function withLongVowels(text) {
  return ACCENTED.test(text) ? withoutAccents(text.normalize("NFD").replace(LONG_MARKS, "$1$1")) : text;
}
