// A form on the road: without network it waits on this page, photos and all, and is sent once the network is back.
const EVERY = 15_000;
const PATIENCE = 8_000;

for (const form of document.querySelectorAll("form[data-waits]")) {
  const notes = { network: form.querySelector("[data-waiting]"), login: form.querySelector("[data-closed]") };
  let waiting = false;
  let cleared = false;

  // The form asked for once more tells three things: is there a network, is the login still good, and today's token.
  async function hindrance() {
    if (!navigator.onLine) return "network";
    try {
      const answer = await fetch(location.href, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if (answer.type === "opaqueredirect") return "login";
      if (!answer.ok) return "network";
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const token = page.querySelector("main [name=csrf_token]");
      if (token) form.elements.csrf_token.value = token.value;
      return "";
    } catch {
      return "network";
    }
  }

  // The button stands below the form and what is told above it: what is new is brought into sight, what was refused is old.
  function tell(why) {
    const known = notes[why]?.hidden === false;
    for (const [name, note] of Object.entries(notes)) note.hidden = name !== why;
    if (!why || known) return;
    document.querySelector("main [data-refusal]")?.remove();
    notes[why].scrollIntoView({ block: "center" });
  }

  async function attempt() {
    if (!waiting) return;
    await form.ready; // photos are still being made smaller
    const why = await hindrance();
    if (!waiting) return;
    tell(why);
    if (why) return;
    waiting = false;
    cleared = true;
    form.requestSubmit();
  }

  form.addEventListener("submit", (event) => {
    if (cleared) {
      cleared = false;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = true;
    attempt();
  }, { capture: true });
  form.addEventListener("unsent", () => {
    waiting = true;
    form.dataset.changed = "yes";
    tell("network");
  });
  window.addEventListener("online", attempt);
  setInterval(attempt, EVERY);
}
