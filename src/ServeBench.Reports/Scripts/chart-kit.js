// What the chart options need beyond JSON: one drawing of ranges over trials. Inlined into the HTML report.
function installChartKit(echarts) {
  'use strict';

  // A line from the least to the greatest trial with a cap at each end, a dot for every trial, and a label beyond the
  // greatest. A datum is [category, least, greatest]; what belongs to a datum besides numbers is in itemPayload, by index:
  //   dots: the value of every trial; labels: text; colour, textColour, dotColour;
  //   maximum: what lies beyond runs out of the drawing, and only the label is drawn, at its edge;
  //   series, count: which bar of how many beside each other in a category it belongs to; count 0: at the category's middle.
  function drawRange(params, api) {
    var payload = params.itemPayload;
    var category = api.value(0);
    var shift = 0;
    if (payload.count > 0) {
      var bars = api.barLayout({ count: payload.count, barGap: payload.barGap, barCategoryGap: payload.barCategoryGap, barMaxWidth: payload.barMaxWidth });
      shift = bars[payload.series].offsetCenter;
    }
    function at(value) {
      var point = api.coord([category, value]);
      return [point[0] + shift, point[1]];
    }
    var low = at(api.value(1));
    var high = at(api.value(2));
    var cap = payload.cap;
    var stroke = { stroke: payload.colour, lineWidth: 1.5, fill: 'none' };
    var children = api.value(2) > payload.maximum ? [] : [
      { type: 'line', shape: { x1: low[0], y1: low[1], x2: high[0], y2: high[1] }, style: stroke },
      { type: 'line', shape: { x1: low[0] - cap, y1: low[1], x2: low[0] + cap, y2: low[1] }, style: stroke },
      { type: 'line', shape: { x1: high[0] - cap, y1: high[1], x2: high[0] + cap, y2: high[1] }, style: stroke }
    ];
    ((payload.dots || [])[params.dataIndex] || []).forEach(function (value) {
      if (value > payload.maximum) return;
      var dot = at(value);
      children.push({ type: 'circle', shape: { cx: dot[0], cy: dot[1], r: 2 }, style: { fill: payload.dotColour, stroke: payload.colour, lineWidth: 1 } });
    });
    var label = (payload.labels || [])[params.dataIndex];
    if (label && payload.showLabels !== false) {
      children.push({
        type: 'text',
        style: {
          text: label, x: high[0], y: Math.max(high[1], at(payload.maximum)[1]) - 5, align: 'center', verticalAlign: 'bottom',
          fill: payload.textColour, font: payload.font, stroke: payload.dotColour, lineWidth: 3
        }
      });
    }
    return { type: 'group', silent: true, children: children };
  }

  echarts.registerCustomSeries('range', drawRange);
}
