/* One's own table: the clock, and the next table as soon as it is set. It asks gently, and only while looked at. */
import { remaining, shown } from "./clock.js";
import { Live } from "./live.js";

const EVERY = 10_000;
const MINUTE = 60_000;

const root = document.querySelector("[data-clock]");
const words = JSON.parse(root.dataset.words);
const part = (name) => root.querySelector(`[data-${name}]`);
let round = null;

const live = new Live(root, { every: EVERY, rests: true, follow: tick, trouble: tell });

function tick() {
  const state = live.state;
  const left = remaining(state, live.clock.now());
  const runs = state.state === "running";
  const time = part("time"); // not there between the rounds
  if (time && time.textContent !== shown(left)) time.textContent = shown(left);
  root.classList.toggle("is-soon", runs && left <= MINUTE);
  root.classList.toggle("is-still", !runs);
  root.classList.toggle("is-up", runs && left === 0);
  if (round !== null && runs && round !== state.round) part("say").textContent = words.began.replace("{n}", state.round);
  round = runs ? state.round : (round ?? 0);
}

function tell(why) {
  const text = why ? words[why] : "";
  if (part("net").textContent !== text) part("net").textContent = text;
}

setInterval(tick, 500);
tick();
live.begin();
