// Ctrl+K: pages, people and what may be done here, in one field; arrows choose, Enter goes, Escape returns to where one was.
const opener = document.querySelector("[data-palette]");
const PAUSE = 200;
const SHOWN = 12;
let dialog, field, list, fixed = [], found = [], people = false, timer, asked = 0;

function make(tag, attributes, parent) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  parent?.append(node);
  return node;
}

function build() {
  const [label] = opener.dataset.words.split("|");
  dialog = make("dialog", { class: "palette", "aria-label": label }, document.body);
  field = make("input", {
    class: "form-control", type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list",
    "aria-autocomplete": "list", "aria-label": label, placeholder: label, autocomplete: "off", maxlength: "60",
  }, dialog);
  list = make("ul", { role: "listbox", id: "palette-list", "aria-label": label }, dialog);
  field.addEventListener("input", typed);
  field.addEventListener("keydown", pressed);
  list.addEventListener("click", (event) => go(event.target.closest("[role=option]")));
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}

const options = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => list.querySelector("[aria-selected=true]");

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
}

function fits(entry, term) {
  return entry.label.toLowerCase().includes(term) || entry.keys.split(" ").some((key) => key && key.startsWith(term));
}

function show() {
  const term = field.value.trim().toLowerCase();
  const fitting = [...found, ...fixed.filter((entry) => !term || fits(entry, term))].slice(0, SHOWN);
  list.replaceChildren();
  fitting.forEach((entry, at) => {
    const option = make("li", { role: "option", id: `palette-${at}`, "aria-selected": "false", "data-url": entry.url }, list);
    make("span", {}, option).textContent = entry.label;
    make("small", {}, option).textContent = [entry.note, entry.group].filter(Boolean).join(" · ");
  });
  if (!fitting.length) make("li", { role: "option", "aria-disabled": "true", "aria-selected": "false", id: "palette-none" }, list).textContent = opener.dataset.words.split("|")[1];
  choose(options()[0]);
}

function typed() {
  clearTimeout(timer);
  found = [];
  show();
  const term = field.value.trim();
  if (people && (term.length > 1 || /\p{Script=Han}/u.test(term))) timer = setTimeout(ask, PAUSE, term);
}

async function ask(term) {
  const mine = ++asked;
  const body = new FormData();
  body.set("q", term);
  body.set("csrf_token", document.querySelector("[name=csrf_token]")?.value ?? "");
  const answer = await fetch(opener.dataset.palette, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || mine !== asked || field.value.trim() !== term) return;
  found = (await answer.json()).entries;
  show();
}

function go(option) {
  if (option?.dataset.url) return location.assign(option.dataset.url);
  const search = document.querySelector("form[role=search]");
  if (!search || !field.value.trim()) return;
  search.elements.q.value = field.value;
  dialog.close();
  search.requestSubmit();
}

function pressed(event) {
  const all = options();
  const at = all.indexOf(chosen());
  const next = { ArrowDown: all[(at + 1) % all.length], ArrowUp: all.at(at - 1), PageDown: all.at(-1), PageUp: all[0] }[event.key];
  if (next) {
    event.preventDefault();
    choose(next);
  }
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    go(chosen());
  }
}

async function open() {
  if (!dialog) build();
  if (dialog.open) return;
  field.value = "";
  found = [];
  dialog.showModal();
  field.focus();
  if (!fixed.length) {
    const here = new URLSearchParams({ at: location.pathname });
    const answer = await fetch(`${opener.dataset.palette}?${here}`).catch(() => null);
    if (answer?.ok) ({ entries: fixed, people } = await answer.json());
  }
  show();
  if (field.value) typed();
}

if (opener) {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open();
  });
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
}
