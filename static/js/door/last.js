/* The last few scans on this phone, each to be taken back in two taps. Kept sealed with the list, and gone with it. */
import { onSecondTap } from "./modes.js";

const SHOWN = 8;
const SIGNS = { admitted: "✓", already: "◎", refused: "×" };

export class Last {
  constructor(door, words, time, store, undo) {
    this.box = door.querySelector("[data-last-box]");
    this.list = door.querySelector("[data-last]");
    Object.assign(this, { words, time, store, undo, entries: [], kept: null, lasts: true });
  }

  /** What this page and others of the phone have kept. */
  async recall() {
    await this.kept;
    if (!this.lasts) return;
    const entries = (await this.store.recall("last")) ?? this.entries;
    if (JSON.stringify(entries) === JSON.stringify(this.entries)) return;
    this.entries = entries;
    this.draw();
  }

  /** {key, at, result, who, whose, sent} */
  add(entry) {
    this.keep((entries) => [entry, ...entries].slice(0, SHOWN));
  }

  /** Something has become known of a scan: {sent}, {undone}, {who}. */
  change(key, news) {
    this.keep((entries) => entries.map((one) => (one.key === key ? { ...one, ...news } : one)));
  }

  clear() {
    this.entries = [];
    this.draw();
  }

  keep(change) {
    this.entries = change(this.entries);
    this.draw();
    const kept = this.store.amend("last", (entries) => change(entries ?? []));
    this.kept = kept.catch((error) => {
      console.warn("not kept", error.name);
      this.lasts = false; // what is shown here is all there is
    });
  }

  draw() {
    this.box.hidden = this.entries.length === 0;
    const busy = this.list.querySelector("[data-asked]"); // a first tap must not be lost by a new row
    if (busy && this.entries.some(({ key }) => key === busy.dataset.key)) return;
    this.list.replaceChildren(...this.entries.map((entry) => this.row(entry)));
  }

  row(entry) {
    const row = document.createElement("li");
    const state = entry.undone ? this.words.takenBack : entry.sent ? "" : this.words.notSent;
    const who = cell(entry.who, "door-last-who");
    who.id = `last-${entry.key}`;
    row.append(cell(this.time(entry.at)), cell(SIGNS[entry.result]), who, cell(state, "quiet"));
    row.classList.toggle("door-last-undone", Boolean(entry.undone));
    if (entry.result === "admitted" && !entry.undone) row.append(this.button(entry));
    return row;
  }

  button(entry) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    button.textContent = this.words.takeBack;
    button.dataset.key = entry.key;
    button.setAttribute("aria-describedby", `last-${entry.key}`);
    onSecondTap(button, this.words.undoSure, () => this.undo(entry));
    return button;
  }
}

function cell(text, kind = "") {
  const part = document.createElement("span");
  part.textContent = text;
  part.className = kind;
  return part;
}
