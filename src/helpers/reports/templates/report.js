(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  function each(selector, work) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), work);
  }

  // Interactive maps: shown on screen, their static twin behind a button. Without this script the twin is shown.
  each("figure .interactive", function (box) {
    var figure = box.closest("figure");
    var button = document.createElement("button");
    button.type = "button";
    button.className = "toggle-static";
    function show(isStatic) {
      figure.classList.toggle("show-interactive", !isStatic);
      button.textContent = isStatic ? "Show the interactive map" : "Show as a still picture";
    }
    button.addEventListener("click", function () {
      show(figure.classList.contains("show-interactive"));
    });
    box.parentNode.insertBefore(button, box.nextSibling);
    show(false);
  });

  var allCode = document.getElementById("all-code");
  if (document.querySelector("details.code")) {
    allCode.hidden = false;
    allCode.addEventListener("click", function () {
      var open = allCode.getAttribute("aria-pressed") !== "true";
      allCode.setAttribute("aria-pressed", String(open));
      allCode.textContent = open ? "Hide all code" : "Show all code";
      each("main details.code", function (fold) { fold.open = open; });
    });
  }

  var contents = document.getElementById("contents");
  var wide = window.matchMedia("(min-width: 1100px)");
  function fit() { contents.open = wide.matches; }
  wide.addEventListener("change", fit);
  fit();

  // A link into a fold opens it.
  function reveal() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var fold = target && target.closest("details");
    while (fold) {
      fold.open = true;
      fold = fold.parentElement.closest("details");
    }
    if (target) { target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", reveal);
  if (location.hash) { reveal(); }

  // On paper, folds with facts about the report are open.
  var opened = [];
  window.addEventListener("beforeprint", function () {
    each("details.print-open:not([open])", function (fold) {
      fold.open = true;
      opened.push(fold);
    });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (fold) { fold.open = false; });
    opened = [];
  });

  // The contents mark the section being read.
  var links = {};
  each(".contents a", function (link) { links[link.hash.slice(1)] = link; });
  var headings = Object.keys(links).map(function (id) { return document.getElementById(id); });
  function mark() {
    var current = null;
    headings.forEach(function (heading) {
      if (heading && heading.getBoundingClientRect().top < 140) { current = heading; }
    });
    each(".contents a[aria-current]", function (link) { link.removeAttribute("aria-current"); });
    if (current) { links[current.id].setAttribute("aria-current", "location"); }
  }
  var waiting = false;
  window.addEventListener("scroll", function () {
    if (waiting) { return; }
    waiting = true;
    requestAnimationFrame(function () { waiting = false; mark(); });
  }, { passive: true });
  mark();
})();
