// The contact form on a phone: an id made here, and only the boxes that are needed. Without it the form works all the same.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("kontakt");
  if (!form) return;
  const choices = (name) => [...form.querySelectorAll(`[name="${name}"]`)];
  const picked = (name) => choices(name).find((each) => each.checked)?.value;
  const box = (name) => choices(name)[0]?.closest(".form-group");

  // Each new contact has its own id from the phone, also when the page comes back from the browser's memory after Gem:
  // sent twice it is one contact, and two contacts are never one.
  const mark = form.querySelector("[data-fresh-entry]");
  function freshEntry() {
    const entry = form.querySelector("[name='entry']");
    if (!mark || !entry || !window.crypto?.randomUUID) return;
    const id = window.crypto.randomUUID();
    form.dataset.autosave = form.dataset.autosave.replace(mark.dataset.freshEntry, id);
    mark.dataset.freshEntry = id;
    entry.value = id;
  }
  freshEntry();
  form.addEventListener("submit", () => { form.dataset.left = "1"; });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && form.dataset.left) { delete form.dataset.left; form.reset(); freshEntry(); }
    show();
  });

  // Minutes in a box of their own only for "andet"; neither minutes nor help when nobody answered.
  function show() {
    const tried = picked("form") === "tried";
    const hide = (name, hidden) => { const found = box(name); if (found) found.hidden = hidden; };
    hide("minutes", tried);
    hide("other_minutes", tried || picked("minutes") !== "other");
    hide("help", tried);
  }
  form.addEventListener("change", (event) => {
    show();
    if (event.target.name === "minutes" && event.target.value === "other") choices("other_minutes")[0]?.focus();
  });
  show();

  // "Som sidst" marks what was marked last time; the person sees it, and Gem is still theirs to press.
  const again = form.querySelector("[data-again]");
  if (again) {
    again.hidden = false;
    const button = again.querySelector("button");
    form.addEventListener("change", () => button.setAttribute("aria-pressed", "false"));
    button.addEventListener("click", () => {
      const last = again.dataset, help = last.help.split(" ");
      const mark = (name, wanted) => choices(name).forEach((each) => { each.checked = wanted(each.value); });
      mark("form", (value) => value === last.form);
      mark("minutes", (value) => value === last.minutes);
      mark("help", (value) => help.includes(value));
      if (choices("other_minutes")[0]) choices("other_minutes")[0].value = last.other;
      show();
      button.setAttribute("aria-pressed", "true");
      form.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
});
