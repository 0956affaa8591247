"use strict";
// How far a long import is. Without this script the page's own button asks the same.
(function () {
  const box = document.querySelector("[data-progress]");
  if (!box) return;
  const bar = box.querySelector("progress");
  const shown = box.querySelector("[data-shown]");
  const heard = box.querySelector("[role=status]");
  let said = 0;
  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      const now = await answer.json();
      if (!now.running) {
        window.location.reload();
        return;
      }
      bar.max = now.total;
      bar.value = now.done;
      const text = box.dataset.words.replace("{done}", now.done).replace("{total}", now.total);
      shown.textContent = text;
      if (now.done - said >= now.total / 4) {  // who listens hears every quarter, not every second
        said = now.done;
        heard.textContent = text;
      }
    } catch {
      // the net is away for a moment: ask again
    }
    window.setTimeout(ask, 1000);
  };
  window.setTimeout(ask, 500);
})();
