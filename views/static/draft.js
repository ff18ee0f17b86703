// What is typed survives a lost network in this tab only: sessionStorage, gone on save, logout, another user or place.
const PREFIX = "draft:";
const user = document.body.dataset.user ?? "";
const mine = `${PREFIX}${user}:`;

const drafts = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
const forget = (test) => drafts().filter(test).forEach((key) => sessionStorage.removeItem(key));

function read(form) {
  const kept = [];
  for (const field of form.elements) {
    if (!field.name || ["hidden", "password", "file", "submit", "button"].includes(field.type)) continue;
    if (["checkbox", "radio"].includes(field.type) && !field.checked) continue;
    kept.push([field.name, field.value]);
  }
  return kept;
}

const chosen = (form) => [...form.elements].reduce((sum, field) => sum + (field.type === "file" ? field.files.length : 0), 0);

function rowsFor(form, kept) {
  for (const box of form.querySelectorAll("[data-repeat]")) {
    const wanted = new Set(kept.map(([name]) => name.match(`^${box.dataset.repeat}-(\\d+)-`)?.[1]).filter(Boolean));
    while (box.querySelectorAll("[data-row]").length < wanted.size) box.querySelector("[data-add]").click();
  }
}

function fill(form, kept) {
  rowsFor(form, kept);
  for (const field of form.elements) {
    if (["checkbox", "radio"].includes(field.type)) field.checked = kept.some(([name, value]) => name === field.name && value === field.value);
    else if (field.type !== "hidden") {
      const at = kept.findIndex(([name]) => name === field.name);
      if (at >= 0) field.value = kept.splice(at, 1)[0][1];
    }
  }
}

if (user) forget((key) => !key.startsWith(mine));
const forms = [...document.querySelectorAll("form[data-draft]")];
const here = forms.map((form) => mine + form.dataset.draft);
// A draft that was sent and whose form did not come back has been saved.
if (user) forget((key) => JSON.parse(sessionStorage.getItem(key)).sent && !here.includes(key));

for (const form of forms) {
  const key = mine + form.dataset.draft;
  const store = (sent) => sessionStorage.setItem(key, JSON.stringify({ sent, kept: read(form), files: chosen(form) }));
  const refused = form.querySelector("[aria-invalid], [role=alert]:not([hidden])");
  const found = sessionStorage.getItem(key);
  if (found && !refused) {
    const { kept, files } = JSON.parse(found);
    fill(form, kept);
    form.querySelector("[data-restored]")?.removeAttribute("hidden");
    form.querySelector("[data-files-lost]")?.toggleAttribute("hidden", !files); // no browser gives a page its files back
  }
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(store, 400, false);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    form.querySelector("[data-offline]")?.toggleAttribute("hidden", navigator.onLine);
    if (!navigator.onLine) event.preventDefault();
    store(navigator.onLine);
  });
  form.querySelector("[data-forget]")?.addEventListener("click", () => {
    clearTimeout(timer);
    sessionStorage.removeItem(key);
    delete form.dataset.changed;
    location.reload();
  });
}

document.addEventListener("submit", (event) => {
  if (event.target.hasAttribute("data-logout")) forget(() => true);
});
