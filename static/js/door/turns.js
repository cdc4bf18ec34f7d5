/* Several pages of one phone: some things only one of them does at a time. */

/**
 * What `act` gives, done while no other page does anything under that name. Whoever has waited for `patience`
 * milliseconds goes on all the same: nobody at the door waits for a page that sleeps.
 */
export async function inTurn(name, act, patience = 2000) {
  if (!navigator.locks) return act();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), patience);
  let begun = false;
  const begin = () => {
    clearTimeout(timer);
    begun = true;
    return act();
  };
  try {
    return await navigator.locks.request(name, { signal: limit.signal }, begin);
  } catch (error) {
    if (begun || !limit.signal.aborted) throw error;
    return act();
  }
}

/** The same, but null where another page is at it. */
export function unlessBusy(name, act) {
  if (!navigator.locks) return act();
  return navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? act() : null));
}
