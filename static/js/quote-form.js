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

  /* The page tells what it shows; the answer has only what is different. */
  form.addEventListener("htmx:configRequest", (event) => {
    event.detail.formData.set("shown", form.querySelector("[data-shown]").dataset.shown);
  });

  /* Opened reasons stay open when the calculation is replaced, and closed ones closed. */
  let folds = [];
  const foldable = () => [...form.querySelectorAll("#calculation details[id], #differences details[id]")];
  form.addEventListener("htmx:beforeSwap", () => {
    folds = foldable().map(({ id, open }) => [id, open]);
  });
  form.addEventListener("htmx:afterSwap", () => {
    for (const [id, open] of folds) {
      const element = document.getElementById(id);
      if (element) element.open = open;
    }
  });

  /* What is pressed while the calculation moves or is replaced is not what lies under the pointer when it is let go: the
     browser makes no click of that. */
  let pressed = null;
  form.addEventListener("pointerdown", ({ target, clientX, clientY }) => {
    const summary = target.closest("summary");
    pressed = summary && { summary, id: summary.parentElement.id, clientX, clientY };
  });
  window.addEventListener("pointerup", ({ target, clientX, clientY }) => {
    const was = pressed;
    pressed = null;
    if (!was?.id || was.summary.contains(target)) return;
    if (Math.hypot(clientX - was.clientX, clientY - was.clientY) > 10) return;
    document.getElementById(was.id)?.querySelector(":scope > summary")?.click();
  });

  /* What a problem or a warning leads to stands open. */
  form.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target?.querySelector(":scope > details.part-fields")?.setAttribute("open", "");
  });

  /* The decision sheet is fetched when it is opened, and again whenever the calculation is another one. What is typed
     into it is looked at only: it is no part of the form, so nobody else hears of it. */
  const showSheet = (sheet) => window.htmx.trigger(sheet.querySelector(".decision-body"), "show");
  let showing = 0;
  form.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.target?.id !== "preview") return;
    window.clearTimeout(showing);
    showing = window.setTimeout(() => form.querySelectorAll(".decision[open]").forEach(showSheet), 250);
  });
  for (const sheet of form.querySelectorAll(".decision")) {
    sheet.addEventListener("toggle", () => {
      if (sheet.open && !sheet.querySelector("table")) showSheet(sheet);
    });
    sheet.addEventListener("input", (event) => {
      event.stopPropagation();
      /* What is to be compared is told in the order in which it was ticked. */
      if (event.target.name !== "compare") return;
      const order = sheet.querySelector("[name=compare-order]");
      const ticked = order.value.split("|").filter((point) => point && point !== event.target.value);
      if (event.target.checked) ticked.push(event.target.value);
      order.value = ticked.join("|");
    });
    /* Leaving a field asks for nothing: the answer would take away the cell that is being pressed. */
    sheet.addEventListener("change", (event) => event.stopPropagation());
    sheet.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
      event.preventDefault();
      showSheet(sheet);
    });
  }

  /* A field is marked as wrong while something is said below it. */
  form.addEventListener("htmx:afterSettle", () => {
    for (const field of form.querySelectorAll(":is(input, select, textarea)[aria-describedby]")) {
      if (document.getElementById(`${field.id}_error`)?.querySelector(".field-error")) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  });

  /* Terms that no longer are possible cannot be chosen; one that was chosen stays, for the refusal to say so. */
  form.addEventListener("htmx:afterSettle", () => {
    for (const terms of form.querySelectorAll(".terms")) {
      const most = Number(terms.parentElement.querySelector("[data-most]")?.dataset.most ?? Infinity);
      for (const radio of terms.querySelectorAll("input")) radio.disabled = Number(radio.value) > most && !radio.checked;
    }
  });

  /* A quantity that is clicked into, or reached with Tab, is selected: typing replaces it. A second click sets the caret. */
  let isEntered = false;
  form.addEventListener("mousedown", (event) => {
    isEntered = event.target instanceof HTMLInputElement && event.target !== document.activeElement;
  });
  form.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.classList.contains("qty")) event.target.select();
  });
  form.addEventListener("click", (event) => {
    const field = event.target;
    if (!isEntered || !(field instanceof HTMLInputElement) || !field.classList.contains("qty")) return;
    isEntered = false;
    if (field.selectionStart === field.selectionEnd) field.select();
  });

  /* The calculation stays in sight. Where it is taller than the window it goes along with the page, up and down, until
     its edge is reached: nothing scrolls inside it. */
  const aside = document.getElementById("calculation");
  const MARGIN = 16;
  const wide = window.matchMedia("(min-width: 1000.02px)");
  let top = MARGIN;
  let before = window.scrollY;
  aside.classList.add("placed");
  const place = () => {
    const lowest = Math.min(MARGIN, window.innerHeight - aside.offsetHeight - MARGIN);
    top = Math.max(lowest, Math.min(MARGIN, top - (window.scrollY - before)));
    before = window.scrollY;
    aside.style.top = wide.matches ? `${top}px` : "";
  };
  window.addEventListener("scroll", place, { passive: true });
  window.addEventListener("resize", place);
  new ResizeObserver(place).observe(aside);

  /* What was pressed to open reasons stays where it is, also at the page's end, where the calculation grows upwards. */
  let pressedAt = null;
  aside.addEventListener("click", (event) => {
    const summary = event.target.closest("summary");
    pressedAt = summary && { summary, y: summary.getBoundingClientRect().y };
  });
  aside.addEventListener(
    "toggle",
    () => {
      if (!pressedAt) return;
      place();
      window.scrollBy({ top: pressedAt.summary.getBoundingClientRect().y - pressedAt.y, behavior: "instant" });
      pressedAt = null;
    },
    true,
  );
})();
