// SPDX-License-Identifier: Apache-2.0
// wink-nlp on texts, one process, one thread of its own: sentences, parts of speech and entities.
//
//     node wink.js MODULES ROUNDS FILE…
//
// MODULES is where its packages are installed. Reads every file once to be warm, then ROUNDS times, and prints a
// line of JSON: seconds of the clock and of the processor, texts, tokens.
"use strict";
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");

const [modules, rounds, ...files] = process.argv.slice(2);
const load = createRequire(path.join(path.resolve(modules), "index.js"));
const winkNLP = load("wink-nlp");
const nlp = winkNLP(load("wink-eng-lite-web-model"), ["sbd", "ner", "pos"]);
const its = nlp.its;
const texts = files.map((file) => fs.readFileSync(file, "utf8"));
let tokens = 0;
let written = 0;

function read(text) {
    const doc = nlp.readDoc(text);
    tokens += doc.tokens().length();
    written += JSON.stringify([doc.tokens().out(its.pos), doc.entities().out(its.detail)]).length;
}

texts.forEach(read);
tokens = written = 0;
const cpu = process.cpuUsage();
const begun = process.hrtime.bigint();
for (let round = 0; round < Number(rounds); round++) texts.forEach(read);
const used = process.cpuUsage(cpu);
console.log(JSON.stringify({
    wall: Number(process.hrtime.bigint() - begun) / 1e9,
    processor: (used.user + used.system) / 1e6,
    texts: texts.length * Number(rounds),
    tokens,
    written,
}));
