/* Dragging one person onto another: what it would mean is asked of the server, and said before it is done. */

const FAR = 8; // pixels a finger moves before it drags

/** Let the seats of a page be dragged; `show` fetches another view of it in place. */
export function dragSeats(page, show) {
  let held = null;

  page.addEventListener("pointerdown", (event) => {
    const seat = event.target.closest("a[data-seat]");
    if (!seat || !seat.closest("[data-swaps]") || event.button) return;
    if (event.pointerType === "touch") return; // a finger scrolls; it taps one and then the other
    held = { seat, x: event.clientX, y: event.clientY, ghost: null, over: null };
  });

  addEventListener("pointermove", (event) => {
    if (!held) return;
    if (!held.ghost) {
      if (Math.hypot(event.clientX - held.x, event.clientY - held.y) < FAR) return;
      held.ghost = held.seat.cloneNode(true);
      held.ghost.classList.add("seat-dragged");
      held.ghost.setAttribute("aria-hidden", "true");
      page.append(held.ghost);
    }
    held.ghost.style.left = `${event.clientX + 12}px`;
    held.ghost.style.top = `${event.clientY + 12}px`;
    const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("a[data-seat]") ?? null;
    if (over === held.over) return;
    held.over?.classList.remove("seat-over");
    held.over = over === held.seat ? null : over;
    held.over?.classList.add("seat-over");
    if (held.over) weigh(page, held.seat, held.over, held.ghost);
  });

  addEventListener("pointerup", async () => {
    if (!held) return;
    const { seat, ghost, over } = held;
    held = null;
    if (!ghost) return;
    ghost.remove();
    over?.classList.remove("seat-over");
    addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", stop, { capture: true }), 0);
    if (over) location.assign(`${swapUrl(seat, over)}`);
  });

  addEventListener("dragstart", (event) => event.target.closest?.("a[data-seat]") && event.preventDefault());
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !held) return;
    held.ghost?.remove();
    held.over?.classList.remove("seat-over");
    held = null;
  });
}

const stop = (event) => {
  event.preventDefault();
  event.stopPropagation();
};

function swapUrl(one, other) {
  const url = new URL(one.closest("[data-swaps]").dataset.swaps, location.href);
  url.searchParams.set("one", one.dataset.seat);
  url.searchParams.set("other", other.dataset.seat);
  return url;
}

const weighed = new Map();

/** Say on what is dragged what a change with the one beneath would win or lose. */
async function weigh(page, one, other, ghost) {
  const url = String(swapUrl(one, other));
  if (!weighed.has(url)) {
    const asked = fetch(url, { headers: { Accept: "application/json" } });
    weighed.set(
      url,
      asked.then((answer) => (answer.ok ? answer.json() : null)).catch(() => null),
    );
  }
  const said = await weighed.get(url);
  if (!said || !ghost.isConnected || !other.classList.contains("seat-over")) return;
  ghost.querySelector(".seat-company").textContent = said.effects[0];
}
