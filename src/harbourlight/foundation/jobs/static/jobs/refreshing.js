// Fetches the list of work again while something is waiting or running, and puts it in place.
// Nothing is replaced under a person's hands: not while the focus is in the list, nor while the
// page is out of sight. Without this the page says when it was made and offers to look again.

const EVERY = 3000;

async function refresh() {
  const region = document.getElementById("work");
  if (!region || region.dataset.refreshing !== "true") return;
  if (!document.hidden && !region.contains(document.activeElement)) {
    try {
      const answer = await fetch(window.location.href, { credentials: "same-origin" });
      const fresh = answer.ok && !answer.redirected
        ? new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("work")
        : null;
      if (fresh && !region.contains(document.activeElement)) region.replaceWith(fresh);
    } catch {
      // The line is down: the page still says when it was made.
    }
  }
  window.setTimeout(refresh, EVERY);
}

window.setTimeout(refresh, EVERY);
