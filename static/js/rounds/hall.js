/* The hall screen and its remote control: one clock for all screens, the bell, and names that turn their pages. */
import { ring, wakeBell } from "./bell.js";
import { remaining, shown } from "./clock.js";
import { Live, stayAwake } from "./live.js";

const EVERY = 2500;
const MINUTE = 60_000;
const TURN = 9000;
const NATURAL = 5000;

const root = document.querySelector("[data-clock]");
const words = JSON.parse(root.dataset.words);
const part = (name) => root.querySelector(`[data-${name}]`);
const all = (selector) => [...root.querySelectorAll(selector)];

let chosen = null; // the view that somebody asked for, until the evening goes on
let wanted = null; // the view that the evening asks for
let turned = 0;
let turning = true;
let sounds = false;
let before = null; // what was left a moment ago, and of which state
const rung = new Set(); // each end rings once, whatever a truer clock says a moment later

const live = new Live(root, { every: EVERY, follow: show, trouble: tell });

function show(state) {
  if (part("arrived")) {
    part("arrived").textContent = state.arrived;
    part("expected").textContent = state.expected;
  }
  tick();
}

function tick() {
  const state = live.state;
  const left = remaining(state, live.clock.now());
  const runs = state.state === "running";
  const time = shown(left);
  if (part("time").textContent !== time) part("time").textContent = time;
  part("time").hidden = state.state === null;
  root.classList.toggle("is-soon", runs && left <= MINUTE);
  root.classList.toggle("is-still", state.state !== null && !runs);
  announce(state, left, runs);
  arrange(state, runs && left === 0);
}

/** Say and ring what has happened since the last look; whoever opens the page late hears nothing of the past. */
function announce(state, left, runs) {
  const last = before;
  before = { round: state.round, state: state.state, phase: state.phase, left };
  if (last === null) return;
  const say = (text) => (part("say").textContent = text.replace("{n}", state.round));
  if (last.state !== state.state || last.round !== state.round) {
    if (runs) say(last.state === "paused" && last.round === state.round ? words.resumed : words.began);
    else if (state.state === "paused") say(words.paused);
    else if (last.state === "running") part("say").textContent = words.ended.replace("{n}", last.round);
    return;
  }
  if (!runs || last.left - left > NATURAL) return;
  const mark = left === 0 ? "end" : left <= MINUTE ? "minute" : "";
  const passed = mark === "end" ? last.left > 0 : last.left > MINUTE;
  if (!mark || !passed || rung.has(`${mark} ${state.ends_at}`)) return;
  rung.add(`${mark} ${state.ends_at}`);
  say(mark === "end" ? words.up : words.minute);
  if (sounds) ring(mark);
}

function arrange(state, up) {
  for (const element of all("[data-when]")) element.hidden = (element.dataset.when === "up") !== up;
  const names = root.querySelector("[data-view=names]");
  const asked = names && (up || state.phase === "ready" || state.phase === "between") ? "names" : "tables";
  if (asked !== wanted) chosen = wanted === null ? chosen : null;
  wanted = asked;
  const view = names ? (chosen ?? wanted) : "tables";
  for (const element of all("[data-view]")) element.hidden = element.dataset.view !== view;
  for (const link of all("[data-to]")) link.hidden = link.dataset.to === view;
  turnTo(turned);
}

function turnTo(place) {
  const pages = all("[data-view]:not([hidden]) > [data-page]");
  turned = pages.length ? place % pages.length : 0;
  pages.forEach((page, index) => (page.hidden = index !== turned));
  if (!part("turn")) return;
  part("turn").hidden = pages.length < 2;
  part("turn-at").textContent = `${turned + 1} / ${pages.length}`;
}

function tell(why) {
  const text = why ? words[why] : "";
  if (part("net").textContent !== text) part("net").textContent = text;
}

async function act(form) {
  const buttons = all("[data-act] button");
  for (const button of buttons) button.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(8000),
    });
    live.tag = null;
    await live.ask();
    if (answer.status === 401) tell("signedOut");
    else if (!answer.ok) tell(answer.status === 409 ? "refused" : "notSent");
  } catch {
    tell("notSent");
  }
  for (const button of buttons) button.removeAttribute("aria-disabled");
}

root.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-act]")) {
    event.preventDefault();
    if (!form.querySelector("[aria-disabled]")) act(form);
  } else if (form.matches("[data-find]")) {
    event.preventDefault();
    const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
    live.takeIn(address, "found").catch(() => tell("offline"));
  }
});

root.addEventListener("click", (event) => {
  const link = event.target.closest("[data-to]");
  if (!link) return;
  event.preventDefault();
  chosen = link.dataset.to;
  turned = 0;
  tick();
  root.querySelector("[data-to]:not([hidden])").focus();
});

part("turn-stop")?.addEventListener("click", ({ currentTarget: button }) => {
  turning = !turning;
  button.textContent = turning ? words.stop : words.turn;
});

const sound = part("sound");
if (sound && (window.AudioContext ?? window.webkitAudioContext)) {
  sound.hidden = false;
  sound.addEventListener("click", () => {
    sounds = !sounds && wakeBell();
    sound.textContent = sounds ? words.soundOn : words.soundOff;
    if (sounds) ring("soft");
  });
}

chosen = new URLSearchParams(location.search).get("show");
root.classList.add("is-live");
setInterval(tick, 200);
setInterval(() => turning && turnTo(turned + 1), TURN);
tick();
live.begin();
stayAwake();
