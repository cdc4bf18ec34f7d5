/* A bell, made here: a few tones that die away one before the other, as bronze does. No file is needed. */

const PARTIALS = [
  [1, 0.5, 3.2],
  [2.76, 0.22, 1.6],
  [5.4, 0.1, 0.7],
  [8.93, 0.04, 0.3],
];

let audio = null;

/** Browsers give sound only after a touch or a key: call this from one. */
export function wakeBell() {
  const Context = window.AudioContext ?? window.webkitAudioContext;
  if (!Context) return false;
  audio ??= new Context();
  if (audio.state === "suspended") audio.resume();
  return true;
}

/** Let it be heard: "soft" once and low in voice, "minute" once, "end" three times. */
export function ring(kind) {
  if (!audio) return;
  const start = audio.currentTime + 0.02;
  if (kind === "end") for (const after of [0, 1.3, 2.6]) strike(523, start + after, 1);
  else strike(kind === "minute" ? 784 : 523, start, kind === "minute" ? 0.7 : 0.35);
}

function strike(pitch, start, force) {
  for (const [ratio, strength, length] of PARTIALS) {
    const source = audio.createOscillator();
    const volume = audio.createGain();
    source.frequency.value = pitch * ratio;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(strength * force, start + 0.008);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + length);
    source.connect(volume).connect(audio.destination);
    source.start(start);
    source.stop(start + length + 0.05);
  }
}
