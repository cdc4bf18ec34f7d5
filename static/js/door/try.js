/* Trying the phone: address, camera, sound, a code. Nothing is sent. */
import { Camera } from "./camera.js";
import { makeReader } from "./reader.js";
import { signal, wakeSound } from "./sounds.js";

const MARKS = { good: "✓", bad: "×", now: "…" };
const page = document.getElementById("try");
const words = JSON.parse(page.dataset.words);
const part = (name) => page.querySelector(`[data-${name}]`);
let camera = null;

function step(name, state, text) {
  const row = page.querySelector(`[data-step="${name}"]`);
  row.dataset.state = state;
  row.querySelector("[data-mark]").textContent = MARKS[state];
  row.querySelector("[data-text]").textContent = text;
}

async function start() {
  part("start").hidden = true;
  wakeSound();
  try {
    part("view").hidden = false;
    camera ??= new Camera(part("video"), await makeReader(page.dataset), read);
    await camera.start();
    step("camera", "good", words.camera);
  } catch (error) {
    part("view").hidden = true;
    part("start").hidden = false;
    step("camera", "bad", words[error.message] ?? words.noCamera);
  }
  ["ok", "again", "stop"].forEach((kind, place) => setTimeout(() => signal(kind), 900 * place));
  step("sound", "now", words.sound);
  if (camera?.running) step("code", "now", words.aim);
}

function read(text) {
  camera.stop();
  part("view").hidden = true;
  const own = text === page.dataset.sample;
  step("sound", "good", words.sound);
  step("code", "good", own ? words.read : words.readOther);
  part("result").textContent = own ? words.read : words.readOther;
  signal("ok");
}

step("address", window.isSecureContext ? "good" : "bad", window.isSecureContext ? words.safe : words.unsafe);
part("start").hidden = false;
part("start").addEventListener("click", start);
