// Native dialogs. Without script a dialog is a section of the page, shown when its link is followed.
const root = document.documentElement;
root.classList.add("js");

function show(dialog) {
  dialog.removeAttribute("open");
  dialog.showModal();
  const wrong = dialog.querySelector("[data-focus], [aria-invalid]");
  const first = wrong ?? dialog.querySelector("input:not([type=hidden]), select, textarea, button");
  setTimeout(() => first?.focus()); // a browser that follows #id takes the focus itself, after us
}

function dialogOf(hash) {
  const found = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  return found instanceof HTMLDialogElement ? found : null;
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) {
    event.preventDefault();
    show(document.getElementById(opener.dataset.open));
  }
  const closer = event.target.closest("[data-close]");
  const dialog = closer?.closest("dialog");
  if (dialog) {
    event.preventDefault();
    dialog.close();
  }
});

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("close", () => {
    if (location.hash === `#${dialog.id}`) history.replaceState(history.state, "", location.pathname + location.search);
  });
}

const wanted = document.querySelector("dialog[open]") ?? dialogOf(location.hash);
if (wanted) show(wanted);
window.addEventListener("hashchange", () => {
  const dialog = dialogOf(location.hash);
  if (dialog && !dialog.open) show(dialog);
});
