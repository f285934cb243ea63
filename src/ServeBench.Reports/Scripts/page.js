// Draws the charts of the HTML report: in the reader's colours, as wide as the page, and again when either changes.
(function () {
  'use strict';

  var narrow = 560;
  var page = JSON.parse(document.getElementById('charts').textContent);
  var dark = window.matchMedia('(prefers-color-scheme: dark)');
  var printing = false;
  installChartKit(echarts);

  // A copy of an option in which every colour of the light theme is exchanged and every named function is put in.
  function prepared(value, colours) {
    if (typeof value === 'string') {
      if (value === '@tip') return function (params) { return params.data && params.data.tip || ''; };
      return colours[value] || value;
    }
    if (Array.isArray(value)) return value.map(function (v) { return prepared(v, colours); });
    if (value && typeof value === 'object') {
      var copy = {};
      Object.keys(value).forEach(function (key) { copy[key] = prepared(value[key], colours); });
      return copy;
    }
    return value;
  }

  function list(value) {
    return value === undefined ? [] : Array.isArray(value) ? value : [value];
  }

  var ruler = document.createElement('canvas').getContext('2d');

  // How many rows the legend takes at this width.
  function legendRows(legend, width) {
    ruler.font = '12px system-ui, sans-serif';
    var rows = 1;
    var at = 0;
    legend.data.forEach(function (entry) {
      var needed = legend.itemWidth + 5 + ruler.measureText(entry.name).width;
      if (at > 0 && at + needed > width - 2 * legend.left) {
        rows += 1;
        at = 0;
      }
      at += needed + legend.itemGap;
    });
    return rows;
  }

  // The drawing moves by what the legend needs at this width. On a narrow page axis titles and labels of single values give
  // way. Returns the height.
  function fitted(chart, option, width) {
    var isNarrow = width < narrow;
    var drop = 0;
    if (isNarrow) option.legend.left = option.legend.right = 6;
    // A long legend would fill a phone: there it turns pages.
    if (isNarrow && option.legend.data.length > 6) option.legend.type = 'scroll';
    if (option.legend.show) drop += ((option.legend.type === 'scroll' ? 1 : legendRows(option.legend, width)) - chart.legendRows) * 24;
    if (option.toolbox) option.toolbox.top += drop;
    list(option.grid).forEach(function (grid) {
      grid.top += drop;
      if (!isNarrow) return;
      if (typeof grid.left === 'number') grid.left = Math.min(grid.left, 52);
      if (typeof grid.right === 'number') grid.right = Math.min(grid.right, 12);
    });
    if (isNarrow) {
      list(option.xAxis).concat(list(option.yAxis)).forEach(function (axis) {
        if (axis.nameGap > 40) axis.nameGap = 36;
        axis.axisLabel.fontSize = 10;
        if (axis.axisLabel.width) axis.axisLabel.width = Math.min(axis.axisLabel.width, width * 0.22);
        axis.axisLabel.lineHeight = 12;
      });
      list(option.series).forEach(function (series) {
        if (series.itemPayload) series.itemPayload.showLabels = false;
        if (series.markLine) {
          series.markLine.label.formatter = series.markLine.label.formatter.replace(/\n/g, ' ');
          series.markLine.label.position = 'insideStartTop';
        }
      });
    }
    return chart.height + drop;
  }

  function draw(chart) {
    var element = document.getElementById('chart-' + chart.name);
    var width = element.clientWidth;
    if (width === 0) return; // Folded away; drawn when it is unfolded.
    var option = prepared(chart.option, dark.matches && !printing ? page.dark : {});
    element.style.height = fitted(chart, option, width) + 'px';
    var old = echarts.getInstanceByDom(element);
    if (old) old.dispose();
    echarts.init(element, null, { renderer: 'svg' }).setOption(option);
    element.dataset.width = width;
  }

  function drawAll() {
    page.charts.forEach(draw);
  }

  var waiting = 0;
  window.addEventListener('resize', function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(drawAll, 100);
  });
  dark.addEventListener('change', drawAll);
  document.querySelectorAll('details').forEach(function (details) {
    details.addEventListener('toggle', function () {
      if (details.open) page.charts.filter(function (c) { return details.querySelector('#' + CSS.escape('chart-' + c.name)); }).forEach(draw);
    });
  });
  // Paper cannot be unfolded, and is light.
  var folded = [];
  window.addEventListener('beforeprint', function () {
    printing = true;
    folded = Array.from(document.querySelectorAll('details:not([open])'));
    folded.forEach(function (details) { details.open = true; });
    drawAll();
  });
  window.addEventListener('afterprint', function () {
    printing = false;
    folded.forEach(function (details) { details.open = false; });
    drawAll();
  });
  drawAll();
})();
