/* Four sounds that cannot be taken for one another, made here; no file is needed. */

const TONES = {
  ok: [[880, 0, 0.12], [1320, 0.12, 0.2]],
  again: [[620, 0, 0.14], [620, 0.22, 0.14]],
  stop: [[196, 0, 0.42]],
  ask: [[740, 0, 0.09]],
};
const SHAKES = { ok: [60], again: [80, 60, 80], stop: [220, 80, 220], ask: [30] };

let audio = null;

/** Browsers give sound only after a touch or a key: call this from one. */
export function wakeSound() {
  const Context = window.AudioContext ?? window.webkitAudioContext;
  if (!Context) return;
  audio ??= new Context();
  if (audio.state !== "running") audio.resume().catch(() => null); // a telephone call has taken it: the next touch asks again
}

/** Let the phone be heard and felt; kind: "ok" | "again" | "stop" | "ask". */
export function signal(kind) {
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(SHAKES[kind] ?? []); // not before a touch
  if (audio?.state !== "running") return;
  for (const [pitch, start, length] of TONES[kind] ?? []) tone(pitch, audio.currentTime + start, length, kind);
}

function tone(pitch, start, length, kind) {
  const source = audio.createOscillator();
  const volume = audio.createGain();
  source.type = kind === "stop" ? "square" : "sine";
  source.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(kind === "stop" ? 0.25 : 0.5, start + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + length);
  source.connect(volume).connect(audio.destination);
  source.start(start);
  source.stop(start + length + 0.02);
}
