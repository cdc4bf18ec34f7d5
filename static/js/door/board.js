/* The live board: asks every three seconds, and is told only what has changed. */

const EVERY = 3000;
const PATIENCE = 8000;
const board = document.querySelector("[data-board]");
const part = (name) => board.querySelector(`[data-${name}]`);
let known = null;

async function look() {
  const headers = known ? { "If-None-Match": known } : {};
  const answer = await fetch(board.dataset.board, { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (answer.status === 304) return;
  if (!answer.ok) throw new Error(String(answer.status));
  known = answer.headers.get("ETag");
  show(await answer.json());
}

function show({ arrived, expected, targets, newest }) {
  part("arrived").textContent = arrived;
  part("expected").textContent = expected;
  part("parts").replaceChildren(...targets.map(({ name, arrived: here, expected: of }) => {
    const row = document.createElement("li");
    const words = document.createElement("span");
    const figures = document.createElement("strong");
    words.className = "quiet";
    words.textContent = name;
    figures.textContent = `${here} / ${of}`;
    row.append(words, " ", figures);
    return row;
  }));
  part("newest").replaceChildren(...newest.map((name) => Object.assign(document.createElement("li"), { textContent: name })));
  part("newest-box").hidden = newest.length === 0;
}

async function keepLooking() {
  try {
    if (document.visibilityState === "visible") await look();
    part("stale").textContent = "";
  } catch {
    part("stale").textContent = part("stale").dataset.words;
  }
  setTimeout(keepLooking, EVERY);
}

setTimeout(keepLooking, EVERY);
