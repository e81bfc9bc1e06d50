/* Keys on the list of renewals. The list works without them. */
"use strict";

(() => {
  const KEPT = "desk-keys";
  const dialog = document.getElementById("keys");
  const choice = document.getElementById("keys-on");
  const read = () => {
    try {
      return window.localStorage.getItem(KEPT) !== "off";
    } catch {
      return true;
    }
  };
  let isOn = read();
  choice.checked = isOn;
  choice.addEventListener("change", () => {
    isOn = choice.checked;
    try {
      window.localStorage.setItem(KEPT, isOn ? "on" : "off");
    } catch {
      /* it holds for this page */
    }
  });

  const rows = () => [...document.querySelectorAll("tr[data-row]")];
  const here = () => document.querySelector("tr.is-here");
  /* The row that has the focus, whichever way it came there; only j and k make it one that Enter acts upon. */
  let last = null;
  const rowOf = (element) => element.closest("tr[data-row]");
  document.addEventListener("focusin", (event) => {
    const row = rowOf(event.target);
    if (!row) return;
    if (row !== here()) here()?.classList.remove("is-here");
    last = row;
  });
  const go = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(here() ?? last);
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    here()?.classList.remove("is-here");
    next.classList.add("is-here");
    next.querySelector("a.name").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const help = () => (dialog.open ? dialog.close() : dialog.showModal());

  const opener = document.querySelector(".keys-help");
  opener.hidden = false;
  opener.addEventListener("click", help);

  const acts = {
    j: () => go(1),
    k: () => go(-1),
    x: () => (here() ?? last)?.querySelector("td.tick input")?.click(),
    b: () => document.querySelector(".ticked-acts button")?.focus(),
    "/": () => document.getElementById("q").focus(),
    "?": help,
    Enter: () => here()?.querySelector("a.act")?.click(),
  };
  document.addEventListener("keydown", (event) => {
    if (!isOn || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !(event.key in acts)) return;
    const at = event.target;
    if (!(at instanceof Element) || at.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
    const row = here();
    const isOfRow = row && (at === document.body || (rowOf(at) === row && at.matches("a.name, td.tick input")));
    if (event.key === "Enter" && !isOfRow) return;
    if (dialog.open && event.key !== "?") return;
    event.preventDefault();
    acts[event.key]();
  });
})();
