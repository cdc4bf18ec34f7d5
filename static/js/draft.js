/* What is typed stays in this browser tab until it has been sent and taken. */
const PREFIX = "draft:";
const UNKEPT = new Set(["hidden", "password", "file", "submit", "button"]);

const fields = (form) => [...form.elements].filter((field) => field.name && !UNKEPT.has(field.type));

function read(form) {
  return fields(form).map((field) => {
    const ticked = field.type === "checkbox" || field.type === "radio";
    return [field.name, ticked ? [field.value, field.checked] : field.value];
  });
}

function restore(form, kept) {
  const rest = [...kept];
  for (const field of fields(form)) {
    const ticked = field.type === "checkbox" || field.type === "radio";
    const at = rest.findIndex(([name, value]) => name === field.name && (!ticked || value[0] === field.value));
    if (at < 0) continue;
    const [[, value]] = rest.splice(at, 1);
    if (ticked) field.checked = value[1];
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** A draft that was sent is dropped on a page that says it was taken; sign-in and error pages say nothing. */
function dropTaken(storage) {
  const done = [...document.querySelectorAll("[data-draft-done]")].map((element) => element.dataset.draftDone);
  const taken = document.querySelector(".notices .banner-safe, .notices .toast");
  for (const key of Object.keys(storage).filter((name) => name.startsWith(PREFIX))) {
    const draft = JSON.parse(storage.getItem(key));
    if (done.includes(key.slice(PREFIX.length)) || (taken && draft.sent)) storage.removeItem(key);
  }
}

function keep(form, storage) {
  const key = PREFIX + form.dataset.draft;
  const save = (sent) => storage.setItem(key, JSON.stringify({ sent, values: read(form) }));
  const draft = storage.getItem(key);
  if (draft && !("answered" in form.dataset)) restore(form, JSON.parse(draft).values);
  form.addEventListener("input", () => save(false));
  form.addEventListener("change", () => save(false));
  form.addEventListener("submit", () => save(true));
}

export function keepDrafts() {
  try {
    dropTaken(sessionStorage);
    for (const form of document.querySelectorAll("form[data-draft]")) keep(form, sessionStorage);
  } catch {
    // Without storage (a private window) the page simply works without drafts.
  }
}
