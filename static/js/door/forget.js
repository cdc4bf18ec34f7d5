/* Forgetting a door in time: what was kept of it goes with its key, and only scans not sent yet stay, without names. */

export const DATABASE = "enishi-door";
const DOORS = "enishi-doors";

/** The doors this phone keeps something of: {event: {until, own}}, in this phone's own time. */
export function doors() {
  try {
    return JSON.parse(localStorage.getItem(DOORS)) ?? {};
  } catch {
    return {};
  }
}

/** Whether this browser lets us note until when a door may be kept; where it does not, nothing of it must be kept. */
export function mayBeKept() {
  try {
    localStorage.setItem(DOORS, JSON.stringify(doors()));
    return true;
  } catch {
    return false;
  }
}

/** Call `act` as soon as another page of this phone has forgotten this door: with a sign-out, or in the end. */
export function whenForgotten(event, act) {
  window.addEventListener("storage", ({ key }) => (key === DOORS || key === null) && !(event in doors()) && act());
}

/** Note until when a door may be kept, and whether that ends with the browser's sign-in. */
export function keepUntil(event, until, own) {
  localStorage.setItem(DOORS, JSON.stringify({ ...doors(), [event]: { until, own } }));
}

/** Forget one door: list, device, what was seen, its page. Scans not sent yet stay, sealed under a key of their own. */
export async function forget(event) {
  const { [event]: _gone, ...others } = doors();
  if (Object.keys(others).length) localStorage.setItem(DOORS, JSON.stringify(others));
  else localStorage.removeItem(DOORS);
  await Promise.all([emptyDatabase(event), emptyCaches(event)]);
}

/** Forget every door whose time is over; with `signedOut` also those that were opened by a sign-in. */
export async function forgetDue(signedOut) {
  const due = Object.entries(doors()).filter(([, door]) => door.until <= Date.now() || (signedOut && door.own));
  for (const [event] of due) await forget(event);
}

/** The records of an event: all names that begin with it. */
export function recordsOf(event) {
  return IDBKeyRange.bound(`${event}/`, `${event}0`, false, true);
}

async function emptyDatabase(event) {
  const database = await openExisting();
  if (!database) return;
  try {
    await new Promise((done, failed) => {
      const act = database.transaction(["keys", "sealed"], "readwrite");
      act.objectStore("sealed").delete(recordsOf(event));
      act.objectStore("keys").delete(`${event}/list`);
      act.oncomplete = done;
      act.onabort = () => failed(act.error);
    });
  } finally {
    database.close();
  }
}

/** The database, if there is one: a phone that never stood at a door is not given one. */
function openExisting() {
  return new Promise((done) => {
    const opening = indexedDB.open(DATABASE);
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => done(null);
  });
}

async function emptyCaches(event) {
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) {
    if (name.startsWith(DATABASE)) await (await caches.open(name)).delete(`/events/${event}/door`);
  }
}
