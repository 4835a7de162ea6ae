// SPDX-License-Identifier: Apache-2.0
// The Node client with a real winnowd:  node test_node.mjs WINNOWD
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as wn from "./winnow_client.mjs";

const TEXT = "Acme Corp. was founded in 1999 in Berlin. It invested 5 million yuan in a plant.";
const winnowd = resolve(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), "winnow-node-"));
const base = `ipc://${folder}/d`;

function start() {
  const log = openSync(join(folder, "log"), "a");
  return spawn(
    winnowd,
    ["--data", join(folder, "data"), "--http", "off", "--intake", `${base}.intake`,
     "--events", `${base}.events`, "--query", `${base}.query`],
    { stdio: ["ignore", "inherit", log] },
  );
}

async function ended(daemon, signal) {
  const exit = once(daemon, "exit");
  daemon.kill(signal);
  return (await exit)[0];
}

async function refused(code, promise) {
  const fault = await promise.then(() => assert.fail(`not refused: ${code}`), (error) => error);
  assert.equal(fault.code, code, fault.message);
  return fault.answer;
}

async function collect(rows) {
  const all = [];
  for await (const row of rows) all.push(row);
  return all;
}

async function take(events, count) {
  const taken = [];
  while (taken.length < count) taken.push((await events.next()).value);
  return taken;
}

async function pushing() {
  const intake = new wn.Intake(`${base}.intake`, "test_node");
  assert.equal((await intake.ping()).session, false);
  await refused("no_session", intake.push(TEXT));
  const welcome = await intake.hello();
  assert.deepEqual(welcome.versions, [1]);
  assert.equal((await intake.ping()).session, true);

  const first = await intake.push(TEXT, { id: "a", source: "Example", published: "2022-06-23" });
  assert.deepEqual(first.accepted, { id: "a", revision: 1, duplicate: false, state: "accepted" });
  assert.equal(first.stored.state, "stored");
  assert.ok(first.stored.facts >= 1);
  const again = await intake.push(TEXT, { id: "a" });
  assert.deepEqual(again.stored, { ...first.stored, duplicate: true });
  assert.equal((await intake.push(`${TEXT} It rained.`, { id: "a" })).stored.revision, 2);
  assert.equal((await intake.push("It rained.", { answer: "accepted" })).stored, undefined);

  const requests = [];
  for (let i = 0; i < 50; i++) requests.push(await intake.begin(`Note ${i}.`, { id: `n${i}` }));
  for (const request of requests.reverse()) {
    assert.equal((await intake.answer(request)).type, wn.ACCEPTED);
    assert.equal((await intake.answer(request)).type, wn.STORED);
  }
  return { intake, welcome };
}

async function refusals(intake) {
  await refused("empty_text", intake.push(""));
  const answer = await refused("invalid_utf8", intake.push(Buffer.from("caf\xe9", "latin1")));
  assert.equal(answer.offset, 3);
  assert.equal((await refused("nul_byte", intake.push("a\0b"))).offset, 1);
  await refused("too_large", intake.push(Buffer.alloc(1048577, "x")));
  assert.equal((await refused("bad_field", intake.push(TEXT, { url: "" }))).field, "url");
  assert.equal((await refused("bad_field", intake.push(TEXT, { more: 1 }))).field, "more");

  const raw = async (type, frames, version) =>
    intake.answer(await intake.send(type, frames, version));
  await refused("bad_json", raw(wn.PUSH, ['{"id":"a","id":"b"}', "x"]));
  await refused("bad_message", raw(wn.PUSH, ["{}"]));
  await refused("bad_message", raw(wn.REPLAY, ['{"from":1}']));
  assert.deepEqual((await refused("bad_version", raw(wn.PING, [], 2))).versions, [1]);
  await refused("not_found", intake.retract("nobody"));
}

async function asking(welcome) {
  const query = new wn.Query(`${base}.query`);
  const status = await query.status();
  assert.equal(status.epoch, welcome.epoch);
  const rows = await collect(query.rows(wn.QUERY, { kind: "founding", limit: 1 }));
  assert.ok(rows.length >= 1);
  assert.equal(rows[0].record.kind, "founding");
  const shown = await query.show({ fact: rows[0].fact });
  assert.equal(shown.context.evidence, rows[0].record.evidence.text);
  const { text, facts } = await query.show({ article: "a" });
  for (const { record } of facts) {
    const { start, end } = record.evidence;
    assert.equal(Buffer.from(text).subarray(start, end).toString(), record.evidence.text);
  }
  const articles = await collect(query.rows(wn.ARTICLES, { limit: 10 }));
  assert.equal(articles.length, 53);
  await refused("not_found", query.show({ id: "nobody" }));
  await refused("bad_field", query.show({}));
  query.close();
}

/** Follows one kind through a retraction and a daemon that is killed. */
async function following(intake, daemon) {
  const followed = wn.follow(`${base}.events`, `${base}.query`, "founding", 2);
  const before = await take(followed, 3); // created, then retracted and created by the revision
  assert.deepEqual(before.map((e) => e.topic), [
    "fact.founding.created", "fact.founding.retracted", "fact.founding.created"]);
  await intake.push("Beta Ltd. was founded in 2001 in Paris.", { id: "b" });
  const [beta] = await take(followed, 1);
  assert.equal(JSON.parse(beta.body).article.id, "b");

  await ended(daemon, "SIGKILL");
  const next = start();
  const fresh = new wn.Intake(`${base}.intake`, "test_node");
  await fresh.hello();
  const known = await fresh.push("Beta Ltd. was founded in 2001 in Paris.", { id: "b" });
  assert.equal(known.accepted.duplicate, true);
  await fresh.push("Gamma Inc. was founded in 2002 in Rome.", { id: "c" });
  assert.equal((await fresh.retract("b")).state, "retracted");
  const after = await take(followed, 2);
  assert.deepEqual(after.map((e) => [e.topic, JSON.parse(e.body).article.id]), [
    ["fact.founding.created", "c"], ["fact.founding.retracted", "b"]]);
  await followed.return();

  // what was heard is what the store replays
  const query = new wn.Query(`${base}.query`);
  const log = await query.replay(1, ["fact.founding."]);
  const heard = [...before, beta, ...after];
  assert.deepEqual(log.events.map((e) => e.seq), heard.map((e) => e.seq));
  assert.deepEqual(log.events.map((e) => e.body.toString()), heard.map((e) => e.body.toString()));
  query.close();
  fresh.close();
  return next;
}

let daemon = start();
try {
  const { intake, welcome } = await pushing();
  await refusals(intake);
  await asking(welcome);
  daemon = await following(intake, daemon);
  intake.close();
  assert.equal(await ended(daemon, "SIGTERM"), 0);
  console.log("all is well");
} catch (error) {
  console.error(error);
  console.error(readFileSync(join(folder, "log"), "utf8").slice(-4000));
  daemon.kill("SIGKILL");
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
