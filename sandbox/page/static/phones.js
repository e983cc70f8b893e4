// The pages work without this. With it they follow what happens, copy codes and filter as one types.
"use strict";

const EVERY = 1200;
let last = document.body.dataset.pulse; // how the world stood when this page was drawn

async function follow() {
  try {
    const pulse = await (await fetch("/pulse", { cache: "no-store" })).text();
    if (pulse !== last) await refresh();
    last = pulse;
  } catch {
    // The sandbox is away for a moment; ask again.
  }
  setTimeout(follow, document.hidden ? EVERY * 4 : EVERY);
}

async function refresh() {
  const markup = await (await fetch(location.href, { cache: "no-store" })).text();
  const fresh = new DOMParser().parseFromString(markup, "text/html");
  for (const here of document.querySelectorAll("[data-live]")) {
    const there = fresh.getElementById(here.id);
    if (there && there.innerHTML !== source.get(here.id) && !isBusy(here)) exchange(here, there);
  }
}

// What the server sent last, since opening a <details> changes the live markup.
const source = new Map();
const remember = (root) =>
  root.querySelectorAll("[data-live]").forEach((part) => source.set(part.id, part.innerHTML));

function isBusy(part) {
  const focused = document.activeElement;
  return part.contains(focused) && focused.matches("input:not([type=hidden]), select") && focused.value !== "";
}

function exchange(here, there) {
  const open = new Set([...here.querySelectorAll("details[open]")].map((one) => one.id));
  const focused = here.contains(document.activeElement) ? document.activeElement : null;
  const action = focused && focused.dataset.action;
  source.set(here.id, there.innerHTML);
  const kept = keepMails(here, there);
  here.replaceChildren(...there.childNodes);
  kept.forEach((mail) => document.getElementById(mail.id).replaceWith(mail));
  here.querySelectorAll("details").forEach((one) => { if (open.has(one.id)) one.open = true; });
  if (action) here.querySelector(`[data-action="${action}"]`)?.focus();
  ready(here);
}

// An opened mail stays as it is, or its frame would load again under the reader's eyes.
function keepMails(here, there) {
  return [...here.querySelectorAll("details.mail[open]")].filter((mail) => there.querySelector("#" + mail.id));
}

function ready(root) {
  root.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
  root.querySelectorAll("[data-narrows]").forEach((field) => { field.hidden = false; });
  root.querySelectorAll("iframe").forEach((frame) => {
    frame.addEventListener("load", () => fit(frame));
    fit(frame);
  });
  filter();
}

function fit(frame) {
  const page = frame.contentDocument;
  if (page && page.body) frame.style.height = Math.min(page.documentElement.scrollHeight + 4, 1600) + "px";
}

function filter() {
  for (const field of document.querySelectorAll("#q, [data-narrows]")) {
    const words = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const places = field.id === "q" ? "[data-filtered]" : "#" + field.dataset.narrows;
    document.querySelectorAll(`${places} [data-sought]`).forEach((row) => {
      const sought = row.dataset.sought.toLocaleLowerCase();
      row.hidden = !words.every((word) => sought.includes(word));
    });
    document.querySelectorAll(`${places} [data-group]`).forEach((group) => {
      group.hidden = !group.querySelector("[data-sought]:not([hidden])");
    });
  }
}

document.addEventListener("input", (event) => {
  if (event.target.matches("#q, [data-narrows]")) filter();
});
document.addEventListener("toggle", (event) => {
  if (event.target.matches("details.mail")) event.target.querySelectorAll("iframe").forEach(fit);
}, true);
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const words = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.textContent = words; }, 1500);
});

remember(document);
ready(document);
follow();
