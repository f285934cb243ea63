// Draws charts as SVG on the server side. Standard input: { echarts: path of the package, charts: [{ width, height, option }] }.
// Standard output: a JSON array with one SVG text per chart, in the same order.
'use strict';

const path = require('node:path');
const installChartKit = require(path.join(__dirname, 'chart-kit.js'));

let input = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => { input += chunk; });
process.stdin.on('end', () => {
  const request = JSON.parse(input);
  const echarts = require(request.echarts);
  installChartKit(echarts);
  const drawn = request.charts.map((chart) => {
    const instance = echarts.init(null, null, { renderer: 'svg', ssr: true, width: chart.width, height: chart.height });
    instance.setOption(chart.option);
    const svg = instance.renderToSVGString();
    instance.dispose();
    return svg;
  });
  process.stdout.write(JSON.stringify(drawn) + '\n');
});
