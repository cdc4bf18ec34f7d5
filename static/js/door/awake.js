/* A screen that does not fall asleep while somebody needs it. */

let lock = null;
let wanted = () => false;

/** Keep the screen awake as long as `isWanted()`; the browser lets it go whenever the page is hidden. */
export function stayAwake(isWanted = () => true) {
  wanted = isWanted;
  document.addEventListener("visibilitychange", ask);
  return ask();
}

async function ask() {
  if (document.visibilityState !== "visible" || !wanted() || lock?.released === false) return;
  try {
    lock = await navigator.wakeLock?.request("screen");
  } catch {
    lock = null; // an empty battery may refuse; everything works all the same
  }
}
