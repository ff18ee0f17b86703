// The form of a visit: asks only what the answers call for, gathers photos taken one by one, and makes large ones smaller.
const PASSES = [{ large: 600_000, widest: 1600, quality: 0.85 }, { large: 150_000, widest: 1200, quality: 0.7 }];
const MOST = 9_000_000; // together; the server takes ten
const form = document.querySelector("form[data-visit]");
const input = form?.elements.photos;
let photos = []; // of each: which file was chosen, and what of it is sent

function showWhatFits() {
  for (const part of form.querySelectorAll("[data-when]")) {
    const [name, value] = part.dataset.when.split("=");
    const owner = form.querySelector(`[name=${name}]:checked`);
    part.hidden = owner?.value !== value || Boolean(owner.closest("[data-when][hidden]"));
  }
}

async function smaller(file, { large, widest, quality }) {
  if (!file.type.startsWith("image/") || file.size < large) return file;
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, widest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", quality); });
  return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" }) : file;
}

function put() {
  const all = new DataTransfer();
  photos.forEach((photo) => all.items.add(photo.sent));
  input.files = all.files;
}

// A second choice adds to the first: a telephone's camera gives one photo at a time.
function gather() {
  const known = new Set(photos.map((photo) => photo.sent));
  for (const file of input.files) {
    const mark = `${file.name}/${file.size}/${file.lastModified}`;
    if (!known.has(file) && !photos.some((photo) => photo.mark === mark)) photos.push({ mark, sent: file });
  }
  put();
  form.ready = shrink();
}

async function shrink() {
  for (const pass of PASSES) {
    const total = photos.reduce((sum, photo) => sum + photo.sent.size, 0);
    if (pass !== PASSES[0] && total < MOST) break;
    await Promise.all(photos.map(async (photo) => { photo.sent = await smaller(photo.sent, pass).catch(() => photo.sent); }));
  }
  put();
}

if (form) {
  form.addEventListener("change", (event) => {
    showWhatFits();
    if (event.target === input) gather();
  });
  form.addEventListener("click", (event) => {
    const drop = event.target.closest("[data-drop]");
    if (!drop) return;
    photos.splice(Number(drop.dataset.drop), 1);
    put();
    input.dispatchEvent(new Event("change", { bubbles: true })); // shows what is left
    input.focus();
  });
  showWhatFits();
}
