/* The camera: its picture, its light, and the loop that looks for codes. */

const LOOK_EVERY = 60;
const FORGET_AFTER = 3000;
const REASONS = { NotAllowedError: "refusedCamera", SecurityError: "refusedCamera", NotReadableError: "busyCamera", AbortError: "busyCamera" };

/** Why there is no camera: "insecure" | "refusedCamera" | "noCamera" | "busyCamera". */
export class NoCamera extends Error {}

export class Camera {
  /**
   * `read(video)` gives a text or null, `onCode(text)` is told each new one, `onLost(NoCamera)` that the picture has ended.
   * facing: "environment" for a phone held over tickets, "user" for a tablet that people stand before.
   */
  constructor(video, read, onCode, { facing = "environment", onLost = () => {} } = {}) {
    Object.assign(this, { video, read, onCode, facing, onLost });
    this.seen = new Map();
    this.stream = null;
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.resume());
  }

  get running() {
    return this.stream !== null;
  }

  async start() {
    if (!window.isSecureContext || !navigator.mediaDevices) throw new NoCamera("insecure");
    this.stop();
    const stream = await open(this.facing);
    this.stop(); // another start may have been quicker
    this.stream = stream;
    this.video.srcObject = stream;
    const [track] = stream.getVideoTracks();
    track?.addEventListener("ended", () => this.lost(stream));
    try {
      await this.video.play();
    } catch (error) {
      if (this.stream !== stream) return; // started anew meanwhile
      this.stop();
      throw new NoCamera(REASONS[error.name] ?? "noCamera");
    }
    this.look(stream);
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
  }

  /** Taken away while somebody looks: another app has it, or it was unplugged. While nobody does, `resume` sees to it. */
  lost(stream) {
    if (this.stream !== stream || document.visibilityState !== "visible") return;
    this.stop();
    this.onLost(new NoCamera("busyCamera"));
  }

  /** The page is seen again; on some phones the picture has ended meanwhile. */
  async resume() {
    if (this.stream?.getVideoTracks()[0]?.readyState !== "ended") return;
    try {
      await this.start();
    } catch (error) {
      this.onLost(error);
    }
  }

  /** Whether the camera has a light that can be switched. */
  get hasTorch() {
    return Boolean(this.stream?.getVideoTracks()[0]?.getCapabilities?.().torch);
  }

  async torch(on) {
    await this.stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
  }

  async look(stream) {
    if (this.stream !== stream) return;
    try {
      const text = this.video.readyState >= 2 ? await this.read(this.video) : null;
      if (text && this.isNew(text)) this.onCode(text);
    } catch (error) {
      this.tellOnce(error.name);
    }
    setTimeout(() => this.look(stream), LOOK_EVERY);
  }

  /** A frame between two pictures cannot be read; anything else is told, though not sixteen times a second. */
  tellOnce(name) {
    if (name !== "InvalidStateError" && name !== this.told) console.warn("the frame could not be read", name);
    this.told = name;
  }

  /** A ticket held before the camera is one scan, however long; it counts anew when it was away for three seconds. */
  isNew(text) {
    const now = performance.now();
    for (const [seen, at] of this.seen) if (now - at > FORGET_AFTER) this.seen.delete(seen);
    const isNew = !this.seen.has(text);
    this.seen.set(text, now);
    return isNew;
  }
}

async function open(facing) {
  const wanted = { facingMode: { ideal: facing }, width: { ideal: 1280 }, height: { ideal: 720 } };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: wanted });
  } catch (error) {
    throw new NoCamera(REASONS[error.name] ?? "noCamera");
  }
}
