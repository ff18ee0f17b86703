// Chosen files stay chosen: a refused form says why over itself and stays as it is. Marked by data-keep-files.
function tell(form, alert) {
  form.previousElementSibling?.matches("[data-refusal]") && form.previousElementSibling.remove();
  alert.dataset.refusal = "";
  alert.classList.add("say", "bad");
  alert.tabIndex = -1;
  form.before(alert);
  if (form.hasAttribute("data-guard")) form.dataset.changed = "yes";
  release();
  alert.focus();
}

const release = () => window.dispatchEvent(new PageTransitionEvent("pageshow")); // gives the button its word back

function go(address) {
  const there = new URL(address, location.href);
  if (there.pathname + there.search !== location.pathname + location.search) return location.assign(there);
  location.hash = there.hash;
  location.reload();
}

async function send(form, body) {
  const headers = { Accept: "text/html", "X-Sent-By": "script" };
  const answer = await fetch(form.action, { method: "POST", body, headers, redirect: "manual" }).catch(() => null);
  if (answer?.status === 204) return go(answer.headers.get("Location"));
  if (answer?.type === "opaqueredirect") return location.reload();
  if (!answer && form.hasAttribute("data-waits")) {
    release();
    return form.dispatchEvent(new Event("unsent"));
  }
  const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  const alert = page?.querySelector("main [role=alert]:not([hidden])");
  if (!alert) return form.submit(); // let the browser show what the server says
  tell(form, document.adoptNode(alert));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.hasAttribute("data-keep-files")) return;
  event.preventDefault();
  send(form, new FormData(form, event.submitter));
});
