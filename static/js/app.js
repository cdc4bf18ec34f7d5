/* Small helps for every page; each page works without them. */
import { keepDrafts } from "./draft.js";

const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

/** Buttons that copy what another element holds. */
function copyButtons() {
  if (!navigator.clipboard) return;
  for (const button of all("[data-copy]")) {
    const words = button.querySelector("span");
    const before = words.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.querySelector(button.dataset.copy);
      await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
      words.textContent = button.dataset.done;
      setTimeout(() => (words.textContent = before), 4000);
    });
  }
}

/** How many characters have been typed. */
function counters() {
  for (const counter of all("[data-count]")) {
    const area = document.getElementById(counter.dataset.count);
    const now = counter.querySelector("[data-now]");
    const show = () => (now.textContent = `${[...area.value].length} · `);
    now.hidden = false;
    area.addEventListener("input", show);
    show();
  }
}

/** Search among many chips, and the chosen ones named in the head of the picker. */
function pickers() {
  for (const picker of all("[data-filter]")) {
    const search = picker.querySelector("[data-filter-input]");
    if (!search) continue; // a short list has none
    const items = all("[data-filter-item]", picker);
    const folded = (text) => text.normalize("NFKC").toLowerCase().replace(/[ァ-ヶ]/g, toHiragana);
    const filter = () => {
      const wanted = folded(search.value.trim());
      for (const item of items) item.hidden = !folded(item.textContent).includes(wanted);
      for (const group of all("[data-filter-group]", picker)) {
        group.hidden = !group.querySelector("[data-filter-item]:not([hidden])");
      }
      picker.querySelector("[data-filter-none]").hidden = items.some((item) => !item.hidden);
    };
    search.hidden = false;
    search.addEventListener("input", filter);
    search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    picker.addEventListener("change", () => nameChosen(picker, items));
  }
}

const toHiragana = (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60);

function nameChosen(picker, items) {
  const head = picker.querySelector("[data-chosen]");
  const names = items.filter((item) => item.querySelector("input").checked).map((item) => item.textContent.trim());
  head.textContent = names.join(head.dataset.join) || head.dataset.none;
  head.classList.toggle("quiet", names.length === 0);
}

/** A second press of the same button does nothing; coming back by the browser's button sets it free. */
function pressOnce() {
  for (const form of all("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "yes";
      for (const button of all("button[type=submit]", form)) button.setAttribute("aria-disabled", "true");
    });
  }
  addEventListener("pageshow", () => {
    for (const form of all("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of all("[aria-disabled]", form)) button.removeAttribute("aria-disabled");
    }
  });
}

/** Notices that can be put away. */
function notices() {
  for (const button of all("[data-dismiss]")) {
    button.hidden = false;
    button.addEventListener("click", () => button.closest("[data-dismissible]").remove());
  }
}

/** Selects that send their form by themselves. */
function selfSending() {
  for (const field of all("[data-submit-on-change]")) {
    field.addEventListener("change", (event) => event.isTrusted && field.form.requestSubmit());
  }
}

/** A menu closes when one turns to something else. */
function menus() {
  const close = (event) => {
    for (const menu of all("details.menu[open]")) {
      if (event.key === "Escape") menu.querySelector("summary").focus();
      if (event.key === "Escape" || !menu.contains(event.target)) menu.open = false;
    }
  };
  addEventListener("click", close);
  addEventListener("keydown", (event) => event.key === "Escape" && close(event));
}

/** What a phone keeps of a door ends with its time, and with the sign-in that opened it. */
async function forgetDoors() {
  if (!localStorage.getItem("enishi-doors") || document.getElementById("door")) return; // the door sees to it itself
  const { forgetDue } = await import("./door/forget.js");
  await forgetDue(Boolean(document.querySelector("[data-nobody]")));
}

copyButtons();
counters();
pickers();
pressOnce();
notices();
selfSending();
menus();
keepDrafts();
forgetDoors();
document.querySelector("[data-focus]")?.focus();
