// The link to one's own mail program follows the draft as it is typed.
for (const field of document.querySelectorAll("[data-mailto]")) {
  const link = document.querySelector(field.dataset.mailto);
  field.addEventListener("input", () => {
    const [head] = link.getAttribute("href").split("&body=");
    link.setAttribute("href", `${head}&body=${encodeURIComponent(field.value.replaceAll("\n", "\r\n"))}`);
  });
}
