// Leads to the part of a page that its address names, though it stand within something closed.

export function showTarget() {
  const target = document.querySelector(":target[data-anchor]");
  if (!target) {
    return;
  }
  for (let around = target.closest("details"); around; around = around.parentElement.closest("details")) {
    around.open = true;
  }
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
}
