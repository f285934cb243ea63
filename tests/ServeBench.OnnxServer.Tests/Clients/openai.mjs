// What the `openai` package makes of the server: node openai.mjs SCENARIO ADDRESS MODEL. Prints one JSON object.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const [scenario, address, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${address}v1`, apiKey: 'unused', maxRetries: 0, timeout: 60_000 });

/** The error that a call ends with. */
async function failure(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('the call succeeded');
}

const scenarios = {
  /** Without encoding_format the package asks for base64 and decodes it itself. */
  async one() {
    const answer = await client.embeddings.create({ model, input: 'whale' });
    assert.equal(answer.object, 'list');
    assert.equal(answer.data.length, 1);
    assert.ok(answer.usage.total_tokens > 0);
    return { embeddings: answer.data.map((d) => Array.from(d.embedding)), tokens: answer.usage.total_tokens };
  },
  async floats() {
    const answer = await client.embeddings.create({ model, input: 'whale', encoding_format: 'float' });
    return { embeddings: answer.data.map((d) => d.embedding) };
  },
  async base64() {
    const answer = await client.embeddings.create({ model, input: 'whale', encoding_format: 'base64' });
    assert.equal(typeof answer.data[0].embedding, 'string');
    const bytes = Buffer.from(answer.data[0].embedding, 'base64');
    return { embeddings: [Array.from(new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4))] };
  },
  async batch() {
    const answer = await client.embeddings.create({ model, input: ['whale', 'a ship', 'the sea at dawn'] });
    assert.deepEqual(answer.data.map((d) => d.index), [0, 1, 2]);
    return { embeddings: answer.data.map((d) => Array.from(d.embedding)) };
  },
  async tokens() {
    const answer = await client.embeddings.create({ model, input: [[101, 13156, 102]], dimensions: 384 });
    return { embeddings: answer.data.map((d) => Array.from(d.embedding)) };
  },
  async models() {
    const ids = [];
    for await (const found of client.models.list()) ids.push(found.id);
    assert.deepEqual(ids, [model]);
    assert.equal((await client.models.retrieve(model)).id, model);
    return {};
  },
  async errors() {
    const unknown = await failure(() => client.embeddings.create({ model: 'gpt', input: 'a' }));
    assert.ok(unknown instanceof OpenAI.NotFoundError);
    assert.deepEqual([unknown.status, unknown.code, unknown.param, unknown.type], [404, 'model_not_found', 'model', 'invalid_request_error']);
    const empty = await failure(() => client.embeddings.create({ model, input: '' }));
    assert.ok(empty instanceof OpenAI.BadRequestError);
    assert.deepEqual([empty.status, empty.param], [400, 'input']);
    assert.match(empty.message, /empty text/);
    const dimensions = await failure(() => client.embeddings.create({ model, input: 'a', dimensions: 12 }));
    assert.deepEqual([dimensions.status, dimensions.param], [400, 'dimensions']);
    const long = await failure(() => client.embeddings.create({ model, input: 'whale '.repeat(300) }));
    assert.deepEqual([long.status, long.code], [400, 'context_length_exceeded']);
    const model404 = await failure(() => client.models.retrieve('gpt'));
    assert.ok(model404 instanceof OpenAI.NotFoundError);
    return {};
  },
  /** The queue is full for as long as this runs. */
  async refused() {
    const error = await failure(() => client.embeddings.create({ model, input: 'a' }));
    assert.ok(error instanceof OpenAI.RateLimitError);
    assert.deepEqual([error.status, error.type, error.code], [429, 'rate_limit_error', 'queue_full']);
    assert.ok(Number(error.headers.get('retry-after')) >= 1);
    return {};
  },
  /** The queue is full at first: the package tries again after the time that the server names. */
  async retries() {
    const answer = await client.embeddings.create({ model, input: 'a' }, { maxRetries: 5 });
    return { count: answer.data.length };
  },
};

process.stdout.write(JSON.stringify(await scenarios[scenario]()));
