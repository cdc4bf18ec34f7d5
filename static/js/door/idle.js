/* Work that nobody waits for: done in small pieces, between what a person does and sees. */

const PIECE = 8; // milliseconds, where the browser does not tell how long it has nothing else to do
const AT_LATEST = 500;

/** Call `work(mayGoOn)` in idle moments until it says true; it goes on as long as `mayGoOn()`, each time a little. */
export function whileIdle(work) {
  const again = (mayGoOn) => work(mayGoOn) || wait(again);
  wait(again);
}

function wait(act) {
  if (!window.requestIdleCallback) {
    setTimeout(() => act(until(performance.now() + PIECE)));
    return;
  }
  requestIdleCallback((idle) => act(idle.didTimeout ? until(performance.now() + PIECE) : () => idle.timeRemaining() > 1), {
    timeout: AT_LATEST,
  });
}

function until(end) {
  return () => performance.now() < end;
}
