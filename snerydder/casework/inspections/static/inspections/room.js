// Verdicts by keyboard while one of the lines has the focus: 1, 2 and 3 choose, J and K go on and back, Ctrl and Enter save and take the next case.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-verdicts]");
  if (!form) return;
  const lines = [...form.querySelectorAll(".in-line")];
  const boxes = (line) => [...line.querySelectorAll("input[type=radio]")];
  function go(line) {
    const there = boxes(line);
    (there.find((box) => box.checked) || there[0]).focus({ preventScroll: true });
    line.scrollIntoView({ block: "center" });
  }
  function choose(line, box) {
    box.click();
    const note = [...line.querySelectorAll("textarea")].find((each) => each.offsetParent);
    const next = lines[lines.indexOf(line) + 1];
    if (note) note.focus();
    else if (next) go(next);
    else form.querySelector("button[value=next]").focus();
  }
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.querySelector("button[value=next]").click();
      return;
    }
    const line = event.target.closest(".in-line");
    if (!line || event.target.tagName === "TEXTAREA" || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { j: 1, k: -1 }[event.key.toLowerCase()], box = boxes(line)[Number(event.key) - 1];
    const other = step && lines[lines.indexOf(line) + step];
    if (other) go(other);
    else if (box) choose(line, box);
    else return;
    event.preventDefault();
  });
  const open = lines.find((line) => !boxes(line).some((box) => box.checked));
  if (window.location.hash === "#videre" && open) go(open);
});
