/* Scanners that type: the code and Enter arrive as keys, wherever the focus is, with any layout or input method. */
import { findCode } from "./ticketing.js";

const PAUSE = 1000; // the next key of one scan comes sooner, even over a lazy radio
const MACHINE = 45; // milliseconds a key: nobody types a dozen signs so fast
const LONG = 12;
const LONGEST = 2048;
const ENDS = new Set(["Enter", "NumpadEnter", "Tab"]);

export class Keys {
  /** `onCode(text)` is called with what a scanner typed; people who type are left alone. */
  constructor(onCode) {
    this.onCode = onCode;
    this.forget();
    document.addEventListener("keydown", (event) => this.key(event), { capture: true });
    document.addEventListener("input", (event) => this.typedInto(event.target));
    document.addEventListener("compositionend", (event) => this.typedInto(event.target));
  }

  forget() {
    this.text = "";
    this.began = 0;
    this.last = 0;
    this.choice = null;
  }

  key(event) {
    const now = event.timeStamp;
    if (now - this.last > PAUSE) this.forget();
    if (ENDS.has(event.code) || ENDS.has(event.key)) return this.end(event, now);
    const sign = signOf(event);
    if (!sign || this.text.length > LONGEST) return undefined;
    if (!this.text) {
      this.began = now;
      this.choice = event.target instanceof HTMLSelectElement ? [event.target, event.target.value] : null;
    }
    this.text += sign;
    this.last = now;
    return undefined;
  }

  /** The end of a line: a code, whatever stands in the field it was typed into, or a person's Enter. */
  end(event, now) {
    const { text, began, choice } = this;
    this.forget();
    const quick = text.length >= LONG && (now - began) / text.length < MACHINE;
    const typed = isField(event.target) ? event.target.value : "";
    const found = [typed, text].find((candidate) => findCode(candidate));
    if (!found && !(quick && !isField(event.target))) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // it must not press the button that happens to have the focus
    if (choice) putBack(...choice);
    this.scanned(found ?? text, event.target);
  }

  /** An input method may swallow the Enter and leave the code in the field. */
  typedInto(target) {
    clearTimeout(this.timer);
    if (!isField(target) || !findCode(target.value)) return;
    this.timer = setTimeout(() => findCode(target.value) && this.scanned(target.value, target), 200);
  }

  scanned(text, target) {
    clearTimeout(this.timer);
    if (isField(target)) {
      target.blur(); // ends what an input method still holds
      target.value = "";
      target.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.onCode(text);
  }
}

/** The sign a key stands for; while an input method composes, that of the key's place: letters and digits are enough. */
function signOf({ key, code, shiftKey, ctrlKey, altKey, metaKey, isComposing }) {
  if (ctrlKey || altKey || metaKey) return "";
  if ([...key].length === 1 && !isComposing) return key;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shiftKey ? letter : letter.toLowerCase();
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1];
  if (digit) return digit;
  return /^(?:Shift|Control|Alt|Meta|Caps|Lang|Convert|NonConvert|Kana)/.test(code) || !code ? "" : " ";
}

/** Letters that were typed while a choice had the focus have moved it. */
function putBack(select, value) {
  select.value = value;
  select.dispatchEvent(new Event("change"));
}

function isField(target) {
  return target instanceof HTMLInputElement && target.type !== "checkbox" && target.type !== "radio" && target.type !== "file";
}
