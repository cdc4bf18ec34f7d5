/* Reading QR codes: by the platform where it can, else by our own copy of a decoder. Nothing is fetched from elsewhere. */

const CODE = /[0-9A-Z]{26}/i;

/** A function that gives the text of the QR code in a video frame or picture, or null. */
export async function makeReader({ decoder, wasm }) {
  const detector = (await platformDetector()) ?? (await ownDetector(decoder, wasm));
  return async (picture) => {
    const found = (await detector.detect(picture)).map((code) => code.rawValue).filter(Boolean);
    return found.find((text) => CODE.test(text)) ?? found[0] ?? null;
  };
}

async function platformDetector() {
  if (!("BarcodeDetector" in window)) return null;
  try {
    const formats = await window.BarcodeDetector.getSupportedFormats();
    return formats.includes("qr_code") ? new window.BarcodeDetector({ formats: ["qr_code"] }) : null;
  } catch {
    return null;
  }
}

async function ownDetector(decoder, wasm) {
  const { BarcodeDetector, prepareZXingModule } = await import(decoder);
  const locateFile = (path, prefix) => (path.endsWith(".wasm") ? wasm : prefix + path);
  await prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
  return new BarcodeDetector({ formats: ["qr_code"] });
}
