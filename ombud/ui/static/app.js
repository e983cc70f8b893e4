"use strict";
// What makes a page better where there is JavaScript. Every page works without it.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const said = document.getElementById("said");
  const say = (words) => {
    if (!said || !words) return;
    said.textContent = "";
    setTimeout(() => { said.textContent = words; }, 50);
  };
  const kept = {
    read(key) { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
    write(key, value) { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* full or barred */ } },
    drop(key) { try { sessionStorage.removeItem(key); } catch { /* barred */ } },
  };

  // ---- Once a page or a part of it has come ----
  function wake(root) {
    all("[data-copy], [data-print], .choice-all", root).forEach((element) => { element.hidden = false; });
    all(".road-box", root).forEach(shorten);
    all("[data-all]", root).forEach(follow);
    all("form[data-keep]", root).forEach(restore);
    const begun = (element) => element.dataset.begun || !(element.dataset.begun = "1");
    all("[data-qr]", root).forEach((element) => { if (!begun(element)) refresh(element, 1000); });
    all("[data-poll]", root).forEach((element) => { if (!begun(element)) poll(element); });
  }

  // ---- Copy, print, open and shut ----
  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) return void write(copy);
    if (event.target.closest("[data-print]")) return void window.print();
    const road = event.target.closest("[data-road]");
    if (road) {
      road.closest(".road-box").classList.remove("is-short");
      road.hidden = true;
      return;
    }
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
    all("details.pop[open]").filter((pop) => !pop.contains(event.target)).forEach((pop) => { pop.open = false; });
  });
  function write(button) {
    const word = one(".copy-word", button);
    const before = button.dataset.word || (button.dataset.word = word.textContent);
    navigator.clipboard.writeText(button.dataset.copy).then(() => {
      word.textContent = button.dataset.copied;
      say(button.dataset.copied + " " + button.dataset.copy);
      setTimeout(() => { word.textContent = before; }, 2000);
    });
  }
  function shorten(box) {
    const button = one("[data-road]", box);
    if (!button || box.dataset.shown) return;
    box.dataset.shown = "1";
    box.classList.add("is-short");
    button.hidden = false;
  }
  let reopened = [];
  window.addEventListener("beforeprint", () => {
    reopened = all("details:not([open]):not(.pop)");
    reopened.forEach((part) => { part.open = true; });
  });
  window.addEventListener("afterprint", () => reopened.forEach((part) => { part.open = false; }));

  // ---- The exact moment, on hover over words like "yesterday" ----
  document.addEventListener("pointerover", (event) => {
    const time = event.target.closest && event.target.closest("time[datetime]:not([title], [data-exact])");
    if (!time) return;
    const moment = new Date(time.dateTime), long = { dateStyle: "full" };
    if (time.dateTime.includes("T")) Object.assign(long, { timeStyle: "short", timeZone: "Europe/Stockholm" });
    if (!isNaN(moment)) time.title = new Intl.DateTimeFormat(document.documentElement.lang, long).format(moment);
  });

  // ---- Keys ----
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const find = document.getElementById("find");
      if (find) { event.preventDefault(); find.focus(); find.select(); }
    }
    if (event.key === "Escape") {
      const open = event.target.closest("details.pop[open]");
      if (open) { open.open = false; one("summary", open).focus(); }
    }
  });

  // ---- Select all ----
  function follow(master) {
    const form = master.form || document;
    const boxes = () => all('input[type=checkbox][name="' + CSS.escape(master.dataset.all) + '"]', form);
    const show = () => {
      const ticked = boxes().filter((box) => box.checked).length;
      master.checked = ticked > 0 && ticked === boxes().length;
      master.indeterminate = ticked > 0 && !master.checked;
    };
    master.addEventListener("change", () => {
      const wanted = master.checked;
      boxes().forEach((box) => {
        if (box.checked === wanted) return;
        box.checked = wanted;
        box.dispatchEvent(new Event("change", { bubbles: true }));
      });
    });
    form.addEventListener("change", (event) => { if (event.target !== master) show(); });
    show();
  }

  // ---- One press, one effect: the server decides, but a second press is not even sent ----
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) return void event.preventDefault();
    form.dataset.sent = "1";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    if ("language" in form.dataset) all("main form[method=post]").forEach((other) => keep(other, languageKey(other)));
    else kept.write("sent", { key: keepKey(form), at: location.pathname });
    setTimeout(() => { delete form.dataset.sent; if (event.submitter) event.submitter.removeAttribute("aria-busy"); }, 10000);
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    all("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy"));
  }));

  // ---- What was typed stays, through a lost session and a change of language ----
  const secret = (field) => ["password", "file", "hidden"].includes(field.type) || field.autocomplete === "one-time-code";
  const keepKey = (form) => (form.dataset.keep ? "keep:" + location.pathname + ":" + form.dataset.keep : "");
  const languageKey = (form) => "language:" + location.pathname + ":" + (form.id || form.action);
  function values(form) {
    return all("input[name], textarea[name], select[name]", form).filter((field) => !secret(field)).map((field) => [
      field.name, field.value, ["checkbox", "radio"].includes(field.type) ? field.checked : null,
    ]);
  }
  function keep(form, key) { if (key) kept.write(key, values(form)); }
  function fill(form, rows) {
    const fields = all("input[name], textarea[name], select[name]", form).filter((field) => !secret(field));
    rows.forEach(([name, value, checked]) => {
      const field = fields.find((one) => one.name === name && (checked === null || one.value === value));
      if (!field) return;
      if (checked === null) field.value = value; else field.checked = checked;
    });
    all("[data-all]", form).forEach((master) => form.dispatchEvent(new Event("change")));
  }
  function restore(form) {
    if ("anew" in form.dataset) kept.drop(keepKey(form));
    const rows = kept.read(keepKey(form));
    if (rows && !one("[aria-invalid=true]", form)) fill(form, rows);
    form.addEventListener("input", () => keep(form, keepKey(form)));
    form.addEventListener("change", () => keep(form, keepKey(form)));
  }
  all("main form[method=post]").forEach((form) => {
    const rows = kept.read(languageKey(form));
    kept.drop(languageKey(form));
    if (rows) fill(form, rows);
  });
  // A form that led on to another page has done its work: what was kept of it goes.
  const sent = kept.read("sent");
  if (sent && sent.key && location.pathname !== sent.at && !one("[data-login]")) {
    kept.drop(sent.key);
    kept.drop("sent");
  }

  // ---- The session's end, told two minutes before ----
  const seconds = Number(document.body.dataset.session || 0);
  const warn = document.getElementById("warn");
  let ends = 0;
  function watch() {
    clearTimeout(ends);
    if (seconds && warn) ends = setTimeout(() => { warn.hidden = false; }, Math.max(0, seconds - 120) * 1000);
  }
  if (warn) {
    one("[data-continue]", warn).addEventListener("click", () => {
      fetch(location.href, { credentials: "same-origin" }).then((answer) => {
        if (answer.redirected) return location.reload();
        warn.hidden = true;
        watch();
      });
    });
  }
  watch();

  // ---- Live: what others do shows by itself, never under the reader's hands ----
  const typedIn = (element) => all("input, textarea, select", element).some((field) => field.value !== field.defaultValue && field.type !== "hidden" && field.tagName !== "SELECT");
  const held = (element) => (element.contains(document.activeElement) ? document.activeElement : null);
  // What holds the focus is found again in what has come: the same link, or the same summary.
  function again(focus, root) {
    if (focus.matches("a[href]")) return all("a[href]", root).find((link) => link.getAttribute("href") === focus.getAttribute("href"));
    return focus.matches("summary") ? [root, ...all("summary", root)].find((part) => part.matches("summary") && part.className === focus.className) : null;
  }
  async function page() {
    const answer = await fetch(location.href, { credentials: "same-origin", headers: { "X-Live": "1" } });
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }
  // A card is never changed under a hand; in a list the focus goes on (`again`), or to what `otherwise` names.
  function swap(old, fresh, goesOn = false, otherwise = null) {
    if (!fresh || !old.isConnected || old.outerHTML === fresh.outerHTML || typedIn(old)) return false;
    const grown = document.importNode(fresh, true), focus = held(old);
    const next = focus && goesOn && (again(focus, grown) || otherwise);
    if (focus && !next) return false;
    old.replaceWith(grown);
    if (next) next.focus({ preventScroll: true });
    wake(grown.parentElement);
    if (window.htmx) window.htmx.process(grown);
    return true;
  }
  // A case has moved; or, without a number, a notice has come or been read.
  async function renew(number) {
    const shown = all("[data-live]").filter((element) => element.dataset.live === number);
    const lists = all("[data-live-list]");
    if (!shown.length && !lists.length) return bell();
    const fresh = await page();
    if (!fresh) return;
    const changed = [...shown, ...lists].filter((old) => old.id && swap(old, fresh.getElementById(old.id), lists.includes(old)));
    bell(fresh);
    const words = changed.map((old) => document.getElementById(old.id)).map((now) => now && one("[data-said]", now)).find(Boolean);
    if (words) say(words.textContent.trim());
  }
  async function bell(fresh) {
    const old = one("#bell > summary");
    if (!old) return;
    const now = (fresh || await page());
    if (!now) return;
    count(now.title);
    const next = one("#bell > summary", now);
    const rung = swap(old, next, true);
    const rail = one(".rail");
    if (rail) swap(rail, one(".rail", now), true);
    if (!rung) return;
    say(next.textContent.trim().replace(/\s+/g, " "));
    await panel();
  }
  // Beneath the bell, once it has been opened.
  async function panel() {
    const shown = document.getElementById("bell-panel");
    if (!shown) return;
    const answer = await fetch(shown.parentElement.getAttribute("hx-get"), { credentials: "same-origin", headers: { "X-Live": "1" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    swap(shown, fresh.getElementById("bell-panel"), true, one("#bell > summary"));
  }
  // "(3) My approvals": how many are new stands in the tab's title, unless it tells of an error.
  const counted = /^\(\d+\+?\) /;
  function count(title) {
    if (document.getElementById("errors")) return;
    document.title = (counted.exec(title) || [""])[0] + document.title.replace(counted, "");
  }
  function numberIn(data) {
    try { const found = JSON.parse(data); return found.case || found.number || String(found); } catch { return data; }
  }
  const push = document.body.dataset.push;
  if (push && "EventSource" in window) {
    const stream = new EventSource(push, { withCredentials: true });
    let soon = 0, numbers = new Set();
    const later = (number) => {
      numbers.add(number);
      clearTimeout(soon);
      soon = setTimeout(() => { if (numbers.size > 1) numbers.delete(""); const due = [...numbers]; numbers = new Set(); due.forEach((one) => renew(one)); }, 300);
    };
    stream.addEventListener("case", (event) => later(numberIn(event.data)));
    stream.addEventListener("notice", () => later(""));
    let begun = false; // what happened while the stream was broken is fetched when it is back
    stream.addEventListener("open", () => {
      if (begun) { later(""); all("[data-live]").forEach((element) => later(element.dataset.live)); }
      begun = true;
    });
    window.addEventListener("pagehide", () => stream.close());
  }

  // ---- Signing: the line and the code renew themselves ----
  function refresh(element, pause) {
    const turn = async () => {
      if (!element.isConnected) return;
      if (!document.hidden) {
        try {
          const answer = await fetch(element.dataset.qr, { credentials: "same-origin" });
          if (answer.status === 410 || answer.status === 404) { // the app is open: nothing more to scan
            (element.closest("figure") || element).hidden = true;
            return;
          }
          if (answer.ok) element.innerHTML = await answer.text();
        } catch { /* the next second tries again */ }
      }
      setTimeout(turn, pause);
    };
    setTimeout(turn, pause);
  }
  function poll(element) {
    const turn = async () => {
      if (!element.isConnected) return;
      try {
        const answer = await fetch(element.dataset.poll, { credentials: "same-origin", headers: { "HX-Request": "true" } });
        if (answer.redirected) return location.assign(answer.url);
        if (answer.headers.get("HX-Redirect")) return location.assign(answer.headers.get("HX-Redirect"));
        if (answer.ok) show(element, new DOMParser().parseFromString(await answer.text(), "text/html"));
      } catch { /* the next turn tries again */ }
      if (element.dataset.poll) setTimeout(turn, Number(element.dataset.every || 2) * 1000);
    };
    setTimeout(turn, Number(element.dataset.every || 2) * 1000);
  }
  function show(element, fresh) {
    const now = fresh.getElementById("signing-live");
    if (!now) return;
    if (now.dataset.next) return location.assign(now.dataset.next);
    if (element.textContent.trim() !== now.textContent.trim()) {
      element.className = now.className;
      element.replaceChildren(...now.childNodes);
    }
    if (!now.dataset.poll) { delete element.dataset.poll; all("[data-qr]").forEach((code) => { code.remove(); }); }
  }

  // ---- Where the focus goes when a page has come ----
  const first = one("[data-focus]");
  if (first && !location.hash) first.focus();

  document.addEventListener("htmx:load", (event) => wake(event.detail.elt));
  window.ombud = { renew, bell };
  wake(document);
})();
