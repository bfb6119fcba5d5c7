// Saves a form as a draft while it is typed in. Without this the form's own button does.
//
// The page keeps the words whatever happens: a save that fails is tried again until it is done.
// Nothing is put in the browser's own storage: the machine may be shared.

const AFTER_TYPING = 1000; // milliseconds without a key
const AT_MOST = 8000; // someone who never pauses is saved this often
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 30000;
const KEEPALIVE_LIMIT = 60000; // bytes: a browser refuses more when the page is leaving

export class Draft {
  constructor(form) {
    this.form = form;
    this.said = form.querySelector(".hl-draft__said");
    this.live = form.querySelector(".hl-draft [role=status]");
    this.words = this.said.dataset;
    this.kept = this.typed();
    this.state = "";
    this.wait = FIRST_WAIT;
    for (const event of ["input", "change"]) {
      form.addEventListener(event, () => this.changed());
    }
    form.addEventListener("focusout", () => this.saveIfChanged());
    form.addEventListener("submit", () => {
      this.leaving = true; // the form itself carries the words now
      clearTimeout(this.timer);
      this.request?.abort();
    });
    window.addEventListener("pageshow", () => (this.leaving = false));
    window.addEventListener("online", () => this.saveIfChanged());
    window.addEventListener("focus", () => this.saveIfChanged());
    document.addEventListener("visibilitychange", () => this.saveIfChanged(document.hidden));
    window.addEventListener("pagehide", () => this.saveIfChanged(true));
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.state && this.state !== "saved" && this.typed() !== this.kept) {
        event.preventDefault();
      }
    });
  }

  typed() {
    const data = new FormData(this.form);
    for (const [name, value] of [...data.entries()]) {
      if (typeof value !== "string") data.delete(name); // a file is chosen again
    }
    data.delete("csrfmiddlewaretoken");
    return new URLSearchParams(data).toString();
  }

  changed() {
    this.since ??= Date.now();
    clearTimeout(this.timer);
    const left = AT_MOST - (Date.now() - this.since);
    this.timer = setTimeout(() => this.saveIfChanged(), Math.max(0, Math.min(AFTER_TYPING, left)));
  }

  saveIfChanged(leaving = false) {
    if (this.leaving || this.state === "sent" || this.typed() === this.kept) return;
    if (this.saving && !leaving) return void (this.again = true);
    this.save(leaving);
  }

  async save(leaving) {
    clearTimeout(this.timer);
    this.since = null;
    this.saving = true;
    this.again = false;
    const typed = this.typed();
    this.request = new AbortController();
    let answer = null;
    try {
      answer = await fetch(this.words.save, {
        method: "POST",
        body: typed,
        redirect: "manual",
        keepalive: leaving && typed.length < KEEPALIVE_LIMIT,
        signal: this.request.signal,
        headers: {
          Accept: "application/json",
          "Content-Type": "application/x-www-form-urlencoded",
          "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value,
        },
      });
      if (answer.ok) {
        this.kept = typed;
        this.wait = FIRST_WAIT;
        const { saved } = await answer.json();
        this.say("saved", this.words.saved.replace("%s", saved));
      }
    } catch {
      // No connection, or the answer was cut short: told below.
    }
    this.saving = false;
    if (this.leaving) return;
    if (answer?.ok) {
      if (this.again) this.saveIfChanged();
    } else if (answer?.status === 409) {
      this.say("sent", this.words.sent);
    } else if (answer && (answer.type === "opaqueredirect" || [401, 403].includes(answer.status))) {
      await this.ask();
    } else {
      this.say("unsaved", this.words.unsaved);
      this.tryLater();
    }
  }

  tryLater() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.saveIfChanged(), this.wait);
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
  }

  // The session has ended, or another has begun: who is signed in now?
  async ask() {
    try {
      const answer = await fetch(this.words.token, {
        redirect: "manual",
        headers: { Accept: "application/json" },
      });
      if (answer.ok) {
        const { user, token } = await answer.json();
        if (user !== this.words.user) return this.say("somebodyElse", this.words.somebodyElse);
        const held = this.form.elements.csrfmiddlewaretoken;
        if (held.value !== token) {
          held.value = token;
          return this.saveIfChanged();
        }
      }
    } catch {
      // Asked again with the next try.
    }
    this.say("signedOut", this.words.signedOut, this.words.signInAgain);
    this.tryLater();
  }

  // The line is for eyes; only a change of state is spoken, or every pause would be.
  say(state, text, link) {
    this.said.hidden = false;
    this.said.textContent = text;
    this.said.classList.toggle("hl-draft__said--unsaved", state !== "saved");
    if (link) {
      const way = document.createElement("a");
      way.className = "govuk-link";
      way.href = this.words.signIn;
      way.target = "_blank";
      way.rel = "noopener";
      way.textContent = link;
      this.said.append(" ", way);
    }
    if (state !== this.state) {
      this.live.textContent =
        state !== "saved" ? text : this.state ? this.words.again : this.words.first;
      this.state = state;
    }
  }
}
