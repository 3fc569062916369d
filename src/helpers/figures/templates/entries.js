// Shows only the entries of the list that hold every word of the search box.
(function () {
  "use strict";
  var box = document.getElementById("find");
  var found = document.getElementById("found");
  var groups = Array.prototype.slice.call(document.querySelectorAll("tbody[data-country]"));

  // "Niederosterreich" finds "Niederösterreich".
  function plain(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  var rows = [];
  groups.forEach(function (group) {
    var country = group.getAttribute("data-country");
    group.querySelectorAll("tr[id]").forEach(function (row) {
      rows.push({ element: row, group: group, text: plain(country + " " + row.textContent) });
    });
  });

  function show() {
    var words = plain(box.value).split(/\s+/).filter(Boolean);
    var count = 0;
    groups.forEach(function (group) { group.hidden = true; });
    rows.forEach(function (row) {
      var fits = words.every(function (word) { return row.text.indexOf(word) >= 0; });
      row.element.hidden = !fits;
      if (fits) {
        count += 1;
        row.group.hidden = false;
      }
    });
    found.textContent = count + " of " + rows.length;
  }

  box.addEventListener("input", show);
})();
