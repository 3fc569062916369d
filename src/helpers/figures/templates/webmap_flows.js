// Draws the bands of a flow map, and returns what redraws them: at every zoom, since they are as wide on the
// screen at each. What a band says stands in the popups of the places at its ends, too, which keys reach.
function drawFlows(map, flows, line) {
  "use strict";

  function band(flow) {
    var drawn = L.polygon([[flow[0], flow[1]], [flow[2], flow[3]]], { className: "flow", smoothFactor: 0, noClip: true });
    drawn.bindTooltip(line("span", flow[5]), { sticky: true });
    drawn.addTo(map);
    drawn.getElement().setAttribute("aria-hidden", "true");
    return drawn;
  }

  // Corners of an arrow on the screen. It bends to the right of its direction, so that there and back lie
  // apart; it leaves out the circles at its ends where there is room, and its head takes half of it at most.
  function arrow(flow, width, markers) {
    var tail = map.latLngToLayerPoint([flow[0], flow[1]]);
    var head = map.latLngToLayerPoint([flow[2], flow[3]]);
    var middle = tail.add(head).divideBy(2).add(L.point(tail.y - head.y, head.x - tail.x).multiplyBy(0.16));
    var length = (tail.distanceTo(middle) + tail.distanceTo(head) + middle.distanceTo(head)) / 2;
    if (!length) {
      return [[flow[0], flow[1]]];
    }
    var room = [flow[6], flow[7]].map(function (place) { return place < 0 ? 0 : markers[place].getRadius() / length; });
    var kept = room[0] + room[1] > 0.6 ? 0.6 / (room[0] + room[1]) : 1;
    var from = room[0] * kept;
    var to = 1 - room[1] * kept;
    var point = Math.min((to - from) / 2, (4 + 0.9 * width) / length);
    var barb = width / 2 + Math.min(3 + 0.15 * width, point * length);

    function at(t) {
      return tail.multiplyBy((1 - t) * (1 - t)).add(middle.multiplyBy(2 * t * (1 - t))).add(head.multiplyBy(t * t));
    }

    function beside(t, by) {
      var along = middle.subtract(tail).multiplyBy(1 - t).add(head.subtract(middle).multiplyBy(t));
      var size = Math.sqrt(along.x * along.x + along.y * along.y) || 1;
      return at(t).add(L.point(-along.y, along.x).multiplyBy(by / size));
    }

    var left = [];
    var right = [];
    for (var step = 0; step <= 16; step += 1) {
      var t = from + (to - point - from) * step / 16;
      left.push(beside(t, width / 2));
      right.unshift(beside(t, -width / 2));
    }
    left.push(beside(to - point, barb), at(to), beside(to - point, -barb));
    return left.concat(right).map(function (corner) { return map.layerPointToLatLng(corner); });
  }

  var bands = flows.map(band);
  return function (factor, markers) {
    bands.forEach(function (drawn, index) {
      drawn.setLatLngs(arrow(flows[index], flows[index][4] * factor, markers));
    });
    document.querySelectorAll("rect[data-width]").forEach(function (key) {
      var width = Number(key.getAttribute("data-width")) * factor;
      key.setAttribute("height", width);
      key.setAttribute("y", 8 - width / 2);
    });
  };
}
