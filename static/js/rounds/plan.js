/* The table plan looks by itself whether anything has changed, and lets seats be changed without leaving the page. */
import { dragSeats } from "./drag.js";

const page = document.querySelector("[data-rounds]");
const EVERY = 2000;
const WHILE_MADE = 150;
let etag = "";
let version = 0;

/** Put the parts of a fresh copy of this page in place of the old ones; what somebody has opened stays open. */
function renew(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const part of page.querySelectorAll("[data-part]")) {
    const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!other || other.innerHTML === part.innerHTML) continue;
    const open = [...part.querySelectorAll("details")].map((details) => details.open);
    part.innerHTML = other.innerHTML;
    part.querySelectorAll("details").forEach((details, at) => {
      if (at in open) details.open = open[at];
    });
  }
  page.dataset.key = fresh.querySelector("[data-rounds]").dataset.key;
  const parts = (root) => [...root.querySelectorAll("[data-part]")].map((part) => part.dataset.part).join();
  if (parts(fresh) !== parts(page)) location.reload();
}

/** Fetch the page anew, as `url` or as it is, and show it; a later call wins. */
export async function show(url = location.href) {
  const mine = ++version;
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (mine !== version) return;
  if (!answer.ok) return location.assign(url);
  const text = await answer.text();
  if (mine !== version) return;
  renew(text);
  history.replaceState(null, "", url);
}

/** Whether somebody is in the middle of something that a fresh copy would take from them. */
const busy = () =>
  page.querySelector("[data-panel]:not([hidden]), .seat-dragged, details.confirm[open]") !== null ||
  document.activeElement?.matches("input, select, textarea");

async function look() {
  try {
    const answer = await fetch(page.dataset.stateUrl, { headers: etag ? { "If-None-Match": etag } : {} });
    if (answer.status === 200 && !busy()) {
      const { key } = await answer.json();
      if (key !== page.dataset.key) await show();
      etag = key === page.dataset.key ? (answer.headers.get("ETag") ?? "") : "";
    }
  } catch {
    /* no connection: the page stays as it is, and the next look may find one */
  }
  setTimeout(look, page.querySelector("[data-solving]") ? WHILE_MADE : EVERY);
}

/** Links that only show another round or pick a seat change the page in place. */
page.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-within], a[data-seat]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  if (link.dataset.seat && !new URL(link.href).pathname.endsWith("/rounds")) return;
  event.preventDefault();
  show(link.href);
});

if (page) {
  dragSeats(page, show);
  setTimeout(look, page.querySelector("[data-solving]") ? WHILE_MADE : EVERY);
}
