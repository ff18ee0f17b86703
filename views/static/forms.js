// Forms: sent once, asked before leaving, sent on change, confirmed, all ticked.
const body = document.body;

function release(form) {
  delete form.dataset.sent;
  for (const button of form.elements) {
    if (!("was" in button.dataset)) continue;
    button.textContent = button.dataset.was;
    button.removeAttribute("data-was");
    button.removeAttribute("aria-disabled");
  }
}

function hold(button) {
  if (!button) return;
  button.dataset.was = button.textContent;
  button.textContent = body.dataset.sending;
  button.setAttribute("aria-disabled", "true");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !window.confirm(question)) return event.preventDefault();
  delete form.dataset.changed;
  if (form.method !== "post" || form.hasAttribute("data-repeatable")) return;
  // Back then opens the address of this page instead of asking whether the form before is to be sent once more.
  if ("posted" in body.dataset && form.closest("main")) history.replaceState(history.state, "");
  form.dataset.sent = "yes"; // at once: where much is to do, a second click is seen to before any timer
  setTimeout(hold, 0, event.submitter); // after the browser has read the fields
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

document.addEventListener("input", (event) => {
  const form = event.target.closest("form");
  if (form?.hasAttribute("data-guard")) form.dataset.changed = "yes";
});

function filled(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (!field.options) return "defaultValue" in field && field.value !== field.defaultValue;
  const options = [...field.options];
  const usual = options.find((option) => option.defaultSelected) ?? options.find((option) => !option.disabled);
  return field.options[field.selectedIndex] !== usual;
}

function mark() {
  for (const form of document.querySelectorAll("form[data-guard]")) {
    if ([...form.elements].some(filled)) form.dataset.changed = "yes";
  }
}

// On a slow computer fields are filled before this runs; after Back or a reload it is the browser that filled them.
if (performance.getEntriesByType("navigation")[0]?.type === "navigate") mark();

window.addEventListener("beforeunload", (event) => {
  if (!document.querySelector("form[data-changed]")) return;
  event.preventDefault();
  setTimeout(stay); // what follows the question comes to nothing where somebody leaves
});

// Who stays finds the form that was sent, with another one changed, as it was before.
function stay() {
  document.querySelectorAll("form[data-sent]").forEach(release);
  mark();
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.hasAttribute("data-autosubmit")) box.form.requestSubmit();
  if (box.dataset.checkAll) {
    for (const other of document.getElementsByName(box.dataset.checkAll)) other.checked = box.checked;
  }
  if (box.hasAttribute("data-previews")) preview(box);
});

function preview(input) {
  input.parentElement.querySelector(".previews")?.remove();
  const list = document.createElement("ul");
  list.className = "previews";
  for (const [at, file] of [...input.files].entries()) {
    const item = list.appendChild(document.createElement("li"));
    if (file.type.startsWith("image/")) {
      const image = item.appendChild(document.createElement("img"));
      image.alt = "";
      const reader = new FileReader(); // data: addresses are what the policy of the page allows
      reader.onload = () => { image.src = reader.result; };
      reader.readAsDataURL(file);
    }
    item.append(file.name);
    if (input.dataset.drops) item.append(dropper(at, file.name, input.dataset.drops));
  }
  input.after(list);
}

function dropper(at, name, word) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-secondary";
  button.textContent = word;
  button.setAttribute("aria-label", `${word} ${name}`);
  button.dataset.drop = at;
  return button;
}

// An answer that is a file leaves the page where it is: what asked for it makes room for the way back.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-gives-file]");
  if (!form) return;
  setTimeout(() => {
    form.hidden = true;
    document.querySelector("[data-after-file]").hidden = false;
  }, 1500);
});
