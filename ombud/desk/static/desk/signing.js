"use strict";
// Counts the seconds down until a new code may be asked for. The server judges, whatever stands here.
document.querySelectorAll("[data-countdown]").forEach((line) => {
  let left = Number(line.dataset.countdown);
  const number = line.querySelector("[data-seconds]");
  const tick = () => {
    left -= 1;
    if (left <= 0) { line.hidden = true; return; }
    number.textContent = String(left);
    setTimeout(tick, 1000);
  };
  setTimeout(tick, 1000);
});
