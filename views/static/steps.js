// A step opens as a dialog over its case; without script, or when the server has something to say, it is a page.
const opened = new Map();
const ON_A_PHONE = matchMedia("(max-width: 768px)");

function wire(dialog) {
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    dialog.close();
  });
}

async function load(url) {
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector("[data-step-form]");
  if (!form) return null;
  const dialog = document.createElement("dialog");
  dialog.className = "ask roomy";
  const title = document.createElement("h2");
  title.id = "step-title";
  title.textContent = page.querySelector("h1").textContent;
  dialog.setAttribute("aria-labelledby", title.id);
  form.prepend(title);
  dialog.append(document.adoptNode(form));
  wire(dialog);
  return dialog;
}

async function open(link) {
  for (const old of document.querySelectorAll("dialog.roomy")) old.remove();
  const dialog = await load(link.href).catch(() => null);
  if (!dialog) return location.assign(link.href);
  document.body.append(dialog);
  opened.set(dialog, link);
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  dialog.showModal();
  const first = dialog.querySelector("[aria-invalid], input:not([type=hidden]), select, textarea") ?? dialog.querySelector(".ends .btn");
  first?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".act a[href], .next a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if (!/^\/case\/\d+\/[a-z_]+\/$/.test(new URL(link.href).pathname)) return;
  if (link.pathname.endsWith("/record_survey/") && ON_A_PHONE.matches) return; // a page can wait for the network
  event.preventDefault();
  open(link);
});

// The button repeats the amount that is typed.
document.addEventListener("input", (event) => {
  const button = event.target.form?.querySelector("[data-amount]");
  if (!button || event.target.name !== "amount") return;
  const yuan = Number(event.target.value.replaceAll(",", ""));
  const text = yuan > 0 ? yuan.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 }) : "…";
  button.textContent = button.dataset.amount.replace("%(amount)s", text);
});

// What is written in a row ticks it.
document.addEventListener("input", (event) => {
  const box = event.target.closest(".answers tbody tr, .pairs > div")?.querySelector("[type=checkbox]");
  if (box && box !== event.target) box.checked = true;
});
