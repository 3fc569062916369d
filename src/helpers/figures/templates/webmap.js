// Draws the countries and the places of a seat map. Everything that comes from data is set as text, never as HTML.
function drawSeatMap(map, data) {
  "use strict";
  var moved = false;
  var home = 4;

  function fit() {
    map.invalidateSize(false);
    // A page may show the map later than it loads it; without a size there is nothing to fit.
    if (!map.getSize().x || !map.getSize().y) {
      return;
    }
    if (!moved) {
      map.fitBounds(data.bounds, { animate: false, padding: [6, 6] });
      home = map.getZoom();
      map.setMinZoom(Math.max(1, home - 1));
    }
    resize();
  }

  function line(tag, text) {
    var element = document.createElement(tag);
    element.textContent = text;
    return element;
  }

  // Flat list of differences -> corners. Longitude first, as in GeoJSON; Leaflet wants latitude first.
  function corners(ring) {
    var x = 0;
    var y = 0;
    var result = [];
    for (var i = 0; i < ring.length; i += 2) {
      x += ring[i];
      y += ring[i + 1];
      result.push([y / data.land.unit, x / data.land.unit]);
    }
    return result;
  }

  function drawLand(kind) {
    data.land[kind].forEach(function (rings) {
      L.polygon(rings.map(corners), { interactive: false, className: "land " + kind }).addTo(map);
    });
  }

  function details(place) {
    if (place[8]) {
      return place[8];
    }
    var noun = data.noun[place[2] === 1 ? 0 : 1];
    var country = Object.prototype.hasOwnProperty.call(data.countries, place[4]) ? data.countries[place[4]] : place[4];
    var counted = place[2].toLocaleString("en") + " " + noun;
    return place[6] ? [country, counted] : [country, counted, "Region: " + place[5]];
  }

  function popup(place) {
    var box = document.createElement("div");
    box.appendChild(line("strong", place[3]));
    details(place).forEach(function (text) {
      box.appendChild(line("div", text));
    });
    // Its entries, if it has any: lists of lines, the first of which says whose it is.
    if (place[6]) {
      box.className = "entries";
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", place[3]);
      place[6].forEach(function (lines) { box.appendChild(entry(lines)); });
    }
    return box;
  }

  function entry(lines) {
    var part = document.createElement("div");
    part.className = "entry";
    lines.forEach(function (text, index) { part.appendChild(line(index ? "div" : "strong", text)); });
    return part;
  }

  function circle(place) {
    var marker = L.circleMarker([place[0], place[1]], { className: place[7] ? "place " + place[7] : "place" });
    marker.bindPopup(popup(place), { autoPanPadding: [12, 12], maxWidth: 240 });
    marker.bindTooltip(line("span", place[3] + ": " + (place[8] ? place[8][0] : place[2])), { direction: "top" });
    marker.on("popupopen", function () { marker.closeTooltip(); });
    marker.addTo(map);
    var element = marker.getElement();
    element.setAttribute("role", "button");
    element.setAttribute("tabindex", "-1");
    element.setAttribute("aria-label", [place[3]].concat(details(place)).join(", "));
    return marker;
  }

  // Circles are smaller on a small screen and grow a little on zooming in; the legend follows.
  function resize() {
    var screen = Math.min(1, Math.max(0.7, map.getSize().x / 900));
    var zoomed = Math.min(2, Math.max(1, Math.pow(1.15, map.getZoom() - home)));
    var scale = data.scale * screen * zoomed;
    markers.forEach(function (marker, index) {
      marker.setRadius(Math.max(1.5, scale * Math.sqrt(data.places[index][2])));
    });
    if (flows) {
      flows(screen, markers);
    }
    document.querySelectorAll("circle[data-count]").forEach(function (key) {
      var radius = scale * Math.sqrt(Number(key.getAttribute("data-count")));
      var size = Math.ceil(2 * radius + 2);
      key.setAttribute("r", radius);
      key.setAttribute("cx", size / 2);
      key.setAttribute("cy", size / 2);
      key.parentNode.setAttribute("width", size);
      key.parentNode.setAttribute("height", size);
    });
  }

  // The place nearest in the direction of an arrow key; what lies off the axis counts double.
  function neighbour(from, dx, dy) {
    var here = map.latLngToLayerPoint(markers[from].getLatLng());
    var best = -1;
    var bestCost = Infinity;
    markers.forEach(function (marker, index) {
      var there = map.latLngToLayerPoint(marker.getLatLng());
      var along = (there.x - here.x) * dx + (there.y - here.y) * dy;
      var across = Math.abs((there.x - here.x) * dy) + Math.abs((there.y - here.y) * dx);
      var cost = along + 2 * across;
      if (index !== from && along > 0 && cost < bestCost) {
        best = index;
        bestCost = cost;
      }
    });
    return best;
  }

  // One tab stop for all places: the place that the reader was at last.
  function setCurrent(index) {
    markers.forEach(function (marker, other) {
      marker.getElement().setAttribute("tabindex", other === index ? "0" : "-1");
    });
  }

  function onKey(index, event) {
    var step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Enter" || event.key === " ") {
      markers[index].openPopup();
    } else if (event.key === "Escape") {
      markers[index].closePopup();
    } else if (step) {
      var next = neighbour(index, step[0], step[1]);
      if (next >= 0) {
        moved = true;
        map.panInside(markers[next].getLatLng(), { padding: [30, 30], animate: false });
        markers[next].getElement().focus();
      }
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  drawLand("other");
  drawLand("empty");
  drawLand("scope");
  var flows = data.flows ? drawFlows(map, data.flows, line) : null;
  var markers = data.places.map(circle);
  markers.forEach(function (marker, index) {
    var element = marker.getElement();
    element.addEventListener("focus", function () { setCurrent(index); });
    element.addEventListener("keydown", function (event) { onKey(index, event); });
  });
  if (markers.length) {
    setCurrent(0);
  }
  map.attributionControl.setPrefix(false).addAttribution(data.attribution);
  var container = map.getContainer();
  container.setAttribute("role", "region");
  container.setAttribute("aria-label", data.label);
  // On the way down, since the buttons for zooming let nothing come up again.
  ["mousedown", "wheel", "touchstart", "keydown"].forEach(function (name) {
    container.addEventListener(name, function () { moved = true; }, { passive: true, capture: true });
  });
  function button(text, bounds) {
    var element = document.createElement("button");
    element.type = "button";
    element.textContent = text;
    element.addEventListener("click", function () {
      moved = bounds !== data.bounds;
      map.fitBounds(bounds, { animate: false, padding: [6, 6] });
    });
    return element;
  }

  var views = document.querySelector(".views");
  if (views && data.views.length) {
    views.appendChild(line("span", "Show: "));
    views.appendChild(button("main map", data.bounds));
    data.views.forEach(function (view) { views.appendChild(button(view.name, view.bounds)); });
  }
  map.on("zoomend", resize);
  fit();
  new ResizeObserver(fit).observe(container);
}
