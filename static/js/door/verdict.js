/* The verdict: the whole screen in one colour, a sign, words, the name. */
import { onSecondTap } from "./modes.js";
import { signal } from "./sounds.js";

const [LONG, LONGEST] = [12, 24];
const KINDS = { admitted: "ok", already: "again", refused: "stop" };

export class Verdict {
  /** `acts`: {next, confirm, fee(taken, way), undo, undoFirst}, each called with the answer that is shown. */
  constructor(door, words, time, acts) {
    this.box = door.querySelector("[data-verdict]");
    this.say = door.querySelector("[data-say]");
    this.behind = door.querySelectorAll(":scope > header, :scope > main");
    this.door = door;
    this.words = words;
    this.time = time;
    this.tap("next", () => this.leave(acts.next));
    this.tap("confirm", () => acts.confirm(this.answer));
    this.tap("fee", () => acts.fee(this.answer, true, "cash"));
    this.tap("fee-before", () => acts.fee(this.answer, true, "beforehand"));
    this.tap("fee-back", () => acts.fee(this.answer, false));
    this.calm = [
      onSecondTap(this.part("undo"), words.undoSure, () => acts.undo(this.answer)),
      onSecondTap(this.part("undo-first"), words.undoSure, () => acts.undoFirst(this.answer)),
    ];
  }

  part(name) {
    return this.box.querySelector(`[data-${name}]`);
  }

  tap(name, act) {
    this.part(name).addEventListener("click", act);
  }

  get open() {
    return !this.box.hidden;
  }

  leave(next) {
    const { answer } = this;
    this.hide();
    next(answer);
  }

  hide() {
    this.box.hidden = true;
    this.answer = null;
    for (const part of this.behind) part.inert = false;
  }

  /** Show an answer of the server, or of this phone alone. */
  show(answer) {
    const { result, reason, registration: person } = answer;
    const kind = KINDS[result];
    const refusal = answer.unlisted ? this.words.unlistedTitle : this.words.titles[reason];
    const word = reason ? refusal : this.words.results[result];
    this.answer = answer;
    this.draw(kind, word, person, this.lines(answer));
    const due = kind !== "stop" && person?.id && person.fee_due > 0;
    this.buttons({ undo: kind === "ok", fee: due, more: kind === "again" && person?.id });
    signal(kind);
    this.focus();
  }

  /** Show whom a ticket belongs to, and wait for a tap. Without a list there is nobody to show: only the question. */
  ask(answer) {
    this.answer = answer;
    const known = answer.registration;
    const lines = known ? this.lines(answer) : [[this.words.askBlind, ""]];
    this.draw("card", known ? this.words.askTitle : this.words.askBlindTitle, known, lines);
    this.buttons({ confirm: true });
    signal("ask");
    this.focus();
  }

  /** Show what happened on the way: kind "wait" or "stop". */
  tell(kind, word, line, go = null) {
    this.answer = null;
    this.draw(kind, word, null, [[line, ""]]);
    this.buttons({ go });
    if (kind === "stop") signal("stop");
    this.focus();
  }

  /** The fee has been noted, or is due again. */
  fee(yen, taken, way) {
    const line = this.part("lines").querySelector("[data-fee-line]");
    const words = taken ? (way === "beforehand" ? this.words.feeBefore : this.words.feeTaken) : this.words.feeDue;
    const text = words.replace("{yen}", this.money(yen));
    if (line) line.textContent = text;
    this.buttons({ undo: this.answer?.result === "admitted", fee: !taken, feeBack: taken });
    this.say.textContent = text;
    const { activeElement: focused } = document;
    if (focused === document.body || focused.hidden) this.part(taken ? "next" : "fee").focus(); // its button is gone
  }

  lines({ reason, first_at: at, first_door: door, registration: person, result, alone, unlisted }) {
    const { words } = this;
    const lines = [];
    if (unlisted) lines.push([words.unlisted.replace("{time}", this.time(unlisted)), ""]);
    else if (reason) lines.push([words.hints[reason].replace("{time}", this.time(this.door.dataset.opens)), ""]);
    if (at) lines.push([(door ? words.firstAtDoor : words.first).replace("{time}", this.time(at)).replace("{door}", door), "strong"]);
    if (!person || result === "refused") return lines;
    if (result === "admitted") {
      const known = [person.first_time && words.firstTime, person.introducer && words.introducedBy.replace("{name}", person.introducer)];
      if (known.some(Boolean)) lines.push([known.filter(Boolean).join(" ・ "), "strong"]);
    }
    if (person.note) lines.push([person.note, "note"]);
    if (person.table) lines.push([words.table.replace("{number}", person.table), "strong"]);
    if (person.fee_due > 0) lines.push([words.feeDue.replace("{yen}", this.money(person.fee_due)), "fee"]);
    if (alone && !person.name) lines.push([words.nameless, ""]);
    return lines;
  }

  draw(kind, word, person, lines) {
    for (const calm of this.calm) calm();
    this.box.className = `verdict verdict-${kind}`;
    const sign = this.door.querySelector(`[data-sign-of="${kind}"]`).firstElementChild.cloneNode(true);
    this.part("sign").replaceChildren(sign);
    this.part("word").textContent = word;
    for (const name of ["name", "reading", "company"]) {
      this.part(name).textContent = person?.[name] ?? "";
      this.part(name).hidden = !person?.[name];
    }
    const { length } = [...(person?.name ?? "")];
    this.part("name").classList.toggle("verdict-name-long", length > LONG);
    this.part("name").classList.toggle("verdict-name-longest", length > LONGEST);
    this.part("lines").replaceChildren(...lines.map(([text, kind]) => lineOf(text, kind)));
    this.box.hidden = false;
    this.box.scrollTop = 0;
    for (const part of this.behind) part.inert = true; // one thing at a time, also for whoever cannot see the cover
    this.say.textContent = [word, person?.name, person?.company, ...lines.map(([text]) => text)].filter(Boolean).join("、");
  }

  buttons({ undo = false, fee = false, feeBack = false, more = false, confirm = false, go = null }) {
    this.part("undo").hidden = !undo;
    this.part("fee").hidden = !fee;
    this.part("fee-before").hidden = !fee;
    this.part("fee-back").hidden = !feeBack;
    this.part("confirm").hidden = !confirm;
    this.part("more").hidden = !more;
    this.part("more").open = false;
    this.part("next").hidden = Boolean(go);
    this.part("next").textContent = confirm ? this.words.notNow : this.words.next;
    this.part("next").classList.toggle("second", Boolean(fee || confirm));
    const link = this.part("go");
    link.hidden = !go;
    if (go) [link.href, link.textContent] = go;
  }

  focus() {
    const first = [...this.box.querySelectorAll(".verdict-thumb .button")].find((button) => !button.hidden);
    first?.focus({ preventScroll: true });
  }

  money(yen) {
    return yen.toLocaleString(document.documentElement.lang);
  }
}

function lineOf(text, kind) {
  const line = document.createElement("p");
  line.textContent = text;
  if (kind === "strong" || kind === "note") line.className = kind;
  if (kind === "fee") line.dataset.feeLine = "";
  return line;
}
