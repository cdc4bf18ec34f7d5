/* Where the browser keeps nothing, what waits lasts as long as the page. */

export class Memory {
  lasting = false;

  /** `step`: -1 for places in the queue that no disk gives. */
  constructor(step = 1) {
    this.rows = new Map();
    this.values = new Map();
    this.step = step;
    this.next = step;
  }

  async add(item) {
    const n = this.next;
    this.next += this.step;
    this.rows.set(n, { item, state: "waiting" });
    return n;
  }

  async change(n, item) {
    const row = this.rows.get(n);
    if (row) row.item = item;
    return row !== undefined;
  }

  async putAside(n) {
    const row = this.rows.get(n);
    if (row) row.state = "rejected";
  }

  async remove(places) {
    for (const n of places) this.rows.delete(n);
  }

  async items(state = "waiting") {
    return [...this.rows].filter(([, row]) => row.state === state).map(([n, { item }]) => ({ ...item, n }));
  }

  async waiting() {
    return [...this.rows.values()].filter((row) => row.state === "waiting").length;
  }

  async recall(name) {
    return this.values.get(name) ?? null;
  }

  async amend(name, change) {
    this.values.set(name, change(await this.recall(name)));
  }

  async elsewhere() {
    return {};
  }
}
