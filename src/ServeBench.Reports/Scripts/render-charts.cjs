// Draws charts as SVG on the server side. Standard input: { echarts: path of the package, charts: [{ width, height, option }] }.
// Standard output: a JSON array with one SVG text per chart, in the same order.
'use strict';

const path = require('node:path');
const installChartKit = require(path.join(__dirname, 'chart-kit.js'));

// About as wide as the wider of common sans-serif fonts draw it.
function textWidth(text, font) {
  const size = parseFloat(/(\d+(?:\.\d+)?)px/.exec(font || '')?.[1] ?? '12');
  let em = 0;
  for (const c of text) em += c > '\u00ff' ? 1 : /[iljI.,:;'|! ]/.test(c) ? 0.33 : /[mwMW@%]/.test(c) ? 0.92 : /[A-Z]/.test(c) ? 0.7 : 0.61;
  return em * size;
}

let input = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => { input += chunk; });
process.stdin.on('end', () => {
  const request = JSON.parse(input);
  const echarts = require(request.echarts);
  installChartKit(echarts);
  // There are no fonts here to measure with, and the reader's may be wide; the library's guess is for a narrow one.
  echarts.setPlatformAPI({ measureText: (text, font) => ({ width: textWidth(text, font) }) });
  const drawn = request.charts.map((chart) => {
    const instance = echarts.init(null, null, { renderer: 'svg', ssr: true, width: chart.width, height: chart.height });
    instance.setOption(chart.option);
    const svg = instance.renderToSVGString();
    instance.dispose();
    return svg;
  });
  process.stdout.write(JSON.stringify(drawn) + '\n');
});
