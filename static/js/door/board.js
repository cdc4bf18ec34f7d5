/* The live board: asks every two and a half seconds, is told only what has changed, and says when its figures are old. */
import { stayAwake } from "./awake.js";

const EVERY = 2500;
const PATIENCE = 2400;
const OLD = 7000;
const WHOLE = 24; // every so many looks the answer is wanted whole: a name may have been corrected

const board = document.querySelector("[data-board]");
const words = JSON.parse(board.dataset.words);
const part = (name) => board.querySelector(`[data-${name}]`);
const whole = part("whole"); // the host's view, which is taken from the page itself
const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
  timeStyle: "medium",
  timeZone: board.dataset.zone,
});

let version = board.dataset.version;
let trueAt = Number(board.dataset.now);
let heardAt = performance.now();
let looks = 0;
let ended = false;
let timer = 0;

async function look() {
  looks += 1;
  const headers = looks % WHOLE ? { "If-None-Match": `W/"${version}"` } : {};
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await fetch(board.dataset.board, { headers, cache: "no-store", signal });
  ended = [401, 403, 404].includes(answer.status);
  if (answer.status === 200) {
    const told = await answer.json();
    if (whole) await showWhole(told.version);
    else show(told);
    version = told.version;
  } else if (answer.status !== 304) {
    throw new Error(String(answer.status));
  }
  heardAt = performance.now();
  trueAt = Date.parse(answer.headers.get("Date")) || Date.now();
}

function show({ arrived, expected, targets, newest }) {
  part("arrived").textContent = arrived;
  part("expected").textContent = expected;
  part("parts").hidden = targets.length === 0;
  part("parts").replaceChildren(...targets.map(row));
  part("newest").replaceChildren(...newest.map((name) => element("li", name)));
  part("newest-box").hidden = newest.length === 0;
}

function row({ name, arrived, expected }) {
  const line = document.createElement("li");
  const said = element("span", name);
  said.className = "quiet";
  line.append(said, " ", element("strong", `${arrived} / ${expected}`));
  return line;
}

function element(tag, text) {
  return Object.assign(document.createElement(tag), { textContent: text });
}

async function showWhole(fresh) {
  if (fresh === version && looks % WHOLE) return;
  const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(4 * PATIENCE) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector("[data-whole]");
  if (!answer.ok || !found) throw new Error(String(answer.status));
  whole.replaceChildren(...found.childNodes);
}

/** Plain words once the figures are older than they should be. */
function tell() {
  const old = performance.now() - heardAt > OLD || ended;
  const text = ended ? words.ended : words.old;
  const said = old ? text.replace("{time}", clock.format(trueAt)) : "";
  if (part("old").textContent !== said) part("old").textContent = said;
}

async function keepLooking() {
  clearTimeout(timer);
  if (document.hidden) return; // goes on as soon as somebody looks again
  const began = performance.now();
  try {
    await look();
  } catch {
    // the last figures stay, and are said to be old
  }
  tell();
  timer = setTimeout(keepLooking, Math.max(EVERY - (performance.now() - began), 100));
}

document.addEventListener("visibilitychange", () => document.hidden || keepLooking());
addEventListener("online", keepLooking);
stayAwake(() => !whole); // a screen on the wall does not fall asleep
timer = setTimeout(keepLooking, EVERY);
