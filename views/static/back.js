// Rows open with Enter; Back returns to the row and the place where one left.
const key = `place:${location.pathname}${location.search}`;

const rowAt = (node) => node.closest?.("tr[data-href]");

document.addEventListener("keydown", (event) => {
  const row = rowAt(event.target);
  if (!row || event.target !== row) return;
  if (event.key === "Enter") location.assign(row.dataset.href);
  const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
  if (next?.dataset.href) {
    event.preventDefault();
    next.focus();
  }
});

document.addEventListener("click", (event) => {
  const row = rowAt(event.target);
  if (!row || event.target.closest("a, button, input, label, select, summary") || getSelection().toString()) return;
  location.assign(row.dataset.href);
});

window.addEventListener("pagehide", () => {
  const rows = [...document.querySelectorAll("tr[data-href]")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  if (rows.length) sessionStorage.setItem(key, JSON.stringify({ at, y: window.scrollY }));
});

const came = performance.getEntriesByType("navigation")[0]?.type;
const place = came === "back_forward" ? JSON.parse(sessionStorage.getItem(key) ?? "null") : null;
if (place) {
  const row = document.querySelectorAll("tr[data-href]")[place.at];
  (row?.querySelector("a") ?? row)?.focus({ preventScroll: true });
  window.scrollTo(0, place.y);
}
