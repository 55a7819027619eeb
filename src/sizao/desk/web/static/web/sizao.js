// Conveniences only: every page works without this file.
(function () {
  "use strict";

  // Lists by keyboard, only while the focus is in the list: j and k move, Enter opens (the row's own link), n and g page.
  var list = document.querySelector("[data-list]");
  if (list) {
    document.querySelectorAll("[data-keys]").forEach(function (hint) { hint.hidden = false; });
    var rows = function () { return Array.prototype.slice.call(list.querySelectorAll("a[data-row], [data-row] a")); };
    var firsts = function () {
      var seen = [];
      return rows().filter(function (link) {
        var row = link.closest("tr, li") || link;
        return seen.indexOf(row) < 0 && seen.push(row);
      });
    };
    var follow = function (mark) {
      var link = document.querySelector(mark);
      if (link) { link.click(); }
    };
    list.addEventListener("keydown", function (event) {
      var at = event.target;
      if (event.altKey || event.ctrlKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) || at.isContentEditable) { return; }
      var links = firsts();
      var row = at.closest ? at.closest("tr, li") : null;
      var here = links.findIndex(function (link) { return link === at || (row && row.contains(link)); });
      if (event.key === "j" || event.key === "k") {
        var next = links[Math.max(0, Math.min(links.length - 1, here + (event.key === "j" ? 1 : -1)))];
        if (next) { next.focus(); event.preventDefault(); }
      } else if (event.key === "n") {
        follow("[data-next]");
      } else if (event.key === "g") {
        follow("[data-first]");
      }
    });
  }

  // The first error is where a reader begins.
  var summary = document.querySelector(".govuk-error-summary");
  if (summary) { summary.tabIndex = -1; summary.focus(); }

  // A form sent once is sent once: a second press within two seconds is a slip.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") { return; }
    if (form.dataset.sent && Date.now() - form.dataset.sent < 2000) { event.preventDefault(); }
    form.dataset.sent = Date.now();
  });

  // Drafts: a form marked data-draft="name" tells the page when it changes and when it is sent; the contacts desk keeps them.
  document.querySelectorAll("form[data-draft]").forEach(function (form) {
    var tell = function (what) {
      form.dispatchEvent(new CustomEvent("sizao:" + what, { bubbles: true, detail: { name: form.dataset.draft } }));
    };
    form.addEventListener("input", function () { tell("draft"); });
    form.addEventListener("submit", function () { tell("sent"); });
  });
}());
