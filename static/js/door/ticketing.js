/* What the door says to a ticket: the same decision as the server's, and the code within what was scanned. */

const LONGEST_SCAN = 2048;
const WIDE = /[\uff01-\uff5e]/g;
const CODE = /^[0-7](?:[0-9A-HJKMNP-TV-Z]{25}|[0-9a-hjkmnp-tv-z]{25})$/;

/** The code within a ticket's address, or the bare code, however mangled; the last one counts, null if there is none. */
export function findCode(text) {
  if (text.length > LONGEST_SCAN && (text.length > 2 * LONGEST_SCAN || Array.from(text).length > LONGEST_SCAN)) return null;
  const narrow = text.replace(WIDE, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
  const codes = (narrow.match(/[0-9A-Za-z]+/g) ?? []).filter((run) => CODE.test(run));
  return codes.length ? codes.at(-1).toUpperCase() : null;
}

/** What the door says to a ticket (null: no ticket has this code) of an event at that moment. */
export function decide(ticket, event, at) {
  if (!ticket) return said("refused", "unknown_code");
  if (ticket.event !== event.id) return said("refused", "other_event");
  const against = reasonAgainst(ticket, event);
  if (against) return said("refused", against, ticket);
  if (ticket.first_at) return said("already", null, ticket);
  const moment = Date.parse(at);
  if (moment < Date.parse(event.opens_at)) return said("refused", "not_yet_open");
  if (moment >= Date.parse(event.closes_at)) return said("refused", "event_over");
  return said("admitted");
}

function reasonAgainst(ticket, event) {
  if (event.state === "cancelled") return "event_cancelled";
  if (ticket.state === "cancelled") return "cancelled";
  if (ticket.state !== "admitted") return "not_admitted";
  return ticket.revoked ? "revoked" : null;
}

function said(result, reason = null, { first_at: at = null, first_door: door = "" } = {}) {
  return { result, reason, first_at: at, first_door: door };
}
