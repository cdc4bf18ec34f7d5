/* The verdict: the whole screen in one colour, a sign, words, the name. */
import { signal } from "./sounds.js";

const KINDS = { admitted: "ok", already: "again", refused: "stop" };

export class Verdict {
  constructor(door, words, time, onNext) {
    this.box = door.querySelector("[data-verdict]");
    this.say = door.querySelector("[data-say]");
    this.door = door;
    this.words = words;
    this.time = time;
    this.part("next").addEventListener("click", () => {
      this.hide();
      onNext();
    });
  }

  part(name) {
    return this.box.querySelector(`[data-${name}]`);
  }

  get open() {
    return !this.box.hidden;
  }

  hide() {
    this.box.hidden = true;
    this.answer = null;
  }

  /** Show an answer of the server. */
  show(answer) {
    const { result, reason, registration: person } = answer;
    const kind = KINDS[result];
    const word = reason ? this.words.titles[reason] : this.words.results[result];
    this.answer = answer;
    this.draw(kind, word, person, this.lines(answer));
    const due = kind !== "stop" && person?.fee_due > 0;
    this.buttons({ undo: kind === "ok", fee: due, more: kind === "again" });
    signal(kind);
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
  fee(yen, taken) {
    const line = this.part("lines").querySelector("[data-fee-line]");
    const text = (taken ? this.words.feeTaken : this.words.feeDue).replace("{yen}", this.money(yen));
    if (line) line.textContent = text;
    this.buttons({ undo: this.answer?.result === "admitted", fee: !taken, feeBack: taken });
    this.say.textContent = text;
    this.part(taken ? "next" : "fee").focus();
  }

  lines({ reason, first_at: at, first_door: door, registration: person, result }) {
    const lines = [];
    if (reason) lines.push([this.words.hints[reason].replace("{time}", this.time(this.door.dataset.opens)), ""]);
    if (at) {
      const words = door ? this.words.firstAtDoor : this.words.first;
      lines.push([words.replace("{time}", this.time(at)).replace("{door}", door), "strong"]);
    }
    if (result !== "admitted" && result !== "already") return lines;
    const known = [person.first_time && this.words.firstTime];
    known.push(person.introducer && this.words.introducedBy.replace("{name}", person.introducer));
    if (result === "admitted" && known.some(Boolean)) lines.push([known.filter(Boolean).join(" ・ "), "strong"]);
    if (person.fee_due > 0) lines.push([this.words.feeDue.replace("{yen}", this.money(person.fee_due)), "fee"]);
    return lines;
  }

  draw(kind, word, person, lines) {
    this.box.className = `verdict verdict-${kind}`;
    const sign = this.door.querySelector(`[data-sign-of="${kind}"]`).firstElementChild.cloneNode(true);
    this.part("sign").replaceChildren(sign);
    this.part("word").textContent = word;
    for (const name of ["name", "reading", "company"]) {
      this.part(name).textContent = person?.[name] ?? "";
      this.part(name).hidden = !person?.[name];
    }
    this.part("lines").replaceChildren(...lines.map(([text, kind]) => lineOf(text, kind)));
    this.box.hidden = false;
    this.box.scrollTop = 0;
    this.say.textContent = [word, person?.name, person?.company, ...lines.map(([text]) => text)].filter(Boolean).join("、");
  }

  buttons({ undo = false, fee = false, feeBack = false, more = false, go = null }) {
    this.part("undo").hidden = !undo;
    this.part("fee").hidden = !fee;
    this.part("fee-back").hidden = !feeBack;
    this.part("more").hidden = !more;
    this.part("more").open = false;
    this.part("next").hidden = Boolean(go);
    this.part("next").classList.toggle("second", fee);
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
  if (kind === "strong") line.className = "strong";
  if (kind === "fee") line.dataset.feeLine = "";
  return line;
}
