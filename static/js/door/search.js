/* Without a QR code: who is meant by what was typed, and a button to take them in. */

const CODE = /(?:^|[^0-9A-Z])([0-9A-Z]{26})(?:[^0-9A-Z]|$)/i;
const WAIT = 250;

export class Search {
  constructor(door, line, words, time, { onCode, onPerson, onTrouble }) {
    this.form = door.querySelector("[data-search]");
    this.list = door.querySelector("[data-results]");
    this.found = door.querySelector("[data-found]");
    this.input = this.form.elements.q;
    Object.assign(this, { line, words, time, onCode, onPerson, onTrouble });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.go();
    });
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.go(), WAIT);
    });
  }

  clear() {
    this.input.value = "";
    this.list.replaceChildren();
    this.found.textContent = "";
  }

  async go() {
    const typed = this.input.value.trim();
    clearTimeout(this.timer);
    if (!typed) return this.list.replaceChildren();
    if (CODE.test(typed.normalize("NFKC"))) {
      this.clear();
      return this.onCode(typed);
    }
    const asked = (this.asked = Symbol("search"));
    try {
      const answer = await (await this.line.get(`/search?q=${encodeURIComponent(typed)}`)).json();
      if (asked === this.asked && this.input.value.trim() === typed) this.show(answer.people);
    } catch (error) {
      if (asked === this.asked) this.onTrouble(error);
    }
  }

  show(people) {
    this.list.replaceChildren(...people.map((person) => this.row(person)));
    this.found.textContent = people.map((person) => person.name).join("、") || this.words.nobody;
    if (!people.length) {
      const none = document.createElement("li");
      none.textContent = this.words.nobody;
      this.list.append(none);
    }
  }

  row(person) {
    const row = document.createElement("li");
    const who = document.createElement("div");
    who.className = "door-who";
    who.append(line("person-name", person.name), line("small quiet", [person.reading, person.company].filter(Boolean).join(" ・ ")));
    row.append(who, person.arrived_at ? this.mark(person) : this.button(person));
    return row;
  }

  mark(person) {
    const mark = document.createElement("span");
    mark.className = "mark amber";
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

function line(kind, text) {
  const part = document.createElement("div");
  part.className = kind;
  part.textContent = text;
  return part;
}
