/* Small helps. Every page works without them. */
"use strict";

/* Full-width digits become ASCII when a quantity is left, as the server reads them anyway. */
document.addEventListener("focusout", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !field.classList.contains("qty")) return;
  const plain = field.value.normalize("NFKC").replace(/[\s,]/g, "").replace(/[−‐ー]/g, "-");
  if (plain !== field.value) field.value = plain;
});

/* An open menu closes with Escape, and when something else is pressed. */
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

/* A recalculation presses no button. htmx takes the one that just got the focus for the one that was pressed, and a
   recalculation that waited while somebody went on with Tab would be sent as if that button was meant. */
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, formData, triggeringEvent } = event.detail;
  if (!(elt instanceof HTMLFormElement) || triggeringEvent?.type === "submit") return;
  for (const button of elt.elements) {
    if (button instanceof HTMLButtonElement) formData.delete(button.name);
  }
});

/* What somebody typed into a search before the scripts were there is looked for when they are. */
document.addEventListener("DOMContentLoaded", () => {
  for (const field of document.querySelectorAll("input[type=search]")) {
    if (field.value !== field.defaultValue) field.dispatchEvent(new Event("search", { bubbles: true }));
  }
});

/* A part of the page that could not be fetched says so; where the session ended, the log-in page comes whole. */
const sayUpdateFailed = (failed) => {
  const notice = document.getElementById("update-failed");
  if (notice) notice.hidden = !failed;
};
/* A form that keeps what is typed takes care of both itself. */
const keepsItself = (event) => event.target instanceof Element && event.target.closest("form[data-keep]");
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  const login = document.body.dataset.login;
  if (!xhr.responseURL || !login || new URL(xhr.responseURL).pathname !== login) return;
  event.detail.shouldSwap = false;
  const form = requestConfig.elt.closest("form[data-keep]");
  if (form) form.dispatchEvent(new Event("portal:session-ended"));
  else window.location.assign(`${login}?next=${encodeURIComponent(window.location.pathname + window.location.search)}`);
});
for (const name of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(name, (event) => {
    if (!keepsItself(event)) sayUpdateFailed(true);
  });
}
document.addEventListener("htmx:afterSwap", () => sayUpdateFailed(false));

/* Who logs in again in another window gets another token: the forms of this page take it along. */
window.portalToken = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
const TOKEN = "csrfmiddlewaretoken";
document.addEventListener("htmx:configRequest", (event) => {
  const token = window.portalToken();
  const { formData, headers } = event.detail;
  if (!token || !("X-CSRFToken" in headers)) return;
  headers["X-CSRFToken"] = token;
  if (formData.has(TOKEN)) formData.set(TOKEN, token);
});
document.addEventListener(
  "submit",
  (event) => {
    const field = event.target.elements[TOKEN];
    const token = window.portalToken();
    if (field && token) field.value = token;
  },
  true,
);

/* Where somebody goes on: at the first wrong field; else at what is said to have been done; else, where one step leads
   to the next, at the step's heading. Nothing of it where the page itself says where, or the address does. */
document.addEventListener("DOMContentLoaded", () => {
  if (document.querySelector("[autofocus]")) return;
  const wrong = document.querySelector("main [aria-invalid=true]");
  const said = window.location.hash ? null : (document.querySelector(".messages") ?? document.querySelector("[data-begin]"));
  (wrong ?? said)?.focus();
});

/* Whose place is replaced stays near it: htmx gives back the focus of what has an id only. */
let replaced = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  replaced = target.contains(document.activeElement) ? target.id : null;
});
document.addEventListener("htmx:afterSwap", () => {
  const place = replaced && document.activeElement === document.body && document.getElementById(replaced);
  replaced = null;
  if (!place) return;
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
});

/* A form that must not be sent twice waits for its answer; the server takes care where this does not run. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.hasAttribute("data-once")) return;
  if (form.dataset.once === "sent") event.preventDefault();
  form.dataset.once = "sent";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) form.dataset.once = "";
});

/* A text to be handed on is copied by its button. */
document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element && event.target.closest("button[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  const said = document.getElementById(button.dataset.said);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    said.textContent = said.dataset.done;
  } catch {
    said.textContent = said.dataset.failed;
  }
});

/* Typing an address chooses "another address"; choosing somebody known empties what was typed, and gives it back. */
const typedInstead = (field) => field.form && field.form.querySelector(`input[name="${field.dataset.insteadOf}"][value="other"]`);
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !field.dataset.insteadOf || !field.value.trim()) return;
  const other = typedInstead(field);
  if (other && !other.checked) {
    other.checked = true;
    other.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
document.addEventListener("change", (event) => {
  const radio = event.target;
  if (!(radio instanceof HTMLInputElement) || radio.type !== "radio" || !radio.form) return;
  for (const field of radio.form.querySelectorAll(`input[data-instead-of="${radio.name}"]`)) {
    if (radio.value !== "other" && field.value) [field.dataset.typed, field.value] = [field.value, ""];
    else if (radio.value === "other" && !field.value) field.value = field.dataset.typed || "";
  }
});

/* One tick for all rows of a page; the head's box is there only where this runs. */
const showTickAll = () => {
  for (const box of document.querySelectorAll(".tick-all")) box.hidden = false;
};
document.addEventListener("DOMContentLoaded", showTickAll);
document.addEventListener("htmx:afterSwap", showTickAll);
document.addEventListener("change", (event) => {
  if (!event.target.matches?.(".tick-all")) return;
  for (const box of document.querySelectorAll("tr[data-row] td.tick input")) box.checked = event.target.checked;
});
