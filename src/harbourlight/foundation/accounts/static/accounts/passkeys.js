// Makes and uses passkeys. A form says which by data-passkey: "add", "use" or "sign-in"; what the
// browser is to be asked stands in the form's own JSON script, or is fetched when it is needed.
const fromText = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

function read(options) {
  const asked = structuredClone(options.publicKey);
  asked.challenge = fromText(asked.challenge);
  if (asked.user) asked.user.id = fromText(asked.user.id);
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    for (const one of asked[list] ?? []) one.id = fromText(one.id);
  }
  return asked;
}

function write(credential) {
  const { response } = credential;
  const told = {};
  for (const name of [
    "clientDataJSON",
    "attestationObject",
    "authenticatorData",
    "signature",
    "userHandle",
  ]) {
    if (response[name]) told[name] = toText(response[name]);
  }
  if (response.getTransports) told.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    response: told,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function ask(form) {
  const kind = form.dataset.passkey;
  if (kind === "add") {
    const { creation_options: options } = JSON.parse(form.querySelector("script").textContent);
    const asked = read(options);
    asked.authenticatorSelection = {
      ...asked.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    };
    form.elements.passwordless.value = "true";
    return navigator.credentials.create({ publicKey: asked });
  }
  let told;
  if (kind === "sign-in") {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no challenge");
    told = await answer.json();
  } else {
    told = JSON.parse(form.querySelector("script").textContent);
  }
  return navigator.credentials.get({ publicKey: read(told.request_options) });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  const problem = form.querySelector("[data-passkey-problem]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      form.elements.credential.value = write(await ask(form));
    } catch {
      problem.hidden = false;
      return;
    }
    HTMLFormElement.prototype.submit.call(form);
  });
}
