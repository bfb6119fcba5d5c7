// Copies the words of a note. Without this they are selected and copied by hand.
// The page may put its content in again while work is under way, so presses are heard on the page.

function offer() {
  for (const button of document.querySelectorAll("button[data-copies]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copies]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    const words = button.textContent;
    button.textContent = button.dataset.done;
    window.setTimeout(() => { button.textContent = words; }, 3000);
  } catch {
    window.getSelection().selectAllChildren(document.getElementById(button.dataset.copies));
  }
});

if (navigator.clipboard) {
  offer();
  new MutationObserver(offer).observe(document.body, { childList: true, subtree: true });
}
