/* The scanner page: brings camera, keys, search, the phone's own list, the server and the verdict together. */
import { Camera, keepAwakeWhileOpen } from "./camera.js";
import { Desk } from "./desk.js";
import { forgetDue } from "./forget.js";
import { Keys } from "./keys.js";
import { Last } from "./last.js";
import { DoorList } from "./list.js";
import { Modes, chooseDoor } from "./modes.js";
import { Notes } from "./notes.js";
import { Memory, Queue } from "./queue.js";
import { makeReader } from "./reader.js";
import { Search } from "./search.js";
import { Broken, Line } from "./sending.js";
import { wakeSound } from "./sounds.js";
import { openStore } from "./store.js";
import { Sync } from "./sync.js";
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
const time = (moment) => clock.format(new Date(moment));

const line = new Line(door.dataset.api, csrf, showNet);
const list = new DoorList();
let store, queue, sync, desk, verdict, last, notes, search;
let camera = null;
let over = false;

/** One plain line: whether the server is there, what is unsent, and how old the phone's list is. */
function showNet() {
  const unsent = queue?.length ?? 0;
  const facts = unsent ? [words.unsent.replace("{n}", unsent)] : [];
  const states = { quick: `● ${words.online}`, slow: `◐ ${words.slow}`, gone: `○ ${words.offline}` };
  const state = line.quick ? "quick" : navigator.onLine ? line.state : "gone";
  if (state !== "quick" && list.ready) facts.push(words.listOf.replace("{time}", time(sync.lookedAt)));
  const goesOn = state !== "quick" && list.ready ? `${words.dash}${words.goesOn}` : "";
  const text = states[state] + goesOn + (facts.length ? words.bracket.replace("{facts}", facts.join(words.comma)) : "");
  for (const place of ["net", "verdict-net"]) if (part(place).textContent !== text) part(place).textContent = text;
  part("net").dataset.state = state;
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
  over = true;
  const paired = line.token !== null;
  sync.stop();
  delete door.dataset.listed;
  line.token = null;
  list.drop();
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
  window.addEventListener("beforeunload", (event) => !store.lasting && queue.length > 0 && event.preventDefault());
  document.addEventListener("keydown", (event) => event.key === "Escape" && verdict.open && part("next").click());
  part("start").addEventListener("click", startCamera);
  part("torch").addEventListener("click", async () => {
    const on = part("torch").getAttribute("aria-pressed") !== "true";
    await camera.torch(on);
    part("torch").setAttribute("aria-pressed", String(on));
  });
  part("photo").addEventListener("change", readPhoto);
}

let reader = null;
const getReader = () => (reader ??= makeReader(door.dataset));
const scanned = (text) => !over && desk.ask({ code: text.slice(0, LONGEST) });

async function startCamera() {
  part("start").hidden = true;
  part("aim").textContent = words.starting;
  try {
    camera ??= new Camera(part("video"), await getReader(), scanned);
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
  queue = new Queue(eventId, store, line, {
    heard: (item, answer) => desk.answered(item, answer),
    changed: showNet,
    refused: () => notes.refused(),
  });
  sync = new Sync(line, list, queue, store, { taken, ended });
  last = new Last(door, words, time, store, (entry) => desk.undo(entry));
  notes = new Notes(door, words, time, store);
  verdict = new Verdict(door, words, time, {
    next: () => desk.next(),
    confirm: (answer) => desk.confirm(answer),
    fee: (...chosen) => desk.fee(...chosen),
    undo: (answer) => desk.undo(answer),
    undoFirst: (answer) => desk.undoFirst(answer),
  });
  const parts = { line, list, queue, sync, store, last, notes, verdict, words };
  desk = new Desk({ ...parts, modes: new Modes(part("modes")), door: chooseDoor(part("which")) }, tell);
}

/** A new list has come: the counts, the hours, and until when it may be kept. */
function taken({ wipe_at: wipeAt }) {
  door.dataset.listed = "";
  search.listCame();
  showCount(list.count());
  showNet();
  wipeIn(Date.parse(wipeAt) - line.ahead);
  navigator.storage?.persist?.().catch(() => false);
}

let wiping = null;

function wipeIn(until) {
  store.keepUntil(until, who.startsWith("own"));
  clearTimeout(wiping);
  wiping = setTimeout(() => (Date.now() >= until ? ended() : wipeIn(until)), Math.min(Math.max(until - Date.now(), 0), 2 ** 31 - 1));
}

/** What an earlier visit left: the device, the list, who was seen, what is unsent. Works without a network. */
async function recall() {
  const told = Promise.all([queue.count(), notes.recall(), last.recall()]);
  if (!store.lasting) {
    part("plain").textContent = words.onlineOnly;
    return told;
  }
  const [device, ahead] = await Promise.all([store.recall("device"), store.recall("ahead"), told]);
  if (device?.who !== who) return undefined;
  line.token = device.token;
  line.setOffset(ahead ?? 0);
  const [kept, seen, items] = await Promise.all([store.recall("list"), store.recall("seen"), store.items()]);
  if (kept) {
    for (const [whose, at, where] of seen ?? []) list.arrived(whose, at, where);
    const undone = new Set(items.map((item) => item.kind === "undo" && item.key));
    for (const { told, whose, body } of items) {
      if (told === "admitted" && whose && !undone.has(body.key)) list.arrived(whose, body.at, body.door);
    }
    list.take(kept.data, 0);
    sync.lookedAt = kept.at;
    taken(kept.data);
  }
  return undefined;
}

/** Be known to the server as a device, and keep its token sealed; asked for once in an evening. */
async function letIn() {
  if (line.token || !store.lasting) return;
  if (navigator.locks) await navigator.locks.request(`enishi-door in ${eventId}`, becomeDevice);
  else await becomeDevice();
}

/** Each new device of a sign-in ends the one before, so two pages that open at once share one. */
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
}

async function elsewhere() {
  const [[other, n] = []] = Object.entries((await store.elsewhere?.()) ?? {});
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
  sync.before = letIn;
  sync.start();
  elsewhere();
  if (await mayFilm()) await startCamera();
  else part("start").hidden = false;
  keepAwakeWhileOpen(() => camera);
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
