/* The document check: a chosen file's SHA-256 is compared with that of the issued one, here and nowhere else. */
"use strict";

(() => {
  const box = document.getElementById("file-check");
  const result = document.getElementById("file-result");
  const byHand = document.querySelector("details.by-hand");
  if (!box || !result) return;

  const say = (kind, text, fingerprint = "") => {
    const notice = document.createElement("div");
    notice.className = `notice ${kind}`;
    const words = document.createElement("p");
    words.append(Object.assign(document.createElement("b"), { textContent: text }));
    notice.append(words);
    if (fingerprint) {
      const line = Object.assign(document.createElement("p"), { className: "small fingerprint" });
      line.append(Object.assign(document.createElement("code"), { textContent: `SHA-256 ${fingerprint}` }));
      notice.append(line);
    }
    result.replaceChildren(notice);
  };

  /* Browsers calculate fingerprints on https and localhost only. */
  if (!window.isSecureContext || !window.crypto?.subtle) {
    say("", box.dataset.insecure);
    return;
  }
  box.hidden = false;
  if (byHand) byHand.open = false;

  let turn = 0;
  const compare = async (file) => {
    const mine = ++turn;
    say("info", box.dataset.working);
    try {
      const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
      const found = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
      if (mine !== turn) return;
      if (found === box.dataset.sha256) say("ok", box.dataset.same);
      else say("stop", `${file.name}: ${box.dataset.different}`, found);
    } catch {
      if (mine === turn) say("stop", box.dataset.unreadable);
    }
  };

  const input = document.getElementById("file-to-check");
  input.addEventListener("change", () => {
    if (input.files.length) compare(input.files[0]);
  });

  const drop = box.querySelector(".drop");
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) compare(event.dataTransfer.files[0]);
  });
})();
