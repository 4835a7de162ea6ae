// SPDX-License-Identifier: Apache-2.0
// A client of winnowd in Node, written from proto/PROTOCOL.md with zeromq.js and nothing else.
//
//     const intake = new Intake("tcp://127.0.0.1:7710", "my program");
//     await intake.hello();
//     const {stored} = await intake.push("Acme was founded in 1999.", {id: "a", source: "Example"});
//     for await (const {topic, seq, body} of follow(events, query)) …
import * as zmq from "zeromq";

export const HELLO = 0x01, PUSH = 0x02, RETRACT = 0x03, RETRY = 0x04, PING = 0x05, BYE = 0x06;
export const STATUS = 0x10, QUERY = 0x11, SHOW = 0x12, ARTICLES = 0x13, REPLAY = 0x14;
export const WELCOME = 0x81, ACCEPTED = 0x82, STORED = 0x83, REFUSED = 0x84, CREDIT = 0x85;
export const PONG = 0x86, DRAIN = 0x87, RESULT = 0x90, ROWS = 0x91, EVENTS = 0x92;

const TIMEOUT = 20000;

export class Refused extends Error {
  constructor(answer) {
    super(`${answer.code}: ${answer.message}`);
    this.answer = answer;
    this.code = answer.code;
  }
}

/** A DEALER that sends requests and tells answers apart by their request number. */
export class Connection {
  constructor(endpoint) {
    this.socket = new zmq.Dealer({ linger: 0, receiveTimeout: TIMEOUT });
    this.socket.connect(endpoint);
    this.request = 0n;
    this.waiting = new Map(); // answers that came before somebody asked for them
  }

  async send(type, frames = [], version = 1) {
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(++this.request);
    await this.socket.send([Buffer.from([0x57, 0x4e, version, type]), number, ...frames]);
    return this.request;
  }

  /** Messages that answer nothing. */
  handle() {}

  /** The next answer to a request. REFUSED becomes an exception. */
  async answer(request) {
    while (!this.waiting.get(request)?.length) {
      const [header, number, ...frames] = await this.socket.receive();
      if (header.length !== 4 || header.readUInt16BE() !== 0x574e || header[2] !== 1)
        throw new Error(`no header: ${header.toString("hex")}`);
      const to = number.readBigUInt64BE();
      if (to === 0n && header[3] !== REFUSED) this.handle(header[3], frames);
      else if (this.waiting.has(to)) this.waiting.get(to).push({ type: header[3], frames });
      else this.waiting.set(to, [{ type: header[3], frames }]);
    }
    const found = this.waiting.get(request).shift();
    if (found.type === REFUSED) throw new Refused(JSON.parse(found.frames[0]));
    return found;
  }

  /** Sends a request with a JSON frame and gives its answer, which must be of one type. */
  async call(type, wanted, body) {
    const frames = body === undefined ? [] : [JSON.stringify(body)];
    const answer = await this.answer(await this.send(type, frames));
    if (answer.type !== wanted) throw new Error(`type ${answer.type} instead of ${wanted}`);
    return answer.frames;
  }

  async ping() {
    return JSON.parse((await this.call(PING, PONG))[0]);
  }

  close() {
    this.socket.close();
  }
}

export class Intake extends Connection {
  constructor(endpoint, name) {
    super(endpoint);
    this.name = name;
  }

  async hello() {
    const welcome = JSON.parse((await this.call(HELLO, WELCOME, { client: this.name }))[0]);
    this.credit = welcome.credit;
    return welcome;
  }

  handle(type, frames) {
    if (type === CREDIT)
      this.credit = { messages: frames[0].readUInt32BE(), bytes: Number(frames[1].readBigUInt64BE()) };
  }

  /** Sends a push and does not wait: its request number. */
  begin(text, fields = {}) {
    return this.send(PUSH, [JSON.stringify(fields), Buffer.from(text)]);
  }

  /** Pushes and waits as `answer` says. */
  async push(text, fields = {}) {
    const request = await this.begin(text, fields);
    const accepted = await this.answer(request);
    if (accepted.type !== ACCEPTED) throw new Error(`type ${accepted.type}`);
    const result = { accepted: JSON.parse(accepted.frames[0]) };
    if (fields.answer !== "accepted") {
      const stored = await this.answer(request);
      if (stored.type !== STORED) throw new Error(`type ${stored.type}`);
      result.stored = JSON.parse(stored.frames[0]);
    }
    return result;
  }

  async retract(id) {
    return JSON.parse((await this.call(RETRACT, STORED, { id }))[0]);
  }
}

export class Query extends Connection {
  async status() {
    return JSON.parse((await this.call(STATUS, RESULT))[0]);
  }

  async show(what) {
    return JSON.parse((await this.call(SHOW, RESULT, what))[0]);
  }

  /** All rows, page by page. */
  async *rows(type, filters = {}) {
    for (let next = undefined; next !== null; ) {
      const [head, ...rows] = await this.call(type, ROWS, { ...filters, after: next });
      for (const row of rows) yield JSON.parse(row);
      next = JSON.parse(head).next;
    }
  }

  async replay(from, prefixes = [], limit = 1000) {
    const [head, ...frames] = await this.call(REPLAY, EVENTS, { from, prefixes, limit });
    const events = [];
    for (let i = 0; i < frames.length; i += 3)
      events.push({
        topic: frames[i].toString(),
        seq: Number(frames[i + 1].readBigUInt64BE()),
        body: frames[i + 2],
      });
    return { ...JSON.parse(head), events };
  }
}

/**
 * The events of one kind, each once, in order (section 4, "To miss nothing"): only its stream is
 * subscribed to, so a gap shows in `prev`, and in the heartbeat's number for the stream.
 */
export async function* follow(eventsEndpoint, queryEndpoint, kind, page = 1000) {
  // zeromq.js does not let a SUB set its SNDHWM; two subscriptions are far below it.
  const socket = new zmq.Subscriber({ linger: 0, receiveTimeout: TIMEOUT });
  const query = new Query(queryEndpoint);
  const stream = `fact.${kind}`;
  let done = 0;
  let epoch;

  async function* fill() {
    for (;;) {
      const answer = await query.replay(done + 1, [`${stream}.`], page);
      if (epoch !== undefined && epoch !== answer.epoch) {
        done = 0;
        epoch = answer.epoch;
        continue;
      }
      epoch = answer.epoch;
      for (const event of answer.events) {
        done = event.seq;
        yield event;
      }
      done = Math.max(done, answer.complete);
      if (answer.complete >= answer.last) return;
    }
  }

  try {
    socket.connect(eventsEndpoint);
    socket.subscribe(`${stream}.`, "winnow.heartbeat");
    yield* fill();
    for await (const [topic, number, body] of socket) {
      const seq = Number(number.readBigUInt64BE());
      const event = JSON.parse(body);
      const beat = topic.toString() === "winnow.heartbeat";
      if (event.epoch !== epoch) {
        done = 0;
        yield* fill();
      } else if (beat) {
        if ((event.streams[stream] ?? 0) > done) yield* fill();
      } else if (seq > done && event.prev <= done) {
        done = seq;
        yield { topic: topic.toString(), seq, body };
      } else if (seq > done) {
        yield* fill();
      }
    }
  } finally {
    socket.close();
    query.close();
  }
}
