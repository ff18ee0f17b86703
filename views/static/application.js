// The application form: names in the lists of persons, birth and sex from the ID number, only what the choice needs.
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const form = document.querySelector("form[data-apply]");

function sound(number) {
  if (!/^\d{17}[\dX]$/.test(number)) return false;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
  return "10X98765432"[sum % 11] === number[17];
}

function fillFromNumber(field) {
  const number = field.value.replaceAll(/\s/g, "").toUpperCase();
  if (!sound(number)) return;
  const base = field.name.slice(0, -"id_no".length);
  const birth = form.elements[`${base}birth`];
  const sex = form.elements[`${base}sex`];
  if (birth && !birth.value) birth.value = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  if (sex && !sex.value) sex.value = Number(number[16]) % 2 ? "male" : "female";
}

function people() {
  const names = [...form.querySelectorAll("[data-repeat=members] [name$='-name']")].filter((field) => /^members-\d+-name$/.test(field.name));
  return names.map((field, at) => [`n${field.name.split("-")[1]}`, field.value.trim() || `${form.dataset.person} ${at + 1}`]);
}

function refresh(select, now) {
  const chosen = select.value;
  for (const option of [...select.options]) if (option.value.startsWith("n")) option.remove();
  for (const [code, name] of now) select.add(new Option(name, code));
  select.value = [...select.options].some((option) => option.value === chosen) ? chosen : "";
}

function refreshAll() {
  const now = people();
  for (const select of form.querySelectorAll("select[data-whose]")) refresh(select, now);
}

function showWhatFits() {
  for (const part of form.querySelectorAll("[data-when]")) {
    const any = part.dataset.when.split(" ").map((one) => one.split("="));
    part.hidden = !any.some(([name, value]) => form.querySelector(`[name=${name}]:checked`)?.value === value);
  }
}

if (form) {
  form.addEventListener("input", (event) => {
    const name = event.target.name ?? "";
    if (/^members-\d+-id_no$/.test(name)) fillFromNumber(event.target);
    if (event.target === form || /^members-\d+-name$/.test(name)) refreshAll();
    showWhatFits();
  });
  refreshAll();
  showWhatFits();
}
