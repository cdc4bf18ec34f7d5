/* Plain lines on what a person should look at: entries that contradict one another, and scans the server cannot read. */

const AT_MOST = 5;

export class Notes {
  constructor(door, words, time, store) {
    this.box = door.querySelector("[data-notes]");
    this.list = this.box.querySelector("[data-notes-list]");
    Object.assign(this, { words, time, store, conflicts: [], rejected: [], kept: null, lasts: true });
    this.box.querySelector("[data-notes-seen]").addEventListener("click", () => this.seen());
  }

  /** What this page and others of the phone have kept. */
  async recall() {
    await this.kept;
    if (this.lasts) this.conflicts = (await this.store.recall("notes")) ?? this.conflicts;
    await this.refused();
  }

  /** Two entries on one ticket, or one that should not have been: both times and doors are told. */
  conflict({ kind, first_at: first, first_door: firstDoor }, { registration }, { body }) {
    const key = kind === "clock" ? kind : body.key; // a clock that is off is so for every scan: once is enough
    const name = registration?.name || this.words.nameUnknown;
    const conflict = { key, kind, name, at: body.at, door: body.door, first, firstDoor };
    this.keep((known) => [conflict, ...known.filter((one) => one.key !== key)]);
  }

  /** Look anew at what the server called broken. */
  async refused() {
    this.rejected = await this.store.items("rejected");
    this.draw();
  }

  /** Somebody has read the lines. What was rejected has been told, and is not kept any longer. */
  async seen() {
    this.keep(() => []);
    await this.store.remove(this.rejected.map(({ n }) => n));
    await this.refused();
  }

  clear() {
    this.conflicts = [];
    this.draw();
  }

  keep(change) {
    this.conflicts = change(this.conflicts);
    this.draw();
    const kept = this.store.amend("notes", (known) => change(known ?? []));
    this.kept = kept.catch((error) => {
      console.warn("not kept", error.name);
      this.lasts = false; // what is shown here is all there is
    });
  }

  draw() {
    const lines = [...this.conflicts.map((one) => this.line(one)), ...this.rejected.map((item) => this.brokenLine(item))];
    const more = lines.length - AT_MOST;
    const shown = lines.slice(0, AT_MOST);
    if (more > 0) shown.push(this.words.more.replace("{n}", more));
    this.list.replaceChildren(...shown.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    this.box.hidden = lines.length === 0;
  }

  line({ kind, name, at, door, first, firstDoor }) {
    const words = this.words.conflicts[kind] ?? this.words.conflicts.other;
    const here = this.when(at, door);
    return words.replace("{name}", name).replace("{here}", here).replace("{first}", first ? this.when(first, firstDoor) : here);
  }

  when(at, door) {
    return [this.time(at), door].filter(Boolean).join(" ");
  }

  brokenLine({ kind, at, body }) {
    const words = this.words.rejected[kind] ?? this.words.rejected.scan;
    return words.replace("{time}", this.time(at ?? body?.at));
  }
}
