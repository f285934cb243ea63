// mixed-length: 5 requests/s (poisson)
// Latency at a fixed rate
//
// Written by ServeBench from k6/templates/grpc.js.sbn. By hand, against any server that speaks generate-grpc:
//   k6 run -e HOST=127.0.0.1:8080 case.js
// HOST, and the seconds WARM_UP, MARGIN and MEASURE, can be set with -e; so can KEEP_ANSWERS (so many whole answers go to
// the log).
import grpc from 'k6/net/grpc';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import { sleep } from 'k6';

const HOST = __ENV.HOST || '127.0.0.1:8080';
const WARM_UP = number('WARM_UP', 3);
const MARGIN = number('MARGIN', 0.5); // load before and after the measured window, so that the window has neither start nor end
const MEASURE = number('MEASURE', 4);
const GRACE = 11; // seconds: a request has ended by its deadline, and none is cut off
const KEEP_ANSWERS = number('KEEP_ANSWERS', 0);
const HEAD_START = 0.1; // seconds for the VUs to take the first arrivals before they are due

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

// When requests are due, milliseconds from the start of the schedule: a Poisson process of 5 requests per second.
/** @type {number[]} */
const arrivals = new SharedArray('arrivals', () =>
  JSON.parse(open('./arrivals.json')).filter((/** @type {number} */ at) => at < (MEASURE + 2 * MARGIN) * 1000));

const testClock = new Gauge('test_clock');
const latencyFromSchedule = new Trend('latency_from_schedule', true);
const droppedArrivals = new Counter('dropped_arrivals');
const requestDuration = new Trend('request_duration', true);
const firstMessage = new Trend('time_to_first_message', true);
const requestFailed = new Rate('request_failed');

export const options = {
  scenarios: {
    warmup: {
      executor: 'constant-vus',
      exec: 'warmup',
      vus: 4,
      duration: `${WARM_UP}s`,
      gracefulStop: `${GRACE}s`,
      tags: { phase: 'warmup' },
    },
    measure: {
      // k6 knows no Poisson arrivals: each of the VUs takes the next arrival of the schedule and waits for its time.
      executor: 'shared-iterations',
      exec: 'measure',
      vus: Math.min(20, arrivals.length), // an arrival that finds none free is dropped, and the case is INVALID
      iterations: arrivals.length,
      startTime: `${Math.max(0, WARM_UP - HEAD_START)}s`,
      maxDuration: `${MEASURE + 2 * MARGIN + HEAD_START + GRACE}s`,
      gracefulStop: `${GRACE}s`,
      tags: { phase: 'measure' },
    },
  },
  thresholds: {
    'request_failed{phase:measure}': ['rate<=0.001'],
    'latency_from_schedule{phase:measure}': ['p(95)<=250'],
    'dropped_arrivals': ['count==0'],
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

export async function warmup() {
  const i = here().scenario.iterationInTest;
  begin(i, now(), 'warmup');
  end(i, await send(i, warmUpDraws[i % warmUpDraws.length], false));
}

export async function measure() {
  const i = here().scenario.iterationInTest;
  const due = WARM_UP * 1000 + arrivals[i];
  begin(i, due, 'measure');
  const wait = due - now();
  /** @type {string | void} */
  let bytes = undefined;
  if (wait < 0) {
    droppedArrivals.add(1); // it was due before any VU was free to take it
  } else {
    sleep(wait / 1000);
    const before = WARM_UP * 1000 + (i === 0 ? -1 : arrivals[i - 1]);
    bytes = await send(i, draws[i % draws.length], part(due) >= 0 && part(due) < KEEP_ANSWERS && part(due) !== part(before));
    latencyFromSchedule.add(now() - due);
  }
  end(i, bytes);
}

/**
 * @param {number} i number of the iteration
 * @param {number} n number of its payload
 * @param {boolean} keep
 */
async function send(i, n, keep) {
  if (!connect()) return;
  const payload = payloads[n];
  const sent = now();
  let first = 0;
  const outcome = await new Promise((resolve) => {
    const stream = new grpc.Stream(client, 'inference.GRPCInferenceService/Generate', { timeout: '10s' });
    stream.on('data', (message) => {
      if (keep && first === 0) console.log(JSON.stringify({ iteration: i, status: grpc.StatusOK, body: JSON.stringify(message) }));
      first = first || now();
    });
    stream.on('error', (error) => resolve(outcomeOf(Number(/** @type {any} */ (error).code), sent)));
    stream.on('end', () => resolve('success'));
    stream.write(JSON.parse(payload.body));
    stream.end();
  });
  record(String(outcome), sent, first);
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

/**
 * The part of the window that a time lies in, when the window has as many parts as answers are kept.
 * @param {number} at
 * @returns {number}
 */
function part(at) {
  return Math.floor(((at - WINDOW_START) / (WINDOW_END - WINDOW_START)) * KEEP_ANSWERS);
}
