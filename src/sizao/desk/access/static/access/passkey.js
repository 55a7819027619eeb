/* Carries a passkey between the browser and a form. Without it the page works: a code does the same. */
(function () {
  "use strict";
  if (!window.PublicKeyCredential || !window.webauthnJSON) return;
  document.querySelectorAll("[data-passkey-absent]").forEach(function (text) {
    text.hidden = true;
  });
  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    form.hidden = false;
    form.addEventListener("submit", async function (event) {
      event.preventDefault();
      const error = form.querySelector("[data-passkey-error]");
      error.hidden = true;
      try {
        const question = JSON.parse(form.dataset.question);
        const answer = await window.webauthnJSON[form.dataset.passkey](question);
        form.elements.credential.value = JSON.stringify(answer);
        form.submit();
      } catch (refused) {
        error.hidden = false;
        error.focus();
      }
    });
  });
})();
