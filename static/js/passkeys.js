/* Where a passkey is asked for and none comes, the page says so. */
"use strict";

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const notice = document.getElementById("passkey-failed");
  if (notice) notice.hidden = false;
});
