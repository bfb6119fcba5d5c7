// Warns two minutes before a session ends for want of anything done, and lets a person stay.
const WARN = 120;
const dialog = document.querySelector("[data-session]");
if (dialog) {
  const soon = dialog.querySelector("[data-session-soon]");
  const over = dialog.querySelector("[data-session-over]");
  const minutes = dialog.querySelector("[data-session-left]");
  const other = "BroadcastChannel" in window ? new BroadcastChannel("harbourlight-session") : null;
  let ends = 0;

  function begin(seconds) {
    ends = Date.now() + seconds * 1000;
    soon.hidden = false;
    over.hidden = true;
    if (dialog.open) dialog.close();
  }

  function look() {
    const left = Math.round((ends - Date.now()) / 1000);
    if (left > WARN) return;
    if (!dialog.open) dialog.showModal();
    if (left > 0) {
      const words = left > 60 ? dialog.dataset.two : dialog.dataset.one;
      if (minutes.textContent !== words) minutes.textContent = words;
    } else if (over.hidden) {
      soon.hidden = true;
      over.hidden = false;
      over.querySelector("button").focus();
    }
  }

  async function stay() {
    const answer = await fetch(dialog.dataset.stay, {
      method: "POST",
      headers: {
        Accept: "application/json",
        "X-CSRFToken": dialog.querySelector("[name=csrfmiddlewaretoken]").value,
      },
    }).catch(() => null);
    if (answer?.ok) {
      const { ends_in: seconds } = await answer.json();
      begin(seconds);
      other?.postMessage(seconds);
    } else {
      ends = 0;
      look();
    }
  }

  begin(Number(dialog.dataset.session));
  other?.postMessage(Number(dialog.dataset.session));
  other?.addEventListener("message", (event) => begin(event.data));
  dialog.querySelector("[data-session-stay]").addEventListener("click", stay);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (!soon.hidden) stay();
    else dialog.close();
  });
  over.querySelector("button").addEventListener("click", () => dialog.close());
  setInterval(look, 1000);
}
