// mixed-length: 2 in flight
// Throughput with a fixed number of requests in flight
//
// Written by ServeBench from k6/templates/http.js.sbn. By hand, against any server that speaks openai-embeddings:
//   k6 run -e HOST=127.0.0.1:8080 case.js
// HOST, and the seconds WARM_UP, MARGIN and MEASURE, can be set with -e; so can KEEP_ANSWERS (so many whole answers go to
// the log) and CHECK_EVERY (of so many answers one is read and checked, the others are only counted; 0 checks none).
import { check } from 'k6';
import { SharedArray } from 'k6/data';
import encoding from 'k6/encoding';
import exec from 'k6/execution';
import http from 'k6/http';
import { Gauge } from 'k6/metrics';

const HOST = __ENV.HOST || '127.0.0.1:8080';
const WARM_UP = number('WARM_UP', 3);
const MARGIN = number('MARGIN', 0.5); // load before and after the measured window, so that the window has neither start nor end
const MEASURE = number('MEASURE', 4);
const GRACE = 11; // seconds: a request has ended by its deadline, and none is cut off
const CHECK_EVERY = number('CHECK_EVERY', 16);
const KEEP_ANSWERS = number('KEEP_ANSWERS', 0);
const VUS = 2;

// Milliseconds on the clock of the test, which starts with the warm-up.
const WINDOW_START = (WARM_UP + MARGIN) * 1000;
const WINDOW_END = WINDOW_START + MEASURE * 1000;

/**
 * @typedef {Object} Payload
 * @property {Record<string, string>} headers those that depend on the body
 * @property {string} body in base64
 * @property {number} items texts, images or prompts in it
 */

// What is sent: the very bodies that ServeBench's own driver sends.
/** @type {Payload[]} */
const payloads = new SharedArray('payloads', () => JSON.parse(open('./payloads.json')));

// Which of them each request draws, round and round: the warm-up and the measured window never the same.
/** @type {number[]} */
const warmUpDraws = new SharedArray('draws of the warm-up', () => JSON.parse(open('./draws.json')).warmUp);
/** @type {number[]} */
const draws = new SharedArray('draws', () => JSON.parse(open('./draws.json')).measure);

const testClock = new Gauge('test_clock');

export const options = {
  scenarios: {
    warmup: {
      executor: 'constant-vus',
      exec: 'warmup',
      vus: 2,
      duration: `${WARM_UP}s`,
      gracefulStop: `${GRACE}s`,
      tags: { phase: 'warmup' },
    },
    measure: {
      executor: 'constant-vus',
      exec: 'measure',
      vus: VUS,
      startTime: `${WARM_UP}s`,
      duration: `${MEASURE + 2 * MARGIN}s`,
      gracefulStop: `${GRACE}s`,
      tags: { phase: 'measure' },
    },
  },
  thresholds: {
    'http_req_failed{phase:measure}': ['rate<=0.001'],
    'checks{phase:measure}': ['rate==1'],
    'http_req_duration{phase:measure}': ['p(95)<=250'],
  },
  summaryTrendStats: ['avg', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)', 'max', 'count'],
  systemTags: ['scenario', 'status', 'error_code', 'expected_response', 'check', 'vu'],
  discardResponseBodies: true,
  maxRedirects: 0,
  noCookiesReset: true,
};

http.setResponseCallback(http.expectedStatuses(200));

/** @type {import('k6/http').RefinedParams<'text'>} */
const READ = { headers: { 'content-type': 'application/json' }, timeout: '10s', responseType: 'text' };
/** @type {import('k6/http').RefinedParams<'none'>} */
const DISCARD = { ...READ, responseType: 'none' };

export function warmup() {
  const i = here().scenario.iterationInTest;
  begin(i, now(), 'warmup');
  end(i, send(i, warmUpDraws[i % warmUpDraws.length], false));
}

let place = -1; // of this VU among those of the scenario
let kept = -1; // the last part of the window of which this VU has kept an answer

