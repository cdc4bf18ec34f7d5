/* The scanner page: brings camera, keys, search, the phone's own list, the server and the verdict together. */
import { stayAwake } from "./awake.js";
import { Book } from "./book.js";
import { Camera } from "./camera.js";
import { Desk } from "./desk.js";
import { doors, forgetDue, whenForgotten } from "./forget.js";
import { Keys } from "./keys.js";
import { Last } from "./last.js";
import { DoorList } from "./list.js";
import { Memory } from "./memory.js";
import { Modes, chooseDoor } from "./modes.js";
import { Notes } from "./notes.js";
import { Queue } from "./queue.js";
import { makeReader } from "./reader.js";
import { Search } from "./search.js";
import { Broken, Line } from "./sending.js";
import { wakeSound } from "./sounds.js";
import { openStore } from "./store.js";
import { Sync } from "./sync.js";
import { inTurn } from "./turns.js";
import { Verdict } from "./verdict.js";

const LONGEST = 2048;

const door = document.getElementById("door");
const { event: eventId, who } = door.dataset;
const words = JSON.parse(door.dataset.words);
const part = (name) => door.querySelector(`[data-${name}]`);
const csrf = document.querySelector('meta[name="csrf-token"]').content;
const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: "numeric", minute: "2-digit", hourCycle: "h23", timeZone: door.dataset.zone,
});
const time = (moment) => (Number.isNaN(Date.parse(moment)) ? "?" : clock.format(new Date(moment)));

const line = new Line(door.dataset.api, csrf, showNet);
const list = new DoorList();
let store, book, queue, sync, desk, verdict, last, notes, search;
let camera = null;
let over = false;

/** One plain line: whether the server is there, what is unsent, and how old the phone's list is. */
function showNet() {
  const unsent = queue?.length ?? 0;
  const facts = unsent ? [words.unsent.replace("{n}", unsent)] : [];
  const states = { quick: `● ${words.online}`, slow: `◐ ${words.slow}`, gone: `○ ${words.offline}` };
  const state = line.quick ? "quick" : navigator.onLine ? line.state : "gone";
  if (state !== "quick" && list.ready) facts.push(words.listOf.replace("{time}", time(book.trueAt)));
  const goesOn = state !== "quick" && list.ready ? `${words.dash}${words.goesOn}` : "";
  const text = states[state] + goesOn + (facts.length ? words.bracket.replace("{facts}", facts.join(words.comma)) : "");
  for (const place of ["net", "verdict-net"]) if (part(place).textContent !== text) part(place).textContent = text;
  part("net").dataset.state = state;
  const spare = store?.spare?.rows.size > 0;
  if (spare !== part("plain").hasAttribute("data-full")) showRoom(spare);
}

/** The phone has no room for what waits, or has it again: the page itself must stay open meanwhile. */
function showRoom(full) {
  part("plain").toggleAttribute("data-full", full);
  part("plain").textContent = full ? words.full : "";
}

function showCount({ arrived, expected }) {
  for (const place of door.querySelectorAll("[data-arrived]")) place.textContent = arrived;
  for (const place of door.querySelectorAll("[data-expected]")) place.textContent = expected;
}

const tell = {
  count: showCount,
  busy: (busy) => (part("aim").textContent = busy ? words.checking : camera?.running ? words.aim : ""),
  say: (text) => (part("say").textContent = part("aim").textContent = text),
  rest: () => !part("start").hidden && part("start").focus(),
  trouble,
};

function trouble(error) {
  const status = error instanceof Broken ? error.status : 0;
  if (status === 401) ended();
  else if ([400, 403, 404].includes(status)) {
    verdict.tell("stop", words.staleTitle, words.stale, [location.href, words.staleTitle]);
  } else {
    if (!status) console.warn(error);
    verdict.tell("stop", words.troubleTitle, words.trouble);
  }
}

/** The server no longer knows this phone, or its time is over: what it kept of the door is forgotten. */
async function ended() {
  if (over) return;
  over = true;
  const paired = line.token !== null;
  sync.stop();
  delete door.dataset.listed;
  line.token = null;
  book.close();
  desk.forget();
  last.clear();
  notes.clear();
  search.clear();
  if (store.lasting) await store.forget();
  const unsent = await store.waiting();
  const kept = unsent ? words.keptUnsent.replace("{n}", unsent) : "";
  const [title, text] = paired ? [words.endedTitle, words.ended] : [words.signInTitle, words.signInAgain];
  verdict.tell("stop", title, [text, kept].filter(Boolean).join(" "), [door.dataset.signIn, words.signInTitle]);
}

function listen() {
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, wakeSound, { passive: true });
  for (const kind of ["online", "offline"]) window.addEventListener(kind, showNet);
  window.addEventListener("beforeunload", (event) => onlyHere() && event.preventDefault());
  whenForgotten(eventId, ended);
  document.addEventListener("keydown", (event) => event.key === "Escape" && verdict.open && part("next").click());
  part("start").addEventListener("click", startCamera);
  part("torch").addEventListener("click", () => light(part("torch").getAttribute("aria-pressed") !== "true"));
  part("photo").addEventListener("change", readPhoto);
}

async function light(on) {
  try {
    await camera.torch(on);
    part("torch").setAttribute("aria-pressed", String(on));
  } catch {
    part("torch").hidden = true; // some cameras only say that they have one
  }
}

/** Whether something waits that is gone with this page. */
function onlyHere() {
  return store.lasting ? store.spare.rows.size > 0 : queue.length > 0;
}

let reader = null;

async function getReader() {
  reader ??= makeReader(door.dataset);
  try {
    return await reader;
  } catch (error) {
    reader = null; // it is fetched anew when it is asked for again
    throw error;
  }
}

