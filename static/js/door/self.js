/* The tablet that shows the changing code, and nothing else. */
import { keepFresh } from "./changing.js";

keepFresh(document.querySelector("[data-changing]"));
try {
  await navigator.wakeLock?.request("screen");
} catch {
  // an empty battery may refuse
}
