// Repeated rows of a form: members, incomes, papers. Names and ids carry __i__ in the template.
function number(box) {
  box.querySelectorAll("[data-row] [data-number]").forEach((mark, at) => { mark.textContent = at + 1; });
}

function add(box) {
  const next = Number(box.dataset.next ?? box.querySelectorAll("[data-row]").length);
  box.dataset.next = next + 1;
  const holder = document.createElement("template");
  holder.innerHTML = box.querySelector("template").innerHTML.replaceAll("__i__", next);
  const row = holder.content.firstElementChild;
  box.querySelector("[data-rows]").append(row);
  number(box);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function remove(row) {
  const box = row.closest("[data-repeat]");
  box.dataset.next ??= box.querySelectorAll("[data-row]").length;
  row.remove();
  number(box);
  box.querySelector("[data-add]").focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add], [data-remove]");
  if (!button) return;
  event.preventDefault();
  const form = button.form; // a removed button has none
  if (button.hasAttribute("data-add")) add(button.closest("[data-repeat]"));
  else remove(button.closest("[data-row]"));
  form?.dispatchEvent(new Event("input", { bubbles: true }));
});
