// Looks at one document (page or frame) and returns faults as [rule, message]; `check.links` are relative links.
window.evidenceCheck = (function () {
  "use strict";
  var SKIPPED = { SCRIPT: 1, STYLE: 1, CODE: 1, PRE: 1, TEXTAREA: 1, TEMPLATE: 1 };

  function all(selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  }

  function short(text) {
    text = String(text).replace(/\s+/g, " ").trim();
    return text.length > 120 ? text.slice(0, 117) + "..." : text;
  }

  function name(element) {
    var id = element.id ? "#" + element.id : "";
    var kind = typeof element.className === "string" && element.className ? "." + element.className.split(/\s+/)[0] : "";
    var near = id ? null : element.closest("[id]");
    return element.tagName.toLowerCase() + (id || kind) + (near ? " in #" + near.id : "");
  }

  function ids() {
    var seen = {}, faults = [];
    all("[id]").forEach(function (element) {
      var id = element.id;
      seen[id] = (Object.prototype.hasOwnProperty.call(seen, id) ? seen[id] : 0) + 1;
      if (seen[id] === 2) { faults.push(["duplicate id", "the id " + short(id) + " is given more than once"]); }
    });
    return faults;
  }

  function spokenName(svg) {
    var labelled = (svg.getAttribute("aria-labelledby") || "").split(/\s+/).map(function (id) {
      var target = id && document.getElementById(id);
      return target ? target.textContent : "";
    }).join(" ");
    var title = svg.querySelector(":scope > title");
    return (labelled + (svg.getAttribute("aria-label") || "") + (title ? title.textContent : "")).trim();
  }

  function pictures() {
    var faults = [];
    all("img, input[type=image]").forEach(function (image) {
      if (image.closest("[aria-hidden=true]") || image.getAttribute("role") === "presentation") { return; }
      var alt = image.getAttribute("alt");
      if (!alt || !alt.trim()) { faults.push(["alt text", name(image) + " has no alternative text"]); }
      else if (/no description has been provided/i.test(alt)) {
        faults.push(["alt text", name(image) + " has a stopgap for an alternative text"]);
      }
    });
    all("svg").forEach(function (svg) {
      if (svg.closest("[aria-hidden=true]") || svg.parentElement.closest("svg")) { return; }
      if (svg.getAttribute("role") === "img" && !spokenName(svg)) {
        faults.push(["alt text", name(svg) + " has role=img and no name"]);
      } else if (svg.closest("figure") && svg.getAttribute("role") !== "img") {
        faults.push(["alt text", name(svg) + " in a figure has no role=img"]);
      }
    });
    return faults;
  }

  function target(hash) {
    var id = hash.slice(1);
    try { id = decodeURIComponent(id); } catch (error) { /* a % that encodes nothing is part of the id */ }
    return document.getElementById(id);
  }

  function anchors() {
    var faults = [];
    all("a[href], area[href]").forEach(function (link) {
      var href = link.getAttribute("href").trim();
      if (href === "#" || href === "#top") { return; }
      if (href.charAt(0) === "#") {
        if (!target(href)) { faults.push(["broken link", "the link " + short(href) + ' ("' + short(link.textContent) + '") leads nowhere']); }
      } else if (/^[a-z][a-z0-9+.-]*:/i.test(href)) {
        var allowed = /^(https?|mailto|tel):/i.test(href) || (/^data:/i.test(href) && link.hasAttribute("download"));
        if (!allowed) { faults.push(["broken link", "the link " + short(href) + " has a scheme that reports do not use"]); }
      }
    });
    all("use").forEach(function (use) {
      var href = use.getAttribute("href") || use.getAttribute("xlink:href") || "";
      if (!target(href || "#")) { faults.push(["broken link", "a picture (" + name(use) + ") points to " + short(href) + ", which is not there"]); }
    });
    all("[clip-path^='url(#'], [fill^='url(#']").forEach(function (part) {
      var found = /url\(#([^)]+)\)/.exec(part.getAttribute("clip-path") || part.getAttribute("fill"));
      if (found && !document.getElementById(found[1])) {
        faults.push(["broken link", "a picture (" + name(part) + ") points to #" + short(found[1]) + ", which is not there"]);
      }
    });
    return faults;
  }

  function isInside(value) {
    return /^\s*(data:|blob:|about:|#|$)/i.test(value);
  }

  function outside() {
    var faults = [];
    function refuse(element, value) {
      faults.push(["request", name(element) + " refers to " + short(value)]);
    }
    all("[src], [srcset], [poster], object[data], [background]").forEach(function (element) {
      ["src", "srcset", "poster", "data", "background"].forEach(function (attribute) {
        var value = element.getAttribute(attribute);
        if (value !== null && !isInside(value)) { refuse(element, value); }
      });
    });
    all("link[href], image[href], feImage[href], base[href]").forEach(function (element) {
      if (!isInside(element.getAttribute("href"))) { refuse(element, element.getAttribute("href")); }
    });
    all("form[action], [formaction], a[ping]").forEach(function (element) {
      refuse(element, element.getAttribute("action") || element.getAttribute("formaction") || element.getAttribute("ping"));
    });
    all("meta[http-equiv]").forEach(function (meta) {
      if (/refresh/i.test(meta.httpEquiv)) { refuse(meta, meta.content); }
    });
    all("style").map(function (style) { return [style, style.textContent]; })
      .concat(all("[style]").map(function (element) { return [element, element.getAttribute("style")]; }))
      .forEach(function (pair) {
        var found = /@import[^;]*|url\(\s*['"]?(?!data:|#)[^)]*\)/i.exec(pair[1].replace(/\/\*[\s\S]*?\*\//g, ""));
        if (found) { refuse(pair[0], found[0]); }
      });
    return faults;
  }

  function words() {
    var faults = [], node;
    var walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    while ((node = walker.nextNode())) {
      var parent = node.parentElement;
      if (!parent || SKIPPED[parent.tagName] || parent.closest("code, pre, script, style")) { continue; }
      var text = node.nodeValue;
      var found = /\{\{?\s*[A-Za-z_][\w.:-]*\s*\}?\}/.exec(text);
      if (found) { faults.push(["placeholder", "unfilled " + found[0] + " in " + name(parent)]); }
      if (/^\s*(nan|NaN|None|NaT|<NA>|undefined|\[object Object\])\s*$/.test(text)) {
        faults.push(["placeholder", '"' + text.trim() + '" is shown in ' + name(parent)]);
      }
    }
    all("[alt], [title], [aria-label]").forEach(function (element) {
      ["alt", "title", "aria-label"].forEach(function (attribute) {
        var found = /\{[A-Za-z_][\w.:-]*\}/.exec(element.getAttribute(attribute) || "");
        if (found) { faults.push(["placeholder", "unfilled " + found[0] + " in " + attribute + " of " + name(element)]); }
      });
    });
    all("a.xref").forEach(function (link) {
      if (!link.textContent.trim()) { faults.push(["placeholder", "empty cross reference to " + short(link.getAttribute("href"))]); }
    });
    if (/Traceback \(most recent call last\)/.test(document.documentElement.textContent)) {
      faults.push(["error output", "a traceback is shown"]);
    }
    all(".output_error, .jp-OutputArea-output[data-mime-type*=error]").forEach(function (element) {
      faults.push(["error output", "an error output is shown: " + short(element.textContent)]);
    });
    return faults;
  }

  function relativeLinks() {
    return all("a[href]").map(function (link) { return link.getAttribute("href").trim(); }).filter(function (href) {
      return href && href.charAt(0) !== "#" && !/^[a-z][a-z0-9+.-]*:/i.test(href);
    });
  }

  function contents() {
    return { faults: [].concat(ids(), pictures(), anchors(), outside(), words()), links: relativeLinks() };
  }

  function scrolls(element) {
    return /auto|scroll/.test(getComputedStyle(element).overflowX);
  }

  function isHiddenForEyes(element) {
    return element.closest(".visually-hidden, .skip") !== null;
  }

  // What reaches beyond the window at the right and is in no box that scrolls.
  function wide() {
    var limit = document.documentElement.clientWidth + 1;
    if (document.documentElement.scrollWidth > limit) {
      var culprits = all("body *").filter(function (element) {
        if (element.closest("svg svg, svg *") || element.getBoundingClientRect().right <= limit) { return false; }
        for (var box = element; box && box !== document.body; box = box.parentElement) {
          if (box !== element && scrolls(box)) { return false; }
        }
        return true;
      });
      var last = culprits[culprits.length - 1];
      return [["horizontal scroll", "the page is " + document.documentElement.scrollWidth + " px wide in a window of " + (limit - 1) +
        " px" + (last ? "; it is widened by " + name(last) : "")]];
    }
    return [];
  }

  function clipped() {
    var faults = [];
    all("h1, h2, h3, h4, p, li, td, th, dd, dt, figcaption, caption, summary, button, a").forEach(function (element) {
      var style = getComputedStyle(element);
      if (isHiddenForEyes(element) || !/hidden|clip/.test(style.overflowX + style.overflowY)) { return; }
      if (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1) {
        faults.push(["clipped text", name(element) + ' cuts its text: "' + short(element.textContent) + '"']);
      }
    });
    all("svg[role=img]").forEach(function (svg) {
      var frame = svg.getBoundingClientRect();
      if (!frame.width) { return; }
      var cut = all("text, use", svg).some(function (part) {
        if (part.closest("[clip-path]")) { return false; }
        var box = part.getBoundingClientRect();
        return box.width > 0 && (box.left < frame.left - 2 || box.right > frame.right + 2 ||
          box.top < frame.top - 2 || box.bottom > frame.bottom + 2);
      });
      if (cut) { faults.push(["clipped text", "text or a mark of a picture (" + name(svg) + ") is cut at its edge"]); }
    });
    return faults;
  }

  // One element with text for each way that text is styled: contrast depends on the styles, and measuring it is slow.
  function styledTexts() {
    var first = new Map(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), node;
    while ((node = walker.nextNode())) {
      var element = node.parentElement;
      if (!node.nodeValue.trim() || !element.checkVisibility() || element.closest("svg, script, style")) { continue; }
      var style = "";
      for (var box = element; box && box !== document.body; box = box.parentElement) {
        style += "<" + box.tagName + "." + box.className + ";" + (box.getAttribute("style") || "");
      }
      if (!first.has(style)) { first.set(style, element); }
    }
    return Array.from(first.values());
  }

  // Takes away what axe would walk through again and again to find the same: the strokes of pictures, which are one
  // thing with a name to readers, and table rows that are built like three rows before them.
  function thin() {
    all("svg[role=img] > :not(title, desc)").forEach(function (part) { part.remove(); });
    all("tbody").forEach(function (body) {
      var seen = {};
      all(":scope > tr", body).forEach(function (row) {
        var shape = all("*", row).map(function (part) {
          var style = part.getAttribute("style") || "";
          return part.tagName + "." + part.className + "." + (part.getAttribute("role") || "") + style + (part.textContent.trim() ? 1 : 0);
        }).join() + row.className;
        seen[shape] = (seen[shape] || 0) + 1;
        if (seen[shape] > 3) { row.remove(); }
      });
    });
  }

  function faultsOf(result) {
    return result.violations.map(function (rule) {
      var more = rule.nodes.length > 1 ? " and " + (rule.nodes.length - 1) + " more" : "";
      return ["accessibility", rule.id + ": " + rule.help + ": " + short(rule.nodes[0].target[0]) + more];
    });
  }

  // Runs axe, which must be loaded: the colours always, other rules if given.
  async function accessibility(rules) {
    var options = { iframes: false, resultTypes: ["violations"] };
    var texts = styledTexts(), faults = [];
    if (texts.length) {
      var colours = { type: "rule", values: ["color-contrast", "link-in-text-block"] };
      faults = faultsOf(await axe.run({ include: texts }, Object.assign({ runOnly: colours }, options)));
    }
    if (rules) {
      var rest = { runOnly: rules };
      if (rules.type === "tag") {
        rest.rules = { "color-contrast": { enabled: false }, "link-in-text-block": { enabled: false } };
      }
      faults = faults.concat(faultsOf(await axe.run(document, Object.assign(rest, options))));
    }
    return faults;
  }

  return {
    contents: contents,
    layout: function () { return wide().concat(clipped()); },
    thin: thin,
    accessibility: accessibility
  };
})();
