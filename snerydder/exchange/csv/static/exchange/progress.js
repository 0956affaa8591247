"use strict";
// How far a long import is. Without this script the page's own button asks the same.
(function () {
  const box = document.querySelector("[data-progress]");
  if (!box) return;
  const bar = box.querySelector("progress");
  const words = box.querySelector("[role=status]");
  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      const now = await answer.json();
      if (!now.running) {
        window.location.reload();
        return;
      }
      bar.value = now.done;
      const text = box.dataset.words.replace("{done}", now.done).replace("{total}", now.total);
      if (now.done - Number(bar.dataset.said || 0) >= now.total / 10) {  // a reader hears every tenth, not every second
        bar.dataset.said = now.done;
        words.textContent = text;
      }
    } catch {
      // the net is away for a moment: ask again
    }
    window.setTimeout(ask, 1000);
  };
  window.setTimeout(ask, 500);
})();