const scanned = (text) => !over && desk.ask({ code: text.slice(0, LONGEST) });

async function startCamera() {
  part("start").hidden = true;
  part("aim").textContent = words.starting;
  try {
    camera ??= new Camera(part("video"), await getReader(), scanned, { onLost: offerCamera });
    await camera.start();
    part("aim").textContent = words.aim;
    part("torch").hidden = !camera.hasTorch;
    part("torch").setAttribute("aria-pressed", "false");
    stayAwake(() => camera.running);
  } catch (error) {
    offerCamera(error);
  }
}

/** There is no picture, or none any more: why, and what to do instead. */
function offerCamera(error) {
  part("aim").textContent = words[error.message] ?? words.noCamera;
  part("start").hidden = error.message === "insecure";
  part("photo-box").hidden = false;
  part("torch").hidden = true;
}

async function readPhoto() {
  const [file] = part("photo").files;
  if (!file) return;
  try {
    const text = await (await getReader())(await createImageBitmap(file));
    if (text) await scanned(text);
    else part("aim").textContent = words.noCode;
  } catch {
    part("aim").textContent = words.noCode;
  }
  part("photo").value = "";
}

/** The parts that work together; the store decides whether they outlive this page. */
async function build() {
  store = (await openStore(door.dataset.store, eventId)) ?? new Memory();
  book = new Book(eventId, store, list, listTurned);
  queue = new Queue(eventId, store, line, {
    heard: (answers) => desk.answered(answers),
    changed: showNet,
    refused: () => notes.refused(),
  });
  sync = new Sync(line, book, queue, store, { before: catchUp, ended });
  last = new Last(door, words, time, store, (entry) => desk.undo(entry));
  notes = new Notes(door, words, time, store);
  verdict = new Verdict(door, words, time, {
    next: () => desk.next(),
    confirm: (answer) => desk.confirm(answer),
    fee: (...chosen) => desk.fee(...chosen),
    undo: (answer) => desk.undo(answer),
    undoFirst: (answer) => desk.undoFirst(answer),
  });
  const parts = { line, list, book, queue, sync, store, last, notes, verdict, words };
  desk = new Desk({ ...parts, modes: new Modes(part("modes")), door: chooseDoor(part("which")) }, tell);
}

/** There is another list: the counts, the hours, and until when it may be kept. */
function listTurned({ wipe_at: wipeAt }) {
  door.dataset.listed = "";
  search.listCame();
  showCount(list.count());
  showNet();
  wipeIn(Date.parse(wipeAt) - line.ahead);
}

let wiping = null;

function wipeIn(until) {
  if (store.lasting) store.keepUntil(until, who.startsWith("own"));
  clearTimeout(wiping);
  wiping = setTimeout(() => (Date.now() >= until ? ended() : wipeIn(until)), Math.min(Math.max(until - Date.now(), 0), 2 ** 31 - 1));
}

/** What an earlier visit left: the device, the list, who was seen, what is unsent. Works without a network. */
async function recall() {
  const told = Promise.all([queue.count(), notes.recall(), last.recall()]);
  if (!store.lasting) part("plain").textContent = words.onlineOnly;
  else await recallDevice();
  await told;
}

async function recallDevice() {
  const [device, ahead] = await Promise.all([store.recall("device"), store.recall("ahead")]);
  if (device?.who !== who) return;
  line.token = device.token;
  line.setOffset(ahead ?? 0);
  await book.recall();
}

/** Before each turn of the sync: be let in, and take over what other pages of this phone have done; false at the end. */
async function catchUp() {
  if (doors()[eventId]?.until <= Date.now()) await ended(); // the phone slept beyond the evening's end
  if (over) return false;
  await letIn();
  if (!store.lasting) return true;
  await book.together(() => null);
  await Promise.all([last.recall(), notes.recall()]);
  if (list.ready) showCount(list.count());
  return true;
}

/** Be known to the server as a device, and keep its token sealed; asked for once in an evening. */
async function letIn() {
  // Each new device of a sign-in ends the one before, so two pages that open at once share one.
  if (!line.token && store.lasting) await inTurn(`enishi-door in ${eventId}`, becomeDevice, 10_000);
}

async function becomeDevice() {
  const known = await store.recall("device");
  if (known?.who === who) {
    line.token = known.token;
    return;
  }
  const device = await line.post(`/events/${eventId}/door/device`, {}, { patience: 8000 });
  line.token = device.token;
  await store.keep("device", { token: device.token, who });
  store.keepUntil(Date.parse(device.wipe_at), who.startsWith("own"));
  navigator.storage?.persist?.().catch(() => false);
}

async function elsewhere() {
  const [[other, n] = []] = Object.entries(await store.elsewhere());
  if (!other) return;
  const link = Object.assign(document.createElement("a"), { href: `/events/${other}/door` });
  link.textContent = words.unsentElsewhere.replace("{n}", n);
  part("plain").replaceChildren(link);
}

async function begin() {
  await forgetDue(false).catch(() => null);
  await build();
  listen();
  new Keys(scanned);
  const onPerson = (person) => desk.ask({ registration: person.id });
  search = new Search(door, line, list, words, time, { onPerson, onTrouble: trouble });
  await recall();
  showNet();
  part("camera").hidden = false;
  door.dataset.ready = "";
  navigator.serviceWorker?.register(door.dataset.worker, { scope: door.dataset.scope }).catch(() => null);
  sync.start();
  elsewhere();
  if (await mayFilm()) await startCamera();
  else part("start").hidden = false;
}

/** Whether the camera may start unasked. */
async function mayFilm() {
  if (!window.isSecureContext) return true; // it will say why it cannot
  try {
    return (await navigator.permissions.query({ name: "camera" })).state === "granted";
  } catch {
    return false; // some browsers do not know this name
  }
}

begin();
