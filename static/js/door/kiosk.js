/* The tablet that people use themselves. What it shows of somebody is gone after eight seconds. */
import { stayAwake } from "./awake.js";
import { Camera } from "./camera.js";
import { keepFresh } from "./changing.js";
import { makeReader } from "./reader.js";
import { newKey } from "./sending.js";
import { signal, wakeSound } from "./sounds.js";

const CLEAR_AFTER = 8000;
const ASK_FOR = 20_000;
const PATIENCE = 6000;
const SOUNDS = { ok: "ok", again: "again", stop: "stop", wait: "stop" };

const kiosk = document.getElementById("kiosk");
const words = JSON.parse(kiosk.dataset.words);
const part = (name) => kiosk.querySelector(`[data-${name}]`);
const token = document.querySelector('meta[name="csrf-token"]').content;
let camera = null;
let clearing = 0;
let asked = null; // the number whose owner is being asked for
let busy = false;
let last = null; // the code whose answer is on the screen
let waiting = null; // a code that came while another was being asked about

function setNet(away) {
  part("net").hidden = !away;
  part("net").textContent = away ? words.gone : "";
}

/** Nothing of the person stays, neither on the screen nor in the fields. */
function clear() {
  clearTimeout(clearing);
  asked = last = null;
  for (const name of ["word", "name", "lines", "say"]) part(name).replaceChildren();
  part("number").value = "";
  part("verdict").hidden = true;
  part("aim").textContent = camera?.running ? words.aim : "";
}

function show({ kind, word, name, lines }, sound = true) {
  clearTimeout(clearing);
  part("verdict").className = `verdict kiosk-verdict verdict-${kind === "ask" ? "wait" : kind}`;
  part("sign").replaceChildren(...[...kiosk.querySelector(`[data-sign-of="${kind}"]`).children].map((child) => child.cloneNode(true)));
  part("word").textContent = word;
  part("name").textContent = name;
  part("lines").replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
  for (const button of ["yes", "no"]) part(button).hidden = kind !== "ask";
  part("next").hidden = kind === "ask";
  part("verdict").hidden = false;
  part("say").textContent = [word, name, ...lines].filter(Boolean).join(" ");
  part(kind === "ask" ? "yes" : "next").focus();
  if (sound && SOUNDS[kind]) signal(SOUNDS[kind]);
  clearing = setTimeout(clear, kind === "ask" ? ASK_FOR : CLEAR_AFTER);
}

const failed = (lines, word = words.again) => show({ kind: "wait", word, name: "", lines });

/** Ask the server; a tablet without the network sends people to the desk. */
async function ask(body) {
  if (busy) return;
  busy = true;
  part("aim").textContent = words.checking;
  try {
    const answer = await fetch(kiosk.dataset.read, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ ...body, key: newKey() }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status === 400 || answer.status === 401) return location.reload();
    if (answer.status === 429) return failed([words.tooMany]);
    if (!answer.ok) return failed([words.askDesk]);
    setNet(false);
    const said = await answer.json();
    asked = said.kind === "ask" ? body.number : null;
    show(said);
  } catch {
    setNet(true);
    failed([words.askDesk], words.offline);
  } finally {
    busy = false;
    const next = waiting;
    waiting = null;
    if (next) onCode(next);
    else if (part("verdict").hidden) part("aim").textContent = camera?.running ? words.aim : "";
  }
}

/** The next person need not wait until the one before is gone from the screen. */
function onCode(code) {
  if (busy) waiting = code;
  if (busy || code === last) return;
  clear();
  last = code;
  ask({ code: code.slice(0, 2048) });
}

function listen() {
  const number = part("number");
  const digits = () => number.value.normalize("NFKC").replace(/\D/g, "").slice(0, 4);
  number.addEventListener("input", () => (number.value = digits()));
  for (const key of kiosk.querySelectorAll("[data-digit]")) {
    key.addEventListener("click", () => (number.value = (digits() + key.dataset.digit).slice(0, 4)));
  }
  part("clear").addEventListener("click", clear);
  part("pad").addEventListener("submit", (event) => {
    event.preventDefault();
    if (digits().length === 4) ask({ number: digits() });
    else number.focus();
  });
  part("yes").addEventListener("click", () => asked && ask({ number: asked, sure: true }));
  part("no").addEventListener("click", clear);
  part("next").addEventListener("click", clear);
  part("start").addEventListener("click", startCamera);
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, wakeSound, { passive: true });
}

async function startCamera() {
  part("start").hidden = true;
  part("aim").textContent = words.starting;
  try {
    camera ??= new Camera(part("video"), await makeReader(kiosk.dataset), onCode, { facing: "user", onLost: offerCamera });
    await camera.start();
    part("aim").textContent = words.aim;
  } catch {
    offerCamera();
  }
}

function offerCamera() {
  part("aim").textContent = words.noCamera;
  part("start").hidden = !window.isSecureContext;
}

/** The tablet stays here: whoever goes back finds the same page, with nothing on it. */
function stayHere() {
  history.replaceState("kiosk", "");
  document.addEventListener("pointerdown", () => history.pushState("kiosk", ""), { once: true });
  window.addEventListener("popstate", () => {
    clear();
    history.pushState("kiosk", "");
  });
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  window.addEventListener("pagehide", clear);
}

clear();
stayHere();
listen();
keepFresh(kiosk.querySelector("[data-changing]"), setNet);
stayAwake();
await startCamera();
