// Wires the page by data- attributes; every page also works without it.
import "./dialogs.js";
import "./forms.js";
import "./rows.js";
import "./draft.js";
import "./reveal.js";
import "./back.js";
import "./palette.js";
import "./chosen.js";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.querySelector(`[data-hotkey="${CSS.escape(event.key)}"]`);
  if (field) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});

document.addEventListener("click", async (event) => {
  const target = event.target.closest("[data-copy], [data-print]");
  if (!target) return;
  event.preventDefault();
  if (target.hasAttribute("data-print")) return window.print();
  await navigator.clipboard.writeText(target.dataset.copy);
  target.setAttribute("data-done", document.body.dataset.copied);
});

for (const menu of document.querySelectorAll("[data-menu]")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

document.querySelector("[data-focus]")?.focus();

// A paper that was just issued opens the printer's dialog, once.
if (location.hash === "#print" && document.body.classList.contains("paper")) {
  history.replaceState(null, "", location.pathname + location.search);
  addEventListener("load", () => window.print());
}
