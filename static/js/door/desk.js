/* What happens at the door: a scan becomes an answer, with the server or without, and what was done can be undone. */
import { Broken, QUICK, newKey } from "./sending.js";

const SAME = 1000; // milliseconds by which the server may have put a scan's time right

export class Desk {
  /** `parts`: line, list, book, queue, sync, store, last, notes, verdict, modes, door(), words; `show`: what the page tells. */
  constructor(parts, show) {
    Object.assign(this, parts);
    this.tell = show;
    this.latest = 0;
    this.over = false;
    this.late = []; // answers that came while another verdict was being read
    this.awaited = new Map(); // scans with neither list nor answer: key → which scan of this page it was
  }

  /** A ticket {code} or a person {registration} at the door; the answer of an earlier scan never covers a later one. */
  async ask(what) {
    const mine = (this.latest += 1);
    const at = this.line.now();
    this.tell.busy(true);
    try {
      const seen = this.modes.confirms ? await this.look(what, at) : null;
      if (mine !== this.latest) return;
      if (seen && (!seen.result || seen.result === "admitted")) this.verdict.ask({ ...seen, what });
      else await this.decide(what, at, mine);
    } catch (error) {
      this.tell.trouble(error);
    } finally {
      if (mine === this.latest) this.tell.busy(false);
    }
  }

  /** Somebody has looked at the card, and tapped. */
  async confirm({ what }) {
    const mine = (this.latest += 1);
    this.verdict.hide();
    this.tell.busy(true);
    try {
      await this.decide({ ...what, confirm: true }, this.line.now(), mine);
    } catch (error) {
      this.tell.trouble(error);
    } finally {
      if (mine === this.latest) this.tell.busy(false);
    }
  }

  /** What this phone thinks of a scan, nothing being done yet; an empty answer where it has no list. */
  async look(what, at) {
    if (!this.list.ready) return {};
    const answer = await this.alone(what, at);
    if (answer.result !== "refused" || !this.line.quick) return answer;
    await this.sync.look(QUICK).catch(() => null); // it may have been admitted a minute ago
    return this.alone(what, at);
  }

  /** This phone's own answer. Of a ticket that its list does not hold it says since when the list is. */
  async alone(what, at, given) {
    const answer = await this.list.answer(what, at, given);
    return { ...answer, alone: true, unlisted: answer.reason === "unknown_code" ? this.book.trueAt : null };
  }

  async decide({ confirm, ...what }, at, mine) {
    const body = { ...what, key: newKey(), at: at.toISOString() };
    if (this.door()) body.door = this.door();
    if (confirm) body.confirm = true;
    const item = await this.queue.add({ kind: "scan", body, told: null, whose: what.registration ?? null });
    const alone = this.list.ready && (!this.line.quick || (await this.isUnheardOf(what)));
    const answer = alone ? null : await this.queue.ask(item);
    if (answer) await this.heard([[item, answer]]);
    else if (!this.list.ready) return this.wait(item, mine);
    return this.show(answer ?? (await this.settleAlone(item, what, at, { asked: !alone })), item, mine);
  }

  /** Whether somebody was let in by a scan that the server has still to hear of: it would let them in once more. */
  async isUnheardOf(what) {
    if (!this.queue.stays) return false;
    const whose = await this.list.whoseOf(what);
    const unsent = whose ? await this.store.items() : [];
    return unsent.some((item) => item.told === "admitted" && item.whose === whose);
  }

  /** The server has answered: every page of this phone knows who came in before their scan leaves the queue. */
  async heard(answers) {
    if (!answers.length) return;
    await this.book.together(async () => {
      for (const [item, answer] of answers) await this.noteEntry(item, answer);
    });
    await this.queue.settle(answers.map(([item]) => item));
    for (const [item, answer] of answers) {
      const conflict = answer.conflict ?? contradiction(item, answer);
      if (conflict && !(await this.isSettled(conflict, item))) this.notes.conflict(conflict, answer, item);
    }
  }

  async noteEntry(item, { result, first_at: at, first_door: door }) {
    const whose = this.list.ready ? await this.list.whoseOf(item.body) : null;
    item.whose = whose ?? item.whose;
    if (whose && at && result === "already") this.list.arrived(whose, at, door);
    if (whose && result === "admitted") this.list.arrived(whose, item.body.at, item.body.door ?? null);
  }

  /**
   * Whether a contradiction is none, by what is still to be sent: the entry itself has been taken back, or it is a later
   * scan of this phone that contradicts it, which let nobody in; its first try was long on its way.
   */
  async isSettled({ first_at: at }, { whose, body: { key } }) {
    const unsent = await this.store.items();
    const isUndo = (other) => other.kind === "undo" && other.key === key;
    const isTry = ({ told, body }) => told && told !== "admitted" && Math.abs(Date.parse(body.at) - Date.parse(at)) < SAME;
    return unsent.some((other) => isUndo(other) || (whose && other.whose === whose && isTry(other)));
  }

