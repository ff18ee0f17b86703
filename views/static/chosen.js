// Chosen files stay chosen: a refused upload says why over its form, which stays as it is. Marked by data-keep-files.
function tell(form, alert) {
  form.previousElementSibling?.matches("[data-refusal]") && form.previousElementSibling.remove();
  alert.dataset.refusal = "";
  alert.tabIndex = -1;
  form.before(alert);
  alert.focus();
  window.dispatchEvent(new PageTransitionEvent("pageshow")); // gives the button its word back
}

async function send(form, body) {
  const asked = { method: "POST", body, headers: { Accept: "text/html" }, redirect: "manual" };
  const answer = await fetch(form.action, asked).catch(() => null);
  if (answer?.type === "opaqueredirect") return location.reload();
  const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  const alert = page?.querySelector("main [role=alert]");
  if (!alert) return form.submit(); // let the browser show what the server says
  tell(form, document.adoptNode(alert));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.hasAttribute("data-keep-files")) return;
  event.preventDefault();
  send(form, new FormData(form, event.submitter));
});