export function measure() {
  const i = here().scenario.iterationInTest;
  const at = now();
  begin(i, at, 'measure');
  if (place < 0) place = i % VUS;
  const part = Math.floor(((at - WINDOW_START) / (WINDOW_END - WINDOW_START)) * KEEP_ANSWERS);
  const keep = part > kept && part < KEEP_ANSWERS && part % VUS === place;
  if (keep) kept = part;
  end(i, send(i, draws[i % draws.length], keep));
}

/**
 * @param {number} i number of the iteration
 * @param {number} n number of its payload
 * @param {boolean} keep
 * @returns {string | void}
 */
function send(i, n, keep) {
  const payload = payloads[n];
  const checked = CHECK_EVERY > 0 && (keep || i % CHECK_EVERY === 0);
  const answer = http.request('POST', `http://${HOST}/v1/embeddings`, encoding.b64decode(payload.body), withHeaders(keep || checked ? READ : DISCARD, payload.headers));
  if (checked && answer.status === 200) {
    check(answer, {
      'one answer for each item': (a) => a.json('data.#') === payload.items,
      'every item is a vector': (a) => listOf(a.json('data.#.embedding')).every((v) => listOf(v).length > 0),
    });
  }
  if (keep && answer.status === 200) console.log(JSON.stringify({ iteration: i, status: answer.status, body: answer.body }));
  return answer.headers['Content-Length'];
}

/**
 * @template {import('k6/http').ResponseType} T
 * @param {import('k6/http').RefinedParams<T>} params
 * @param {Record<string, string>} headers
 * @returns {import('k6/http').RefinedParams<T>}
 */
function withHeaders(params, headers) {
  return { ...params, headers: { ...params.headers, ...headers } };
}

/**
 * What a selector has found, as a list.
 * @param {unknown} found
 * @returns {unknown[]}
 */
function listOf(found) {
  return Array.isArray(found) ? found : [];
}

/**
 * @typedef {Object} Here
 * @property {typeof exec.vu} vu
 * @property {typeof exec.vu.metrics.metadata} metadata
 * @property {typeof exec.vu.metrics.tags} tags
 * @property {typeof exec.scenario} scenario
 * @property {typeof exec.instance} instance
 */

/** @type {Here | undefined} */
let looked;

/**
 * What k6 tells of this VU and its scenario. k6 builds these objects anew at every look, which costs more than a request:
 * each VU looks once; what they hold stays true.
 * @returns {Here}
 */
function here() {
  looked = looked || { vu: exec.vu, metadata: exec.vu.metrics.metadata, tags: exec.vu.metrics.tags, scenario: exec.scenario, instance: exec.instance };
  return looked;
}

/**
 * Milliseconds on the clock of the test.
 * @returns {number}
 */
function now() {
  return here().instance.currentTestRunDuration;
}

let tagged = ''; // the phase that this VU's rows are tagged with

/**
 * Names the iteration in every row of raw output that it leaves behind, so that rows can be put together again.
 * @param {number} i number of the iteration in its scenario
 * @param {number} at when its request is due
 * @param {string} phase
 */
function begin(i, at, phase) {
  const { metadata, tags, vu } = here();
  metadata['i'] = i;
  const tag = phase === 'warmup' || (at >= WINDOW_START && at < WINDOW_END) ? phase : 'margin';
  if (tag !== tagged) tags['phase'] = tagged = tag;
  if (vu.iterationInScenario === 0) testClock.add(now());
  if (i === 0) console.log(JSON.stringify({ phase, clock: now(), wall: Date.now() }));
}

/**
 * Marks the iteration as finished; one that never comes here has thrown.
 * @param {number} i
 * @param {string | void} bytes of the answer's body, as its head declares them
 */
function end(i, bytes) {
  here().metadata['i'] = `${i}/${bytes || ''}`;
}

/**
 * A number from the environment.
 * @param {string} name
 * @param {number} otherwise
 * @returns {number}
 */
function number(name, otherwise) {
  const given = __ENV[name];
  if (!given) return otherwise;
  if (!/^[0-9]+(\.[0-9]+)?s?$/.test(given)) throw new Error(`${name}=${given} is not a number`);
  return parseFloat(given);
}
