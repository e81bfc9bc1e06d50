/* The renewal form saves itself as a draft while somebody types, and its price is that of what it shows.
   Without this, the buttons do both. */
"use strict";

(() => {
  const form = document.getElementById("quote-form");
  if (!form) return;
  const notices = document.getElementById("draft-trouble");
  const words = document.getElementById("draft-troubles").content;
  const mark = document.getElementById("draft-saved");
  const aloud = document.getElementById("draft-said");
  const key = form.elements.key.value;
  const UNTYPED = new Set(["csrfmiddlewaretoken", "seen_total", "seen_version", "page", "license_id", "acknowledge", "again", "seen_warnings", "decision", "compare", "compare-order"]);
  const PASSING = new Set(["offline", "failed", "session"]);
  const RETRY_FIRST = 3000;
  const RETRY_LAST = 30000;

  /* Of further license IDs the names have a number before them: 15-acknowledge. */
  const isTyped = ([name, text]) => text && !UNTYPED.has(name.replace(/^\d+-/, "")) && !/^(\d+-)?try-/.test(name);
  const typed = () => new URLSearchParams([...new FormData(form)].filter(isTyped)).toString();
  const opened = typed();
  let saved = form.dataset.unsaved === undefined ? opened : null;
  let priced = opened;
  let waits = null; /* what waits on the server for the next log-in */
  let state = notices.querySelector("[data-state]")?.dataset.state ?? "";
  let timer = 0;
  let retry = 0;
  let delay = RETRY_FIRST;
  let sending = null;
  let isLeaving = false;
  let isSavedLate = false; /* only when the next page was asked for already */

  /* --- What is said --- */

  let shown = "";
  const say = (name, html = "") => {
    if (name === state && html === shown) return;
    state = name;
    shown = html;
    if (!name) notices.replaceChildren();
    else if (html) notices.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.children);
    else notices.replaceChildren(words.querySelector(`[data-state=${name}]`).cloneNode(true));
  };
  const showSaved = (text, isRecovered) => {
    mark.textContent = text;
    if (text && (isRecovered || !aloud.textContent)) aloud.textContent = text;
  };
  const shownAsPriced = () => typed() === priced;
  const showStale = () => form.classList.toggle("stale", !shownAsPriced());

  /* --- Where the form is --- */

  const hold = (name, value) => {
    let field = form.elements[name];
    if (value === null) return field?.remove();
    if (!field) {
      field = Object.assign(document.createElement("input"), { type: "hidden", name });
      form.prepend(field);
    }
    field.value = value;
  };
  /* The address finds the draft again: going back, loading anew, the other language and the log-in lead to it. */
  const stand = (address) => {
    window.history.replaceState(window.history.state, "", address);
    for (const next of document.querySelectorAll("header input[name=next]")) next.value = address;
  };
  const beDraft = (version) => {
    hold("seen_version", version);
    hold("license_id", version === null ? null : form.dataset.code);
    form.action = version === null ? form.dataset.new : form.dataset.draft;
    stand(version === null ? form.dataset.open : form.dataset.draft);
    for (const element of document.querySelectorAll("[data-of-draft]")) element.hidden = version === null;
  };

  /* --- Price --- */

  const recalculate = () => window.htmx.trigger(form, "recalculate");
  let looking = 0;
  const lookAtPrice = () => {
    window.clearTimeout(looking);
    looking = window.setTimeout(() => {
      if (!shownAsPriced() && !form.classList.contains("htmx-request")) recalculate();
    }, 350);
  };
  let asked = opened;
  form.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt === form) asked = typed();
  });
  form.addEventListener("htmx:afterSettle", (event) => {
    const from = event.detail.requestConfig?.elt;
    if (from === form) priced = asked;
    else if (from instanceof HTMLButtonElement && !from.closest(".tries")) priced = typed();
    if (PASSING.has(state) && shownAsPriced() && typed() === saved) say("");
    delay = RETRY_FIRST;
    look();
  });

  /* What cures a refusal changes fields; the calculation that comes with it is that of the fields as they are then. */
  let cured = null;
  form.addEventListener("portal:fields", ({ detail }) => {
    cured = null;
    const staysFocused = document.activeElement?.closest("[data-keeps-focus]");
    for (const [name, text] of Object.entries(detail)) {
      if (name === "elt") continue;
      const named = form.elements[name];
      const field = named instanceof RadioNodeList ? [...named].find((radio) => radio.value === text) : named;
      if (!field) continue;
      if (["checkbox", "radio"].includes(field.type)) field.checked = Boolean(text);
      else field.value = text;
      if (field.dataset.held !== undefined) field.classList.toggle("changed", text !== field.dataset.held);
      cured ??= field.id;
    }
    cured ??= Object.keys(detail).map((name) => `id_${name}`)[0];
    if (staysFocused) cured = null;
  });
  /* The subject that the form proposed names what is quoted now. What was typed meanwhile stays. */
  form.addEventListener("portal:subject", ({ detail }) => {
    const field = form.elements.subject;
    if (field.value !== detail.before) return;
    field.value = detail.after;
    const now = new URLSearchParams(asked);
    now.set("subject", detail.after);
    asked = now.toString();
  });
  form.addEventListener("htmx:afterSettle", () => {
    const field = cured && document.getElementById(cured);
    for (let fold = field?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    field?.focus();
    cured = null;
  });

  /* --- Saving --- */

  const again = () => {
    window.clearTimeout(retry);
    retry = window.setTimeout(() => save({ always: true }), delay);
    delay = Math.min(delay * 2, RETRY_LAST);
  };
  const fail = (name) => {
    say(name);
    again();
    return name;
  };
  const done = (now, answer) => {
    const isRecovered = PASSING.has(state);
    saved = now;
    if (String(answer.version ?? "") !== (form.elements.seen_version?.value ?? "")) beDraft(answer.version);
    if (!PASSING.has(state) || shownAsPriced()) say("");
    showSaved(answer.said, isRecovered);
    if (!shownAsPriced()) recalculate();
    return "";
  };
  const post = async (now, isLast) => {
    const body = new URLSearchParams([...new FormData(form)]);
    body.delete("csrfmiddlewaretoken");
    const headers = { "X-CSRFToken": window.portalToken() };
    let response;
    try {
      response = await fetch(form.dataset.keep, { method: "POST", body, headers, redirect: "manual", keepalive: isLast });
    } catch {
      return fail("offline");
    }
    if (response.type === "opaqueredirect") {
      waits = now;
      return fail("session");
    }
    const answer = await response.json().catch(() => null);
    if (response.ok && answer) return done(now, answer);
    if (!answer?.state) return fail("failed");
    if (answer.state === "gone") beDraft(null);
    say(answer.state, answer.notice);
    return answer.state;
  };
  /* Resolves to what is in the way: nothing, or the state that is said. */
  const save = async ({ always = false, isLast = false } = {}) => {
    window.clearTimeout(timer);
    window.clearTimeout(retry);
    while (sending && !isLast) await sending;
    const now = typed();
    if (state && !PASSING.has(state) && !always) return state;
    if (!always && now === saved) return "";
    sending = post(now, isLast);
    try {
      return await sending;
    } finally {
      sending = null;
    }
  };
  const look = () => {
    showStale();
    if (typed() === saved) return;
    if (form.dataset.draft !== window.location.pathname) stand(form.dataset.open);
    window.clearTimeout(timer);
    timer = window.setTimeout(save, 800);
  };

  form.addEventListener("input", look);
  form.addEventListener("change", () => {
    look();
    lookAtPrice();
  });
  for (const name of ["focusin", "focusout"]) form.addEventListener(name, lookAtPrice);
  form.addEventListener("htmx:sendError", () => fail("offline"));
  form.addEventListener("htmx:responseError", () => fail("failed"));
  form.addEventListener("portal:session-ended", () => save({ always: true }));
  window.addEventListener("online", () => save({ always: true }));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save({ isLast: true });
    else if (PASSING.has(state)) save({ always: true });
    else lookAtPrice();
  });
  window.addEventListener("focus", () => {
    if (PASSING.has(state)) save({ always: true });
  });

  /* --- Leaving and coming back --- */

  const LEFT = "quote-form-left";
  const isLost = () => Boolean(state) && ![saved, waits].includes(typed());
  window.addEventListener("beforeunload", (event) => {
    if (isLeaving) return;
    if (isLost()) return event.preventDefault();
    isSavedLate ||= typed() !== saved;
    save({ isLast: true });
  });
  window.addEventListener("pagehide", () => {
    if (isLeaving || (typed() === saved && !isSavedLate)) return;
    window.sessionStorage.setItem(LEFT, `${key} ${Date.now()} ${typed()}`);
    save({ isLast: true });
  });
  window.addEventListener("pageshow", (event) => {
    isLeaving = false;
    isSavedLate = false;
    delete form.dataset.sent;
    if (event.persisted) recalculate();
    lookAtPrice();
    const [left, at, text] = (window.sessionStorage.getItem(LEFT) ?? "").split(" ");
    window.sessionStorage.removeItem(LEFT);
    /* This page was asked for before the last one was left: it may not have what was saved there last. */
    if (left === key && performance.timeOrigin <= Number(at) && text !== opened && !event.persisted) {
      window.setTimeout(() => {
        if (typed() === opened && !state && !form.dataset.sent) window.location.reload();
      }, 600);
    }
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches(".discard")) isLeaving = true;
  });

  /* A link that needs what was typed last waits until it is kept: the draft's PDF, and the log-in. */
  document.addEventListener("click", async (event) => {
    const link = event.target instanceof Element && event.target.closest("a[data-after-saving]");
    if (!link) return;
    event.preventDefault();
    const wrong = await save({ always: true });
    if (wrong && wrong !== link.dataset.afterSaving) return;
    if (!wrong && link.dataset.afterSaving) return; /* logged in elsewhere meanwhile */
    isLeaving = Boolean(link.dataset.afterSaving);
    window.location.assign(link.href);
  });

  /* --- Buttons --- */

  /* Enter in a field and the button that calculates leave everything where it is. The others are sent once it is known
     that the server answers and that the session lasts: otherwise what was typed would be gone with this page. A
     double click sends once; the server would issue one quote in any case. */
  const LETS_THROUGH = new Set(["", "issued", "forged"]);
  const isChoice = (action) => action === "apart" || action === "save" || action.startsWith("replace-");
  let isChecked = false;
  form.addEventListener("submit", async (event) => {
    if (isChecked) return;
    event.preventDefault();
    const button = event.submitter;
    const action = button?.value ?? "calculate";
    if (action === "calculate") return recalculate();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    const seen = form.elements.seen_total.value;
    const wrong = await save({ always: true });
    if (!(LETS_THROUGH.has(wrong) || (isChoice(action) && !PASSING.has(wrong))) || !button.isConnected) {
      delete form.dataset.sent;
      const notice = notices.firstElementChild;
      notice.tabIndex = -1;
      notice.focus();
      return;
    }
    form.elements.seen_total.value = seen; /* what was on screen when the button was pressed */
    window.setTimeout(() => delete form.dataset.sent, 4000);
    isLeaving = true;
    isChecked = true;
    form.requestSubmit(button);
    isChecked = false;
  });

  if (form.dataset.unsaved !== undefined) {
    /* An answer to what was sent gets an address that can be asked for again: going back does not send once more. */
    stand(form.elements.seen_version ? form.dataset.draft : form.dataset.open);
    look();
  }
  window.setTimeout(lookAtPrice, 500); /* what the browser filled in by itself */
})();
