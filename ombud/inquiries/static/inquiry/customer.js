"use strict";
// Keeps what is typed as the customer goes, and sends photos one by one. Without this file the
// buttons do the same.
(() => {
  const form = document.querySelector("form[data-save]");
  if (!form) return;
  document.documentElement.classList.add("scripted");
  const said = form.querySelector("[data-saved]");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  let version = Number(form.dataset.version);
  let waiting = Promise.resolve();
  const typedIn = new Set(); // fields with words that have not been sent yet

  const send = (to, body) => fetch(to, { method: "POST", body, headers: { "X-CSRFToken": token } });

  const keep = async (field) => {
    typedIn.delete(field);
    const body = new FormData();
    body.append(field.name, field.type === "checkbox" && !field.checked ? "" : field.value);
    try {
      const answer = await send(form.dataset.save, body);
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      said.textContent = told.version > version + 1 ? form.dataset.other : told.words;
      version = told.version;
    } catch {
      typedIn.add(field);
      said.textContent = form.dataset.lost;
    }
  };

  form.addEventListener("input", (event) => { if (event.target.name) typedIn.add(event.target); });

  form.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.name || field.type === "file") return;
    waiting = waiting.then(() => keep(field));
  });

  // Photos: made smaller on the phone where it can, sent one by one; one that fails stops no other.
  const picker = form.querySelector("[data-photos]");
  // Why some of them did not come, told again after the page has shown those that did.
  const FAILED = "photos that did not come: " + location.pathname;
  const failed = JSON.parse(sessionStorage.getItem(FAILED) || "[]");
  sessionStorage.removeItem(FAILED);
  if (!picker) return;
  const MOST = 2000;

  const smaller = async (file) => {
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, MOST / Math.max(picture.width, picture.height));
      if (scale === 1 && file.size < 1500000) return file;
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return blob ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
    } catch {
      return file;
    }
  };

  const line = (text) => {
    const item = document.createElement("li");
    item.textContent = text;
    form.querySelector(".photo-progress").append(item);
    return item;
  };

  picker.addEventListener("change", async () => {
    const files = [...picker.files];
    picker.value = "";
    typedIn.delete(picker);
    [...typedIn].forEach((field) => { waiting = waiting.then(() => keep(field)); });
    await waiting;
    let came = 0;
    const wrong = [];
    for (const file of files) {
      const shown = line(`${picker.dataset.sending}: ${file.name}`);
      const body = new FormData();
      body.append("photo", await smaller(file));
      try {
        const answer = await send(picker.dataset.photos, body);
        const told = await answer.json();
        if (!answer.ok) throw new Error(told.words);
        shown.remove();
        came += 1;
      } catch (no) {
        shown.textContent = no.message && !/JSON|fetch/i.test(no.message) ? no.message : `${file.name}: ${picker.dataset.failed}`;
        wrong.push(shown.textContent);
      }
    }
    // What was typed meanwhile is kept first. Then the page anew, never the form sent once more; it
    // stays as it is while words lie here that could not be saved.
    for (const field of [...typedIn]) waiting = waiting.then(() => keep(field));
    await waiting;
    if (!came || typedIn.size) return;
    sessionStorage.setItem(FAILED, JSON.stringify(wrong));
    location.assign(form.getAttribute("action"));
  });

  failed.forEach(line);
})();
