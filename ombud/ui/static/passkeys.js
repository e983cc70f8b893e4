"use strict";
// A passkey: the browser asks for a finger, a face or a PIN, and the form carries the answer.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const ids = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  function asked(kind, told) {
    const options = { ...told, challenge: bytes(told.challenge) };
    if (kind === "create") {
      options.user = { ...told.user, id: bytes(told.user.id) };
      options.excludeCredentials = ids(told.excludeCredentials);
    } else options.allowCredentials = ids(told.allowCredentials);
    return { publicKey: options };
  }
  function answered(credential) {
    const said = credential.response;
    const response = { clientDataJSON: text(said.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (said[name]) response[name] = text(said[name]);
    }
    return {
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  }
  async function ask(form) {
    const secret = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams({ for: form.dataset.for, csrfmiddlewaretoken: secret });
    const answer = await fetch(form.dataset.options, { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = (await answer.json()).publicKey;
    const options = asked(form.dataset.passkey, told);
    const found = form.dataset.passkey === "create"
      ? await navigator.credentials.create(options) : await navigator.credentials.get(options);
    form.elements.credential.value = JSON.stringify(answered(found));
    form.submit();
  }

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    if (!window.PublicKeyCredential) return;
    form.querySelectorAll("[data-needs-script]").forEach((part) => { part.hidden = false; });
    form.querySelectorAll("[data-without-script]").forEach((part) => { part.hidden = true; });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const fault = form.querySelector("[data-fault]");
      const button = event.submitter;
      fault.hidden = true;
      if (button) button.setAttribute("aria-busy", "true");
      ask(form).catch((no) => {
        fault.textContent = no.name === "NotAllowedError" ? fault.dataset.cancelled
          : no.name === "InvalidStateError" ? fault.dataset.known : fault.dataset.failed;
        fault.hidden = false;
        fault.focus();
      }).finally(() => { if (button) button.removeAttribute("aria-busy"); });
    });
  });
})();
