/* The scanner page: brings camera, search, server and verdict together. */
import { Camera, keepAwakeWhileOpen } from "./camera.js";
import { makeReader } from "./reader.js";
import { Search } from "./search.js";
import { Broken, Line, newKey } from "./sending.js";
import { wakeSound } from "./sounds.js";
import { Verdict } from "./verdict.js";

const LAST = 6;
const COUNT_EVERY = 10_000;
const SIGNS = { admitted: "✓", already: "◎", refused: "×" };

const door = document.getElementById("door");
const words = JSON.parse(door.dataset.words);
const part = (name) => door.querySelector(`[data-${name}]`);
const token = document.querySelector('meta[name="csrf-token"]').content;
const ahead = Number(door.dataset.now) - Date.now(); // how far the server's clock is ahead of this one
const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: "numeric", minute: "2-digit", hourCycle: "h23", timeZone: door.dataset.zone,
});
const time = (moment) => clock.format(new Date(moment));
const line = new Line(door.dataset.api, token, showNet);
const verdict = new Verdict(door, words, time, showLate);
const late = []; // answers that came while another verdict was being read
let camera = null;
let latest = 0;

function showNet(unsent = line.unsent) {
  const connected = navigator.onLine && unsent === 0;
  const waiting = unsent ? ` ・ ${words.unsent.replace("{n}", unsent)}` : "";
  const text = connected ? `● ${words.online}` : `○ ${words.offline}${waiting}`;
  for (const place of ["net", "verdict-net"]) if (part(place).textContent !== text) part(place).textContent = text;
}

function showCount({ arrived, expected }) {
  for (const place of door.querySelectorAll("[data-arrived]")) place.textContent = arrived;
  for (const place of door.querySelectorAll("[data-expected]")) place.textContent = expected;
}

function remember(answer) {
  const row = document.createElement("li");
  const who = answer.registration?.name ?? words.titles[answer.reason];
  for (const text of [time(Date.now() + ahead), SIGNS[answer.result], who]) {
    const cell = document.createElement("span");
    cell.textContent = text;
    row.append(cell);
  }
  part("last").prepend(row);
  part("last-box").hidden = false;
  while (part("last").children.length > LAST) part("last").lastChild.remove();
}

/** Ask the door; the answer of an earlier scan never covers that of a later one. */
async function ask(path, what) {
  const mine = (latest += 1);
  const body = { ...what, key: newKey(), at: new Date(Date.now() + ahead).toISOString() };
  if (part("door").value) body.door = part("door").value;
  part("aim").textContent = words.checking;
  try {
    const answer = await line.send(path, body, () => mine === latest && verdict.tell("wait", words.waitingTitle, words.waiting));
    showCount(answer.count);
    remember(answer);
    if (mine === latest || !verdict.open) verdict.show(answer);
    else if (answer.result !== "admitted") late.push(answer);
  } catch (error) {
    trouble(error);
  } finally {
    if (mine === latest) part("aim").textContent = camera?.running ? words.aim : "";
  }
}

function showLate() {
  if (late.length) verdict.show(late.shift());
  else if (!part("start").hidden) part("start").focus();
}

function trouble(error) {
  const status = error instanceof Broken ? error.status : 0;
  if (status === 401) {
    verdict.tell("stop", words.signInTitle, words.signInAgain, [door.dataset.signIn, words.signInTitle]);
  } else if ([400, 403, 404].includes(status)) {
    verdict.tell("stop", words.staleTitle, words.stale, [location.href, words.staleTitle]);
  } else {
    verdict.tell("stop", words.troubleTitle, words.trouble);
  }
}

async function act(button, path, body, done) {
  const { answer } = verdict;
  button.disabled = true;
  try {
    const said = await line.send(`/check-ins/${answer.registration.id}${path}`, body);
    if (verdict.answer === answer) done(said, answer);
  } catch (error) {
    trouble(error);
  } finally {
    button.disabled = false;
  }
}

function undone(said, { registration }) {
  showCount(said.count);
  verdict.hide();
  const text = said.undone ? words.undone.replace("{name}", registration.name) : words.notUndone;
  part("say").textContent = text;
  part("aim").textContent = text;
}

function listen() {
  for (const name of ["undo", "undo-first"]) part(name).addEventListener("click", (event) => act(event.target, "/undo", {}, undone));
  part("fee").addEventListener("click", (event) =>
    act(event.target, "/fee", { taken: true }, (said, { registration }) => verdict.fee(registration.fee_due, true)));
  part("fee-back").addEventListener("click", (event) =>
    act(event.target, "/fee", { taken: false }, (said, { registration }) => verdict.fee(registration.fee_due, false)));
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, wakeSound, { passive: true });
  for (const kind of ["online", "offline"]) window.addEventListener(kind, () => showNet());
  document.addEventListener("keydown", (event) => event.key === "Escape" && verdict.open && part("next").click());
  part("start").addEventListener("click", startCamera);
  part("torch").addEventListener("click", async () => {
    const on = part("torch").getAttribute("aria-pressed") !== "true";
    await camera.torch(on);
    part("torch").setAttribute("aria-pressed", String(on));
  });
  part("photo").addEventListener("change", readPhoto);
}

/** Which door this phone stands at is remembered on the phone. */
function chooseDoor() {
  const select = part("door");
  select.value = localStorage.getItem("enishi-door") ?? "";
  if (select.selectedIndex < 0) select.value = "";
  select.addEventListener("change", () => localStorage.setItem("enishi-door", select.value));
  part("which").hidden = false;
}

let reader = null;
const getReader = () => (reader ??= makeReader(door.dataset));

async function startCamera() {
  part("start").hidden = true;
  part("aim").textContent = words.starting;
  try {
    camera ??= new Camera(part("video"), await getReader(), (code) => ask("/scans", { code: code.slice(0, 2048) }));
    await camera.start();
    part("aim").textContent = words.aim;
    part("torch").hidden = !camera.hasTorch;
  } catch (error) {
    part("aim").textContent = words[error.message] ?? words.noCamera;
    part("start").hidden = error.message === "insecure";
    part("photo-box").hidden = false;
  }
}

async function readPhoto() {
  const [file] = part("photo").files;
  if (!file) return;
  try {
    const text = await (await getReader())(await createImageBitmap(file));
    if (text) await ask("/scans", { code: text.slice(0, 2048) });
    else part("aim").textContent = words.noCode;
  } catch {
    part("aim").textContent = words.noCode;
  }
  part("photo").value = "";
}

async function keepCount() {
  if (document.visibilityState === "visible") {
    try {
      showCount(await (await line.get("/count")).json());
    } catch {
      showNet(); // the next look may succeed
    }
  }
  setTimeout(keepCount, COUNT_EVERY);
}

async function begin() {
  showNet();
  chooseDoor();
  listen();
  new Search(door, line, words, time, {
    onCode: (code) => ask("/scans", { code: code.slice(0, 2048) }),
    onPerson: (person) => ask("/check-ins", { registration: person.id }),
    onTrouble: trouble,
  });
  part("camera").hidden = false;
  setTimeout(keepCount, COUNT_EVERY);
  let permission = null;
  try {
    permission = await navigator.permissions?.query({ name: "camera" });
  } catch {
    permission = null; // some browsers do not know this name
  }
  if (permission?.state === "granted" || !window.isSecureContext) await startCamera();
  else part("start").hidden = false;
  keepAwakeWhileOpen(() => camera);
}

begin();
