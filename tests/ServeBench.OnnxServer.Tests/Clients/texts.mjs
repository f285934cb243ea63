// What the `openai` package makes of texts that are continued: node texts.mjs SCENARIO ADDRESS MODEL PROMPT TOKENS. Prints one JSON object.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const [scenario, address, model, prompt, count] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${address}v1`, apiKey: 'unused', maxRetries: 0, timeout: 60_000 });
const asked = { model, max_tokens: Number(count), temperature: 0 };
// No part of the package's types: members that it does not know are sent as they are.
const whole = { ignore_eos: true };

const scenarios = {
  async completion() {
    const answer = await client.completions.create({ ...asked, ...whole, prompt });
    assert.equal(answer.object, 'text_completion');
    return { text: answer.choices[0].text, finish: answer.choices[0].finish_reason, usage: answer.usage };
  },
  /** Without stream_options no event has usage. */
  async stream() {
    let [text, finish, events] = ['', null, 0];
    for await (const event of await client.completions.create({ ...asked, ...whole, prompt, stream: true })) {
      assert.equal(event.usage, undefined);
      events++;
      text += event.choices[0].text;
      finish = event.choices[0].finish_reason;
    }
    return { text, finish, events };
  },
  async usage() {
    const events = [];
    const options = { stream: true, stream_options: { include_usage: true } };
    for await (const event of await client.completions.create({ ...asked, ...whole, prompt, ...options })) events.push(event);
    const last = events.pop();
    assert.deepEqual(last.choices, []);
    assert.ok(events.every((event) => event.usage === null));
    return { text: events.map((event) => event.choices[0].text).join(''), usage: last.usage };
  },
  /** The package puts the events of a conversation together itself. */
  async conversation() {
    const stream = client.chat.completions.stream({ ...asked, ...whole, messages: [{ role: 'user', content: prompt }] });
    let text = '';
    stream.on('content', (piece) => { text += piece; });
    const answer = await stream.finalChatCompletion();
    assert.equal(answer.choices[0].message.role, 'assistant');
    assert.equal(answer.choices[0].message.content, text);
    return { text, finish: answer.choices[0].finish_reason };
  },
  /** Leaves after the first event. */
  async leave() {
    const stream = await client.completions.create({ ...asked, ...whole, prompt, stream: true });
    for await (const event of stream) {
      stream.controller.abort();
      return { text: event.choices[0].text };
    }
    throw new Error('no event came');
  },
  async refused() {
    await assert.rejects(
      () => client.completions.create({ ...asked, prompt, n: 2, stream: true }),
      (error) => error instanceof OpenAI.BadRequestError && error.param === 'n');
    await assert.rejects(
      () => client.chat.completions.create({ ...asked, messages: [{ role: 'user', content: 'whale '.repeat(500) }], stream: true }),
      (error) => error instanceof OpenAI.BadRequestError && error.code === 'context_length_exceeded');
    return {};
  },
};

process.stdout.write(JSON.stringify(await scenarios[scenario]()));
