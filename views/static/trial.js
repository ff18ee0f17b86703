// Trial calculation: the lists of persons follow the rows of members, and the result comes without losing one's place.
const box = document.querySelector("[data-trial]");

function people(form) {
  const rows = [...form.querySelectorAll("[data-repeat=members] select[name$='-relation']")];
  const names = rows.map((field) => (field.value ? field.selectedOptions[0].textContent : form.dataset.member));
  return rows.map((field, at) => {
    const same = names.filter((name) => name === names[at]).length > 1;
    const number = names.slice(0, at + 1).filter((name) => name === names[at]).length;
    return [`n${field.name.split("-")[1]}`, same ? `${names[at]} ${number}` : names[at]];
  });
}

function refresh(form) {
  const now = people(form);
  for (const select of form.querySelectorAll("select[data-people]")) {
    const chosen = select.value;
    while (select.options.length > 1) select.remove(1);
    for (const [code, name] of now) select.add(new Option(name, code));
    select.value = now.some(([code]) => code === chosen) ? chosen : "";
  }
}

function openFolds() {
  return [...box.querySelectorAll("details[id]")].map((one) => [one.id, one.open]);
}

function takeOver(page, folds) {
  const scroll = window.scrollY;
  const fresh = page.querySelector("[data-trial]");
  const scrolled = box.querySelector(".outcome").scrollTop;
  box.replaceChildren(...fresh.childNodes);
  for (const [id, open] of folds) {
    const one = document.getElementById(id);
    if (one?.classList.contains("fold") && open) one.open = true;
  }
  start();
  window.scrollTo({ top: scroll, behavior: "instant" });
  box.querySelector(".outcome").scrollTop = scrolled;
  const problems = box.querySelector("[role=alert]");
  if (problems) problems.focus();
  else box.querySelector(".stick [value=calculate]").focus({ preventScroll: true });
  document.querySelector("[data-live]").textContent = box.querySelector(".since")?.textContent ?? "";
}

function sendWhole(form) {
  const act = form.appendChild(document.createElement("input"));
  Object.assign(act, { type: "hidden", name: "act", value: "calculate" });
  delete form.dataset.changed;
  form.submit();
}

async function calculate(event) {
  const form = event.target;
  const wide = window.matchMedia("(min-width: 1200px)").matches;
  if (event.submitter?.value !== "calculate" || !wide) return; // elsewhere the result is on top: let the page come anew
  event.preventDefault();
  const sent = new FormData(form, event.submitter);
  const answer = await fetch(form.action, { method: "POST", body: sent }).catch(() => null);
  if (![200, 422].includes(answer?.status) || answer.redirected) return sendWhole(form);
  takeOver(new DOMParser().parseFromString(await answer.text(), "text/html"), openFolds());
}

function start() {
  const form = box.querySelector("form[data-family]");
  form.addEventListener("input", () => refresh(form));
  form.addEventListener("submit", calculate);
  refresh(form);
  for (const one of box.querySelectorAll("[data-script]")) one.hidden = false;
}

if (box) start();
