/* The renewal form: what the server's answer replaces keeps its place. Without this the form works all the same. */
"use strict";

(() => {
  const form = document.getElementById("quote-form");
  if (!form) return;

  /* A changed quantity is marked as it is typed. */
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || field.dataset.held === undefined) return;
    const plain = field.value.normalize("NFKC").replace(/[\s,]/g, "");
    field.classList.toggle("changed", plain !== field.dataset.held);
  });

  /* Opened reasons stay open when the calculation is replaced. */
  let opened = [];
  document.addEventListener("htmx:beforeSwap", () => {
    opened = [...form.querySelectorAll("details.trace[open]")].map((element) => element.id);
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const id of opened) {
      const element = document.getElementById(id);
      if (element) element.open = true;
    }
    for (const field of form.querySelectorAll("[aria-describedby^=error-]")) {
      const said = document.getElementById(field.getAttribute("aria-describedby"));
      if (field.matches("input, select, textarea")) field.toggleAttribute("aria-invalid", false);
      if (said && said.childElementCount && field.matches("input, select, textarea")) field.setAttribute("aria-invalid", "true");
    }
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
