/* How this phone takes people in: at once, or after somebody has looked at the card and tapped. Kept on the phone. */

const MODE = "enishi-door-mode";
const DOOR = "enishi-door";

/** Whether a tap is waited for. */
export class Modes {
  constructor(box) {
    this.box = box;
    const kept = recall(MODE);
    for (const choice of box.querySelectorAll("input")) {
      choice.checked = choice.value === (kept === "confirm" ? "confirm" : "express");
      choice.addEventListener("change", () => keep(MODE, choice.value));
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
  select.value = recall(DOOR) ?? "";
  if (select.selectedIndex < 0) select.value = "";
  select.addEventListener("change", () => keep(DOOR, select.value));
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

/** A choice that is kept on this phone; where the browser keeps nothing, it lasts as long as the page. */
function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch (error) {
    console.warn("not kept", error.name);
  }
}
