// mixed-length: 8 in flight
// Throughput with a fixed number of requests in flight
//
// Written by ServeBench from k6/templates/grpc.js.sbn. By hand, against any server that speaks kserve-grpc:
//   k6 run -e HOST=127.0.0.1:8080 case.js
// HOST, and the seconds WARM_UP, MARGIN and MEASURE, can be set with -e; so can KEEP_ANSWERS (so many whole answers go to
// the log).
import grpc from 'k6/net/grpc';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import { Gauge, Rate, Trend } from 'k6/metrics';

const HOST = __ENV.HOST || '127.0.0.1:8080';
const WARM_UP = number('WARM_UP', 3);
const MARGIN = number('MARGIN', 0.5); // load before and after the measured window, so that the window has neither start nor end
const MEASURE = number('MEASURE', 4);
const GRACE = 11; // seconds: a request has ended by its deadline, and none is cut off
const KEEP_ANSWERS = number('KEEP_ANSWERS', 0);
const VUS = 8;

// Milliseconds on the clock of the test, which starts with the warm-up.
const WINDOW_START = (WARM_UP + MARGIN) * 1000;
const WINDOW_END = WINDOW_START + MEASURE * 1000;

/**
 * @typedef {Object} Payload
 * @property {string} body
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
const requestDuration = new Trend('request_duration', true);
const firstMessage = new Trend('time_to_first_message', true);
const requestFailed = new Rate('request_failed');

export const options = {
  scenarios: {
    warmup: {
      executor: 'constant-vus',
      exec: 'warmup',
      vus: 8,
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
    'request_failed{phase:measure}': ['rate<=0.001'],
    'request_duration{phase:measure}': ['p(95)<=250'],
  },
  summaryTrendStats: ['avg', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)', 'max', 'count'],
  systemTags: ['scenario', 'status', 'error_code', 'expected_response', 'check', 'vu'],
  discardResponseBodies: true,
  maxRedirects: 0,
  noCookiesReset: true,
};

const client = new grpc.Client();
client.load(['.'], 'inference.proto');
let connected = false;

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
 */
function send(i, n, keep) {
  if (!connect()) return;
  const payload = payloads[n];
  const sent = now();
  const answer = client.invoke('inference.GRPCInferenceService/ModelInfer', JSON.parse(payload.body), { timeout: '10s' });
  record(meaningOf(Number(answer.status), fieldsOf(answer), /** @type {any} */ (answer.error)?.message) || outcomeOf(answer.status, sent), sent, 0);
  if (keep && answer.status === grpc.StatusOK) console.log(JSON.stringify({ iteration: i, status: answer.status, body: JSON.stringify(answer.message) }));
}

/**
 * Connects this VU once.
 * @returns {boolean} false when the server cannot be reached; that is a failed request
 */
function connect() {
  if (connected) return true;
  const began = now();
  try {
    client.connect(HOST, { plaintext: true, timeout: '10s' });
    connected = true;
  } catch (_) {
    record('refused', began, 0);
  }
  return connected;
}

/**
 * What a status means, as our own driver has it; but a connection that broke is Unavailable here, like a server that says so.
 * @param {number} status
 * @param {number} sent when the call was sent
 * @returns {string}
 */
function outcomeOf(status, sent) {
  if (status === grpc.StatusOK) return 'success';
  if (now() - sent >= 10 * 1000) return 'timeout';
  switch (status) {
    case grpc.StatusDeadlineExceeded:
      return 'server-timeout';
    case grpc.StatusUnavailable:
      return 'disconnected';
    case grpc.StatusResourceExhausted:
      return 'rejected';
    case grpc.StatusInvalidArgument:
    case grpc.StatusNotFound:
    case grpc.StatusAlreadyExists:
    case grpc.StatusPermissionDenied:
    case grpc.StatusFailedPrecondition:
    case grpc.StatusOutOfRange:
    case grpc.StatusUnimplemented:
    case grpc.StatusUnauthenticated:
      return 'client-fault';
    default:
      return 'failed';
  }
}

/**
 * The fields of a call's head and end.
 * @param {any} answer
 * @returns {Record<string, string>}
 */
function fieldsOf(answer) {
  const fields = Object.entries({ ...answer.headers, ...answer.trailers });
  return Object.fromEntries(fields.map(([name, values]) => [name, Array.isArray(values) ? String(values[0]) : String(values)]));
}

/**
 * What the stack's outcome rules (outcomes: in its stack.yaml) say that an answer means; empty where its status says it.
 * @param {number} status
 * @param {Record<string, string>} headers
 * @param {unknown} body
 * @returns {string}
 */
function meaningOf(status, headers, body) {
  const text = typeof body === 'string' ? body : '';
  if (status === 503 && field(headers, 'retry-after') !== undefined && field(headers, 'x-why') === undefined) return 'rejected';
  if ([500, 503].includes(status) && fits(text, [], null, ['queue\'s', 'no room'], ['sorry'])) return 'rejected';
  if (status === 200 && fits(text, ['errors', 0, 'code'], '7', [], [])) return 'failed-in-200';
  return '';
}

/**
 * A field of an answer's head.
 * @param {Record<string, string>} headers
 * @param {string} name in lower case
 * @returns {string | undefined}
 */
function field(headers, name) {
  const found = Object.keys(headers || {}).find((key) => key.toLowerCase() === name);
  return found === undefined ? undefined : headers[found];
}

/**
 * Whether a text, or in JSON the value that a path leads to, is one that a rule asks for.
 * @param {string} text
 * @param {(string | number)[]} path empty for the text itself
 * @param {string | null} value what it must be; null for anything
 * @param {string[]} any one of these must be in it; none for anything
 * @param {string[]} without none of these may be in it
 * @returns {boolean}
 */
function fits(text, path, value, any, without) {
  let seen = text;
  if (path.length > 0) {
    /** @type {any} */
    let found;
    try {
      found = path.reduce((inside, step) => inside?.[step], JSON.parse(text));
    } catch (_) {
      return false;
    }
    if (found === undefined || found === null) return false;
    seen = typeof found === 'string' ? found : JSON.stringify(found);
  }
  return (value === null || seen === value) && (any.length === 0 || any.some((part) => seen.includes(part))) && without.every((part) => !seen.includes(part));
}

/**
 * Leaves a request in the raw output.
 * @param {string} outcome success, or the kind of failure
 * @param {number} sent when it was sent
 * @param {number} first when the first message of its answer came; 0 when none did
 */
function record(outcome, sent, first) {
  const ended = now();
  requestDuration.add(ended - sent, { outcome });
  firstMessage.add((first || ended) - sent);
  requestFailed.add(outcome !== 'success');
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
