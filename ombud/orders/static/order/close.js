"use strict";
// A tab that was opened beside another may close itself; without that, there is the browser's own way.
document.querySelectorAll("[data-close]").forEach((button) => {
  if (window.history.length > 1 && !window.opener) return;
  button.hidden = false;
  button.addEventListener("click", () => window.close());
});
