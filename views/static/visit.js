// The form of a visit: asks only what the answers call for, and makes large photos smaller before they are sent.
const WIDEST = 1600;
const LARGE = 600_000;
const form = document.querySelector("form[data-visit]");

function showWhatFits() {
  for (const part of form.querySelectorAll("[data-when]")) {
    const [name, value] = part.dataset.when.split("=");
    const owner = form.querySelector(`[name=${name}]:checked`);
    part.hidden = owner?.value !== value || Boolean(owner.closest("[data-when][hidden]"));
  }
}

async function smaller(file) {
  if (!file.type.startsWith("image/") || file.size < LARGE) return file;
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, WIDEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
  return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" }) : file;
}

async function shrink(input) {
  const chosen = [...input.files];
  const made = await Promise.all(chosen.map((file) => smaller(file).catch(() => file)));
  if (made.every((file, at) => file === chosen[at])) return;
  const kept = new DataTransfer();
  made.forEach((file) => kept.items.add(file));
  input.files = kept.files;
}

if (form) {
  form.addEventListener("change", (event) => {
    showWhatFits();
    if (event.target.name === "photos") shrink(event.target);
  });
  showWhatFits();
}
