/* The renewal form: what the server's answer replaces keeps its place. Without this the form works all the same. */
"use strict";

(() => {
  const form = document.getElementById("quote-form");
  if (!form) return;
  const plainNumber = (text) => text.normalize("NFKC").trim().replace(/^\d{1,3}(,\d{3})+$/, (found) => found.replaceAll(",", ""));

  /* A changed quantity is marked as it is typed. */
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || field.dataset.held === undefined) return;
    field.classList.toggle("changed", plainNumber(field.value) !== field.dataset.held);
  });

  /* Opened reasons stay open when the calculation is replaced. */
  let opened = [];
  form.addEventListener("htmx:beforeSwap", () => {
    opened = [...form.querySelectorAll("details.trace[open]")].map((element) => element.id);
  });
  form.addEventListener("htmx:afterSwap", () => {
    for (const id of opened) {
      const element = document.getElementById(id);
      if (element) element.open = true;
    }
  });

  /* A field is marked as wrong while something is said below it. */
  form.addEventListener("htmx:afterSettle", () => {
    for (const field of form.querySelectorAll(":is(input, select, textarea)[aria-describedby^=error-]")) {
      const said = [...document.getElementById(field.getAttribute("aria-describedby")).querySelectorAll(".field-error")];
      const isWrong = said.some((error) => !error.dataset.field || error.dataset.field === field.id);
      if (isWrong) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  });

  /* Whoever leaves with something typed and not saved is asked; not when saving, issuing or deleting. */
  const ask = (event) => event.preventDefault();
  const guard = () => window.addEventListener("beforeunload", ask);
  if (form.dataset.unsaved !== undefined) guard();
  form.addEventListener("input", guard);
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target instanceof HTMLButtonElement) guard();
  });
  document.addEventListener("submit", (event) => {
    if (event.target === form || event.target.matches(".discard")) window.removeEventListener("beforeunload", ask);
  });

  /* A double click sends once. The server would issue one quote in any case. */
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    window.setTimeout(() => delete form.dataset.sent, 4000);
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
})();
