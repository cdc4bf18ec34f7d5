/* The camera: its picture, its light, a screen that stays awake, and the loop that looks for codes. */

const LOOK_EVERY = 60;
const FORGET_AFTER = 3000;

/** Why there is no camera: "insecure" | "refusedCamera" | "noCamera" | "busyCamera". */
export class NoCamera extends Error {}

export class Camera {
  /** facing: "environment" for a phone held over tickets, "user" for a tablet that people stand before. */
  constructor(video, read, onCode, { facing = "environment" } = {}) {
    this.facing = facing;
    this.video = video;
    this.read = read;
    this.onCode = onCode;
    this.seen = new Map();
    this.running = false;
  }

  async start() {
    if (!window.isSecureContext || !navigator.mediaDevices) throw new NoCamera("insecure");
    this.stop();
    this.stream = await open(this.facing);
    this.video.srcObject = this.stream;
    await this.video.play();
    this.running = true;
    this.look();
    await stayAwake();
  }

  stop() {
    this.running = false;
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
  }

  /** Whether the camera has a light that can be switched. */
  get hasTorch() {
    return Boolean(this.stream?.getVideoTracks()[0]?.getCapabilities?.().torch);
  }

  async torch(on) {
    await this.stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
  }

  async look() {
    if (!this.running) return;
    try {
      const text = this.video.readyState >= 2 ? await this.read(this.video) : null;
      if (text && this.isNew(text)) this.onCode(text);
    } catch (error) {
      if (error.name !== "InvalidStateError") console.warn("the frame could not be read", error.name);
    }
    setTimeout(() => this.look(), LOOK_EVERY);
  }

  /** A ticket held before the camera is one scan, however long; it counts anew when it was away for three seconds. */
  isNew(text) {
    const now = performance.now();
    const before = this.seen.get(text);
    this.seen.set(text, now);
    return before === undefined || now - before > FORGET_AFTER;
  }
}

async function open(facing) {
  const wanted = { facingMode: { ideal: facing }, width: { ideal: 1280 }, height: { ideal: 720 } };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: wanted });
  } catch (error) {
    const reasons = { NotAllowedError: "refusedCamera", SecurityError: "refusedCamera", NotReadableError: "busyCamera" };
    throw new NoCamera(reasons[error.name] ?? "noCamera");
  }
}

let lock = null;

async function stayAwake() {
  try {
    lock = await navigator.wakeLock?.request("screen");
  } catch {
    lock = null; // an empty battery may refuse; the door works all the same
  }
}

/** The lock, and on some phones the picture, is lost whenever the page is hidden. */
export function keepAwakeWhileOpen(camera) {
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState !== "visible" || !camera()?.running) return;
    if (camera().stream.getVideoTracks()[0]?.readyState === "ended") await camera().start();
    else if (lock?.released !== false) await stayAwake();
  });
}
