/* Progressive enhancement only: every page works without this file. */
(function () {
  "use strict";

  function all(selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  }

  /* The error summary is read out first; its links land on the field itself. */
  function focusErrorSummary() {
    var summary = document.querySelector(".error-summary");
    if (!summary) return;
    summary.focus();
    summary.addEventListener("click", function (event) {
      var link = event.target.closest("a[href^='#']");
      var field = link && document.getElementById(link.getAttribute("href").slice(1));
      if (!field) return;
      event.preventDefault();
      field.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
    });
  }

  /* One click, one send. The server keeps the promise too; this only spares the second request. */
  function preventDoubleSubmit() {
    document.addEventListener("submit", function (event) {
      var form = event.target;
      if (form.method !== "post" || event.defaultPrevented) return;
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "1";
      Array.from(form.elements).forEach(function (button) {
        if (button.type === "submit") button.setAttribute("aria-disabled", "true");
      });
    });
    window.addEventListener("pageshow", function () {
      all("form[data-sent]").forEach(function (form) {
        delete form.dataset.sent;
        Array.from(form.elements).forEach(function (button) { button.removeAttribute("aria-disabled"); });
      });
    });
    all("form[method=post]").forEach(function (form) { form.noValidate = true; });
  }

  /* A job's progress: the fragment names its own address; polling rests while the page is hidden and ends with the job. */
  function pollJobs() {
    all("[data-poll]").forEach(function poll(element) {
      var wait = Number(element.dataset.pollSeconds || 2) * 1000;
      window.setTimeout(function () {
        if (document.hidden) {
          document.addEventListener("visibilitychange", function once() {
            document.removeEventListener("visibilitychange", once);
            poll(element);
          });
          return;
        }
        fetch(element.dataset.poll, { credentials: "same-origin", headers: { "X-Fragment": "1" } })
          .then(function (response) {
            if (!response.ok) throw new Error(String(response.status));
            return response.text();
          })
          .then(function (html) {
            var page = new DOMParser().parseFromString(html, "text/html");
            var fresh = page.getElementById(element.id) || page.body.firstElementChild;
            if (!fresh) return;
            fresh = document.importNode(fresh, true);
            element.replaceWith(fresh);
            if (fresh.dataset.poll) poll(fresh);
          })
          .catch(function () {
            element.dataset.pollSeconds = String(Math.min(60, wait / 500));
            poll(element);
          });
      }, wait);
    });
  }

  /* Desk keys: j and k walk the queue, a and d press the decision buttons marked data-key. Ignored while typing. */
  function deskKeys() {
    if (!document.querySelector("[data-desk]")) return;
    document.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest("input:not([type=radio]):not([type=checkbox]), select, textarea, [contenteditable]")) return;
      var key = event.key.toLowerCase();
      if (key === "j" || key === "k") {
        var items = all("[data-desk] .queue-item, [data-desk] [data-queue-item]");
        var here = items.findIndex(function (item) { return item.hasAttribute("aria-current"); });
        var next = items[here + (key === "j" ? 1 : -1)];
        if (next) next.click();
      } else {
        var button = document.querySelector("[data-desk] [data-key='" + (/^[a-z]$/.test(key) ? key : "") + "']");
        if (button) {
          event.preventDefault();
          button.click();
        }
      }
    });
  }

  /* On a phone the filter panel starts closed, unless something is chosen; on a desktop it stands open. */
  function filterSheet() {
    var phone = window.matchMedia("(max-width: 899.98px)");
    all("details.filters").forEach(function (panel) {
      if (phone.matches && !panel.hasAttribute("data-active")) panel.open = false;
    });
  }

  /* Stacked rows on a phone name their columns. */
  function labelCells() {
    all("table.table-stack").forEach(function (table) {
      var heads = all("thead th", table).map(function (head) { return head.textContent.trim(); });
      table.setAttribute("role", "table");
      all("tbody", table).forEach(function (body) { body.setAttribute("role", "rowgroup"); });
      all("tr", table).forEach(function (row) { row.setAttribute("role", "row"); });
      all("thead th", table).forEach(function (head) { head.setAttribute("role", "columnheader"); });
      all("tbody tr", table).forEach(function (row) {
        Array.prototype.forEach.call(row.cells, function (cell, index) {
          cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
          if (cell.tagName === "TD" && heads[index] && !cell.dataset.label && cell.colSpan === 1) cell.dataset.label = heads[index];
        });
      });
    });
  }

  /* Open menus close with Escape or a click elsewhere. */
  function closeMenus() {
    document.addEventListener("click", function (event) {
      all("details.menu[open]").forEach(function (menu) {
        if (!menu.contains(event.target)) menu.open = false;
      });
    });
    document.addEventListener("keydown", function (event) {
      var menu = event.key === "Escape" && document.querySelector("details.menu[open]");
      if (!menu) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }

  /* Read aloud, where the browser can speak. */
  function readAloud() {
    var button = document.querySelector("[data-read-aloud]");
    if (!button || !window.speechSynthesis) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      if (window.speechSynthesis.speaking) {
        window.speechSynthesis.cancel();
        return;
      }
      var words = new SpeechSynthesisUtterance(document.querySelector("main").innerText);
      words.lang = document.documentElement.lang;
      words.rate = 0.9;
      window.speechSynthesis.speak(words);
    });
  }

  /* Buttons that only make sense with a script, such as "print". */
  function printButtons() {
    all("[data-print]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { window.print(); });
    });
  }

  [focusErrorSummary, preventDoubleSubmit, pollJobs, deskKeys, filterSheet, labelCells, closeMenus, readAloud, printButtons]
    .forEach(function (enhance) { enhance(); });
})();