  /** Nobody answers: the phone decides by its list and by what any of its pages knows, and tells the server when it can. */
  async settleAlone(item, what, at, given) {
    const answer = await this.book.together(async () => {
      const said = await this.alone(what, at, given);
      if (said.result === "admitted") this.list.arrived(said.whose, item.body.at, item.body.door ?? null);
      return { ...said, count: this.list.count() };
    });
    item.told = answer.result;
    item.whose = answer.whose ?? null;
    await this.queue.release(item);
    this.sync.nudge();
    return answer;
  }

  /** Neither list nor answer: it is kept, and sent until there is one. */
  async wait(item, mine) {
    this.awaited.set(item.body.key, mine);
    await this.queue.release(item);
    this.sync.nudge();
    if (mine === this.latest) this.verdict.tell("wait", this.words.waitingTitle, this.words.waiting);
  }

  show(answer, item, mine) {
    if (this.over) return;
    this.tell.count(answer.count);
    this.remember(answer, item);
    answer.key = item.body.key;
    answer.whose = item.whose;
    if (mine === this.latest || !this.verdict.open) this.verdict.show(answer);
    else if (answer.result !== "admitted") this.late.push(answer);
  }

  remember(answer, item) {
    const refusal = answer.unlisted ? this.words.unlistedTitle : this.words.titles[answer.reason];
    const who = answer.registration?.name || refusal || this.words.nameUnknown;
    const { key, at } = item.body;
    this.last.add({ key, at, result: answer.result, who, whose: item.whose, sent: !item.told });
  }

  /** Answers that came by the queue, to scans that were told or waited for before. */
  async answered(answers) {
    await this.heard(answers);
    for (const [item, answer] of answers) {
      const { key } = item.body;
      const name = answer.registration?.name;
      this.last.change(key, name ? { sent: true, who: name } : { sent: true });
      const mine = this.awaited.get(key);
      if (!this.awaited.delete(key)) continue;
      this.show(answer, { ...item, told: null }, mine);
    }
    const [, latest] = answers.at(-1) ?? [];
    if (latest) this.tell.count(this.list.ready ? this.list.count() : latest.count);
  }

  /** What was still to be shown is shown to nobody. */
  forget() {
    this.over = true;
    this.late = [];
  }

  next() {
    if (this.late.length) this.verdict.show(this.late.shift());
    else this.tell.rest();
  }

  /** Take back what a scan of this phone did; sent at once, or after the scan itself. */
  async undo({ key, whose, who, registration }) {
    const unsent = this.last.entries.some((entry) => entry.key === key && !entry.sent);
    try {
      const said = await this.deliver({ kind: "undo", key, whose, at: this.line.now() }, !unsent);
      this.last.change(key, { undone: true });
      await this.goneAgain(whose, said, said ? said.annulled : true, registration?.name ?? who);
    } catch (error) {
      this.tell.trouble(error);
    }
  }

  /** Take back a check-in that was made elsewhere: only the server knows it. */
  async undoFirst({ registration, whose }) {
    try {
      const said = await this.line.post(`/check-ins/${registration.id}/undo`, {}, { patience: 8000 });
      await this.goneAgain(whose ?? registration.id, said, said.undone, registration.name);
    } catch (error) {
      if (error instanceof Broken) this.tell.trouble(error);
      else this.tell.say(this.words.undoNeedsNet);
    }
  }

  async goneAgain(whose, said, undone, name) {
    if (undone && this.list.ready && whose) await this.book.change(() => this.list.left(whose));
    if (said?.count ?? this.list.ready) this.tell.count(said?.count ?? this.list.count());
    this.verdict.hide();
    this.tell.say(undone ? this.words.undone.replace("{name}", name || this.words.nameUnknown) : this.words.notUndone);
  }

  /** The fee was taken, in cash or beforehand, or was not. */
  async fee(answer, taken, way) {
    const { id, fee_due: yen } = answer.registration;
    try {
      const body = taken ? { taken, way } : { taken };
      await this.deliver({ kind: "fee", registration: id, body, at: this.line.now() }, true);
      await this.book.change(() => Object.assign(this.list.find(id) ?? {}, { fee_due: taken ? 0 : yen }));
      if (this.verdict.answer === answer) this.verdict.fee(yen, taken, way);
    } catch (error) {
      this.tell.trouble(error);
    }
  }

  /** Send an act at once where the line holds; else it waits in the queue. Null when it waits. */
  async deliver(act, mayBeFirst) {
    const item = await this.queue.add(act);
    if (mayBeFirst && this.line.quick) {
      try {
        const said = await this.queue.act(item, QUICK);
        await this.queue.settle([item]);
        return said;
      } catch (error) {
        if (error instanceof Broken) {
          await this.queue.settle([item]);
          throw error;
        }
      }
    }
    await this.queue.release(item);
    this.sync.nudge();
    return null;
  }
}

/**
 * What is to be looked at where the server had decided otherwise before this phone, which got no answer in time, let
 * somebody in: it notes the entry when it hears of it, but answers a key as it did at first.
 */
function contradiction({ told }, { result, reason, first_at: at, first_door: door }) {
  if (told !== "admitted" || result === "admitted") return null;
  return { kind: result === "already" ? "double_entry" : reason, first_at: at, first_door: door };
}
