/* Without a QR code: who is meant by what was typed, and a button to take them in. */
import { Broken } from "./sending.js";

const WAIT = 250; // before the server is asked; this phone's own list answers at once
const KANJI = /[\p{Script=Han}々〆]/u;

export class Search {
  constructor(door, line, list, words, time, { onPerson, onTrouble }) {
    this.form = door.querySelector("[data-search]");
    this.list = door.querySelector("[data-results]");
    this.found = door.querySelector("[data-found]");
    this.input = this.form.elements.q;
    Object.assign(this, { line, known: list, words, time, onPerson, onTrouble });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.go();
    });
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.waiting = true;
      this.timer = setTimeout(() => this.go(), list.named ? 0 : WAIT);
    });
  }

  clear() {
    clearTimeout(this.timer);
    this.input.value = "";
    this.show([], "");
  }

  /** The phone's own list is there: what was going to be asked of the server, or is being asked, it answers at once. */
  listCame() {
    if (this.waiting && this.known.named) this.go();
  }

  async go() {
    clearTimeout(this.timer);
    const typed = this.input.value.trim();
    const asked = (this.asked = Symbol("search"));
    this.waiting = true;
    if (!typed) return this.show([], "");
    if (this.known.named) return this.show(this.known.search(typed).map((person) => this.person(person)));
    if (!enough(typed)) return this.show([], this.words.tooShort);
    try {
      const { people } = await this.line.get(`/search?q=${encodeURIComponent(typed)}`, { patience: 8000 });
      if (asked === this.asked) this.show(people);
    } catch (error) {
      if (asked === this.asked) this.trouble(error);
    }
    return undefined;
  }

  trouble(error) {
    if (!(error instanceof Broken)) this.show([], this.words.searchNeedsNet);
    else if (error.status === 422) this.show([], this.words.tooShort);
    else this.onTrouble(error);
  }

  /** Somebody of this phone's list, as the server would speak of them. */
  person(person) {
    return { ...person, arrived_at: this.known.first(person)?.at ?? null };
  }

  show(people, none = this.words.nobody) {
    this.waiting = false;
    const rows = people.map((person) => this.row(person));
    const text = people.map((person) => person.name).join("、") || none;
    if (!people.length && none) rows.push(Object.assign(document.createElement("li"), { textContent: none }));
    this.list.replaceChildren(...rows);
    if (this.found.textContent !== text) this.found.textContent = text;
  }

  row(person) {
    const row = document.createElement("li");
    const who = document.createElement("div");
    const second = [person.reading, person.company].filter(Boolean).join(" ・ ");
    who.className = "door-who";
    who.append(line("person-name", person.name), line("small quiet", second));
    row.append(who, person.arrived_at ? this.mark(person) : this.button(person));
    return row;
  }

  mark(person) {
    const mark = document.createElement("span");
    mark.className = "mark ok";
    mark.textContent = this.words.in.replace("{time}", this.time(person.arrived_at));
    return mark;
  }

  button(person) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button quiet";
    button.textContent = this.words.checkIn;
    button.setAttribute("aria-label", `${this.words.checkIn} ${person.name}`);
    button.addEventListener("click", () => {
      button.disabled = true;
      this.clear();
      this.onPerson(person);
    });
    return button;
  }
}

/** What a guest's phone may ask for: one kanji, or two signs of any kind. */
function enough(typed) {
  return KANJI.test(typed) || [...typed].length >= 2;
}

function line(kind, text) {
  const part = document.createElement("div");
  part.className = kind;
  part.textContent = text;
  return part;
}
