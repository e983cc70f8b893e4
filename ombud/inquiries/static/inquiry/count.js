"use strict";
// Says under each text, as it is typed, how many parts it takes. The server counts.
(() => {
  const form = document.getElementById("edit");
  const to = document.querySelector("script[data-count]").dataset.count;
  let timer = 0;

  const line = (area) => {
    let shown = area.parentElement.querySelector(".counted");
    if (!shown) {
      shown = document.createElement("p");
      shown.className = "counted";
      shown.setAttribute("aria-live", "polite");
      area.after(shown);
    }
    return shown;
  };

  const count = async () => {
    const answer = await fetch(to, { method: "POST", body: new FormData(form) });
    if (!answer.ok) return;
    for (const [path, told] of Object.entries(await answer.json())) {
      const area = form.elements[path];
      if (!area) continue;
      const shown = line(area);
      shown.textContent = told.words;
      shown.classList.toggle("counted-many", told.many);
    }
  };

  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(count, 400); });
  count();
})();
