// A mentor's row opens in place: the server's own markup is put below it. Without this the link opens the same on a new page.
"use strict";
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-open]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const row = link.closest("tr");
  const inside = row.nextElementSibling?.classList.contains("dk-inside") ? row.nextElementSibling : null;
  if (inside) {
    inside.hidden = !inside.hidden;
    shown(link, row, !inside.hidden);
    return;
  }
  if (link.dataset.busy) return;
  link.dataset.busy = "1";
  try {
    const answer = await fetch(link.dataset.open, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const below = row.parentElement.insertRow(row.sectionRowIndex + 1);
    below.className = "dk-inside";
    const cell = below.insertCell();
    cell.colSpan = row.cells.length;
    cell.append(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
    shown(link, row, true);
  } catch {
    window.location = link.href;
  } finally {
    delete link.dataset.busy;
  }
});

function shown(link, row, open) {
  link.setAttribute("aria-expanded", String(open));
  row.classList.toggle("dk-open", open);
}

// How many cases are ticked, also in rows that came later.
document.addEventListener("change", (event) => {
  if (event.target.name !== "sag") return;
  const ticked = document.querySelectorAll('input[name="sag"]:checked').length;
  document.querySelectorAll('[data-selected-count="sag"]').forEach((each) => { each.textContent = String(ticked); });
});
