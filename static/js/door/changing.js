/* The code that changes every thirty seconds: its picture is fetched from the server, and hidden when it is too old. */

const LOOK_EVERY = 5000;
const PATIENCE = 4000;
const TOO_OLD = 75_000; // the picture's code is good for ninety seconds from when it was first shown
const TICK = 1000;
const STEP = 30_000;
const WIDTH = 300;

/** Keeps one `.changing` fresh for as long as the page is open. onGone(0 | 1) tells whether the network is away. */
export function keepFresh(box, onGone = () => {}) {
  const words = JSON.parse(box.dataset.words);
  const part = (name) => box.querySelector(`[data-${name}]`);
  let until = performance.now() + Number(box.dataset.left);
  let gone = false;

  function say(away) {
    if (away !== gone) onGone(away);
    gone = away;
    const text = away ? words.gone : "";
    if (part("changing-net").textContent !== text) part("changing-net").textContent = text;
  }

  let timer = 0;

  async function look() {
    clearTimeout(timer);
    try {
      const answer = await fetch(box.dataset.changing, { signal: AbortSignal.timeout(PATIENCE) });
      if (answer.status === 401 || answer.status === 404) return location.reload();
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const { picture, left_ms: left } = await answer.json();
      if (part("picture").src !== picture) part("picture").src = picture;
      until = performance.now() + left;
      say(false);
    } catch {
      say(true);
    }
    const left = until - performance.now();
    clearTimeout(timer); // another look may have begun meanwhile: one goes on
    timer = setTimeout(look, left > 0 ? Math.min(LOOK_EVERY, left + 50) : LOOK_EVERY);
    return undefined;
  }

  function tick() {
    const left = until - performance.now();
    part("bar").setAttribute("width", String(Math.round((Math.max(0, left) / STEP) * WIDTH)));
    part("picture").hidden = left < STEP - TOO_OLD;
  }

  setInterval(tick, TICK);
  timer = setTimeout(look, Math.min(LOOK_EVERY, Number(box.dataset.left) + 50));
  window.addEventListener("online", look);
  window.addEventListener("offline", () => say(true));
  tick();
}
