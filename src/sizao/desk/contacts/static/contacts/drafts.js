// What is entered without a network is kept on this device and sent later. Every page works without this file.
//
// A draft keeps the hidden key of its form, so that what reached the server and is sent again is recorded once. Drafts are kept under
// whoever is signed in, shown to nobody else, and thrown away after three days.
(function () {
  "use strict";

  var box = document.querySelector("[data-drafts]");
  if (!box || !window.localStorage) { return; }
  var OWNER = "sizao-draft:" + box.dataset.owner + ":";
  var KEEP_MS = 3 * 24 * 3600 * 1000;
  var says = box.querySelector("[data-drafts-says]");
  var list = box.querySelector("[data-drafts-list]");
  var button = box.querySelector("[data-drafts-send]");

  function read(name) {
    try { return JSON.parse(localStorage.getItem(OWNER + name)); } catch (broken) { return null; }
  }
  function write(name, draft) {
    try { localStorage.setItem(OWNER + name, JSON.stringify(draft)); } catch (full) { /* then there is no draft */ }
  }
  function drop(name) { localStorage.removeItem(OWNER + name); }
  function names() {
    return Object.keys(localStorage).filter(function (key) { return key.indexOf(OWNER) === 0; })
      .map(function (key) { return key.slice(OWNER.length); });
  }

  function fieldsOf(form) {
    return Array.prototype.slice.call(form.elements).filter(function (field) {
      var ticked = field.type !== "checkbox" && field.type !== "radio" || field.checked;
      return field.name && field.name !== "csrfmiddlewaretoken" && ticked && field.type !== "submit";
    }).map(function (field) { return [field.name, field.value]; });
  }
  function fill(form, fields) {
    Array.prototype.slice.call(form.elements).forEach(function (field) {
      if (!field.name || field.name === "csrfmiddlewaretoken" || field.type === "submit") { return; }
      var values = fields.filter(function (pair) { return pair[0] === field.name; }).map(function (pair) { return pair[1]; });
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = values.indexOf(field.value) >= 0;
      } else if (values.length) {
        field.value = values[0];
      }
    });
  }
  function keep(form, state) {
    var label = form.dataset.name || document.title;
    write(form.dataset.draft, {
      url: form.action, label: label, fields: fieldsOf(form), state: state, at: Date.now()
    });
  }

  function tell(text) {
    box.hidden = !text;
    says.textContent = text || "";
  }
  function waiting() {
    return names().filter(function (name) { var draft = read(name); return draft && draft.state === "waiting"; });
  }
  function show() {
    var kept = waiting();
    list.textContent = "";
    kept.forEach(function (name) {
      var draft = read(name), item = document.createElement("li"), link = document.createElement("a");
      link.href = draft.url;
      link.textContent = draft.label;
      if (draft.refused) { item.appendChild(document.createTextNode(box.dataset.saysOpen + " ")); }
      item.appendChild(link);
      list.appendChild(item);
    });
    button.hidden = !kept.length || !navigator.onLine;
    if (!navigator.onLine) { tell(box.dataset.saysOffline); } else { tell(kept.length ? box.dataset.saysWaiting : ""); }
  }

  // What became of what was sent before this page: recorded, refused with errors, or nobody knows.
  var recorded = document.querySelector(".govuk-notification-banner--success");
  var refused = document.querySelector(".govuk-error-summary");
  names().forEach(function (name) {
    var draft = read(name);
    if (!draft || Date.now() - draft.at > KEEP_MS || (draft.state === "sent" && recorded)) {
      drop(name);
    } else if (draft.state === "sent") {
      draft.state = refused ? "open" : "waiting";
      write(name, draft);
    }
  });
  document.querySelectorAll("form[data-draft]").forEach(function (form) {
    var draft = read(form.dataset.draft);
    if (draft && !refused) { fill(form, draft.fields); }
  });

  document.addEventListener("sizao:draft", function (event) { keep(event.target, "open"); });
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.dataset.draft) { return; }
    if (navigator.onLine) {
      keep(form, "sent");
    } else {
      event.preventDefault();
      keep(form, "waiting");
      show();
      tell(box.dataset.saysKept);
    }
  });
  window.addEventListener("online", show);
  window.addEventListener("offline", show);

  function send(name) {
    var draft = read(name), body = new URLSearchParams(draft.fields);
    body.append("csrfmiddlewaretoken", document.querySelector("input[name=csrfmiddlewaretoken]").value);
    return fetch(draft.url, { method: "POST", body: body, credentials: "same-origin" }).then(function (answer) {
      var there = new URL(answer.url).pathname;
      if (answer.ok && answer.redirected && there.indexOf(box.dataset.sign) !== 0) {
        drop(name);
      } else {
        draft.refused = true;
        write(name, draft);
      }
    });
  }
  button.addEventListener("click", function () {
    button.disabled = true;
    waiting().reduce(function (before, name) { return before.then(function () { return send(name); }); }, Promise.resolve())
      .catch(function () { /* the network went again: what is kept stays kept */ })
      .then(function () {
        button.disabled = false;
        show();
        if (!waiting().length) { tell(box.dataset.saysSent); }
      });
  });
  show();
}());
