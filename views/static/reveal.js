// A full number is fetched with a reason, shown, and hidden again after a minute.
const SECONDS = 60;

async function reveal(box, form) {
  const shown = box.querySelector("[data-shown]");
  const masked = shown.textContent;
  const asked = { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } };
  const answer = await fetch(form.action, asked).catch(() => null);
  if (!answer?.ok || !answer.headers.get("Content-Type")?.includes("json")) return form.submit(); // let the server say why
  shown.textContent = (await answer.json()).value;
  box.querySelector("details").open = false;
  box.dataset.open = "yes";
  setTimeout(() => {
    shown.textContent = masked;
    delete box.dataset.open;
  }, SECONDS * 1000);
}

document.addEventListener("submit", (event) => {
  const box = event.target.closest("[data-reveal]");
  if (!box) return;
  event.preventDefault();
  reveal(box, event.target);
});
