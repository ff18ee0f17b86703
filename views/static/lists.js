// On a phone the rows come first: the filters are folded away until they are asked for.
const box = document.querySelector("details[data-fold]");
if (box && matchMedia("(max-width: 768px)").matches) box.open = false;
