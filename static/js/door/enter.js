/* Leads on to the online meeting; who has no script presses the button. */

const PAUSE = 1200; // long enough to see that one has been checked in
const link = document.querySelector("[data-enter]");

setTimeout(() => location.assign(link.href), PAUSE);
