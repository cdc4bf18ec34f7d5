/* Strings by which people are found, as organizer/domain/names_index.py lays them out; a phone looks at all of them. */

export const [NONE, BEGUN, WHOLE] = [0, 1, 2];

/** Strings of one form, each with the places it stands for: [number of the card, place within it]. */
export class Table {
  constructor() {
    this.found = new Map();
  }

  add(string, number, place) {
    const key = number * 16 + place;
    const postings = this.found.get(string);
    if (postings) postings.add(key);
    else this.found.set(string, new Set([key]));
  }

  /** To be called once, when everything is in. */
  close() {
    this.strings = [...this.found.keys()].sort();
    this.postings = this.strings.map((string) => [...this.found.get(string)].map((key) => [key >> 4, key & 15]));
    this.found = null;
  }

  find(string) {
    const place = this.from(string);
    return this.strings[place] === string ? this.postings[place] : [];
  }

  /** Tell of the strings that begin so, with their postings. */
  beginning(start, tell) {
    for (let place = this.from(start); this.strings[place]?.startsWith(start); place += 1) {
      tell(this.strings[place], this.postings[place]);
    }
  }

  /** Tell of the strings that hold this, but do not begin with it. */
  holding(part, tell) {
    for (let place = 0; place < this.strings.length; place += 1) {
      if (this.strings[place].indexOf(part) > 0 && !this.strings[place].startsWith(part)) {
        tell(this.strings[place], this.postings[place]);
      }
    }
  }

  /** Tell of the strings one slip away, as a whole (true) or in their beginning. */
  near(typed, tell) {
    for (let place = 0; place < this.strings.length; place += 1) {
      const string = this.strings[place];
      const found = mayBeNear(typed, string) ? slip(typed, string) : NONE;
      if (found) tell(string, this.postings[place], found === WHOLE);
    }
  }

  from(string) {
    let [low, high] = [0, this.strings.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.strings[middle] < string) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** WHOLE if one sign at most was left out, added, changed or swapped with the next; BEGUN if so of a beginning. */
export function slip(typed, string) {
  let at = 0;
  while (at < typed.length && at < string.length && typed[at] === string[at]) at += 1;
  const [rest, ending] = [typed.slice(at), string.slice(at)];
  if (rest.length + ending.length < 2) return WHOLE;
  const [less, later] = [rest.slice(1), ending.slice(1)];
  if (less === later || less === ending || rest === later) return WHOLE;
  if (rest.length > 1 && rest[0] === ending[1] && rest[1] === ending[0]) {
    if (rest.slice(2) === ending.slice(2)) return WHOLE;
    if (ending.startsWith(rest.slice(2), 2)) return BEGUN;
  }
  const begun = !rest || ending.startsWith(less) || later.startsWith(less) || later.startsWith(rest);
  return begun ? BEGUN : NONE;
}

/** What one slip leaves of the first two signs. */
function mayBeNear(typed, string) {
  return typed[0] === string[0] || typed[1] === string[1] || typed[1] === string[0] || typed[0] === string[1];
}
