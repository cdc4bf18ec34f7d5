/* How this phone takes people in: at once, or after somebody has looked at the card and tapped. Kept on the phone. */

const MODE = "enishi-door-mode";
const DOOR = "enishi-door";

/** Whether a tap is waited for. */
export class Modes {
  constructor(box) {
    this.box = box;
    const kept = localStorage.getItem(MODE);
    for (const choice of box.querySelectorAll("input")) {
      choice.checked = choice.value === (kept === "confirm" ? "confirm" : "express");
      choice.addEventListener("change", () => localStorage.setItem(MODE, choice.value));
    }
    box.hidden = false;
  }

  get confirms() {
    return this.box.querySelector("input:checked")?.value === "confirm";
  }
}

/** Which door this phone stands at is remembered on the phone. */
export function chooseDoor(box) {
  const select = box.querySelector("select");
  select.value = localStorage.getItem(DOOR) ?? "";
  if (select.selectedIndex < 0) select.value = "";
  select.addEventListener("change", () => localStorage.setItem(DOOR, select.value));
  box.hidden = false;
  return () => select.value;
}

/** A button that acts on its second tap; it asks with the first, and forgets after a while or when left. */
export function onSecondTap(button, question, act) {
  const words = button.textContent;
  let timer = null;
  const calm = () => {
    clearTimeout(timer);
    timer = null;
    button.textContent = words;
    button.removeAttribute("data-asked");
  };
  button.addEventListener("blur", calm);
  button.addEventListener("click", () => {
    if (timer) {
      calm();
      act(button);
      return;
    }
    button.textContent = question;
    button.dataset.asked = "";
    timer = setTimeout(calm, 5000);
  });
  return calm;
}
