// Runs the vectors of fixtures/vectors through the component's `documents` interface in Node.
//
//   node run.mjs COMPONENT FIXTURES OUT
//
// OUT receives the SHA-256 of every answer's text, to be compared with other hosts'.
import { createHash } from "node:crypto";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { transpile } from "@bytecodealliance/jco";

import { Vectors, difference, handDifference } from "./vectors.mjs";

const FUNCTIONS = {
  profile: "profileOf",
  vocabularies: "vocabularies",
  listed: "listed",
  validate: "validate",
  reserve: "reserveLeft",
  generate: "generate",
  adjust: "adjust",
  score: "score",
  "tipping-point": "evaluateTippingPoint",
  impact: "impact",
  replace: "recommendReplacements",
  judge: "judge",
};

// jco tries JSPI for each function and, where there is none, takes the function as it is. Node 20 has none, and V8
// needs 6 ms to word each of the 23 errors of an instance.
WebAssembly.promising ??= (call) => call;

/** wasi:http and what it stands on: a host that filters no addresses fetches nothing. */
const refused = new Proxy(
  {},
  {
    get: (_, name) =>
      class {
        constructor() {
          throw new Error(`this host fetches nothing (${String(name)})`);
        }
      },
  },
);
const WASI = ["http/types", "http/outgoing-handler", "io/error", "io/poll", "io/streams"];

/** Transpiled and compiled once; every call has an instance of its own. */
async function host(component) {
  const folder = mkdtempSync(path.join(tmpdir(), "igny8-linker-"));
  try {
    const { files } = await transpile(readFileSync(component), {
      name: "component",
      instantiation: { tag: "sync" },
      noTypescript: true,
      noNodejsCompat: true,
      validLiftingOptimization: true,
    });
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), bytes);
    }
    const script = Object.keys(files).find((name) => name.endsWith(".js"));
    const { instantiate } = await import(pathToFileURL(path.join(folder, script)));
    const modules = new Map();
    for (const name of Object.keys(files).filter((name) => name.endsWith(".wasm"))) {
      modules.set(name, new WebAssembly.Module(files[name]));
    }
    return () => {
      const panics = [];
      const imports = {
        "igny8:linker/storage": {
          loadBlueprint() {
            throw { payload: { code: "not-found", field: "", message: "this host stores nothing" } };
          },
        },
        "igny8:linker/diagnostics": { panicked: (message) => panics.push(message) },
        ...Object.fromEntries(WASI.map((name) => [`wasi:${name}`, refused])),
      };
      return { documents: instantiate((name) => modules.get(name), imports).documents, panics };
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a call gives: whether it answered, and the text. A trap is thrown, with the message of the panic. */
function outcome(instance, call) {
  try {
    return { ok: true, text: call(instance.documents) };
  } catch (error) {
    if (typeof error?.payload === "string") return { ok: false, text: error.payload };
    throw instance.panics.length ? new Error(`panicked: ${instance.panics.pop()}`) : error;
  }
}

function called(documents, call, texts) {
  if (call !== "topic") return documents[FUNCTIONS[call]](...texts);
  const [blueprint, contentId] = texts;
  const id = JSON.parse(contentId);
  return documents.Planner.load(blueprint).topic(id === null ? undefined : BigInt(id));
}

function one(vectors, name, fresh, answers, texts) {
  vectors.check(name);
  const vector = vectors.all[name];
  texts[name] = vectors.documents(name);
  const answer = outcome(fresh(), (documents) => called(documents, vector.call, texts[name]));
  answers[name] = answer;
  const got = JSON.parse(answer.text);
  const [wanted, other] = answer.ok ? ["expected", "error"] : ["error", "expected"];
  if (!(wanted in vector)) return `has \`${other}\`, but the answer is \`${wanted}\`: ${answer.text.slice(0, 300)}`;
  if (!answer.ok && vector.hand_checked) return "has hand-worked numbers, but the answer is an error";
  const found = difference(vector[wanted], got) ?? handDifference(vector, got);
  if (found || !vector.same_as) return found;
  const unlike = difference(vectors.expected(vector.same_as), got);
  return unlike && `not the same as ${vector.same_as}: ${unlike}`;
}

/** Every blueprint loaded once, all its options planned in turn, the first of them once more at the end. */
function planners(vectors, fresh, answers, texts, fail) {
  const groups = new Map();
  for (const name of vectors.names.filter((name) => answers[name] && vectors.all[name].call === "generate")) {
    const [blueprint] = texts[name];
    groups.set(blueprint, [...(groups.get(blueprint) ?? []), name]);
  }
  let plans = 0;
  for (const [blueprint, names] of groups) {
    let instance;
    let planner;
    let refused;
    for (const name of [...names, names[0]]) {
      try {
        if (!instance) {
          instance = fresh();
          const loaded = outcome(instance, ({ Planner }) => ((planner = Planner.load(blueprint)), ""));
          refused = loaded.ok ? undefined : loaded;
        }
        const got = refused ?? outcome(instance, () => planner.plan(texts[name][1]));
        const want = answers[name];
        if (got.ok !== want.ok || got.text !== want.text) {
          fail(name, `planner and generate differ: ${difference(JSON.parse(want.text), JSON.parse(got.text))}`);
        }
        plans += 1;
      } catch (error) {
        fail(name, `planner: ${error}`);
        instance = planner = undefined; // nothing can be called after a trap
      }
    }
    // Node 20 has no `using`.
    planner?.[Symbol.dispose ?? Symbol.for("dispose")]();
  }
  return [groups.size, plans];
}

async function main([component, fixtures, out, ...more]) {
  if (!out || more.length) {
    console.error("usage: node run.mjs COMPONENT FIXTURES OUT");
    return 2;
  }
  const vectors = new Vectors(fixtures);
  const fresh = await host(component);
  const [answers, texts, failed] = [{}, {}, new Map()];
  const fail = (name, why) => failed.has(name) || failed.set(name, why);
  for (const name of vectors.names) {
    try {
      const found = one(vectors, name, fresh, answers, texts);
      if (found) fail(name, found);
    } catch (error) {
      fail(name, `${error?.message ?? error}`);
    }
  }
  const [groups, plans] = planners(vectors, fresh, answers, texts, fail);
  const hash = (text) => createHash("sha256").update(text, "utf8").digest("hex");
  const hashes = Object.fromEntries(Object.keys(answers).sort().map((name) => [name, hash(answers[name].text)]));
  writeFileSync(out, `${JSON.stringify(hashes, null, 1)}\n`);
  for (const [name, why] of [...failed].sort()) console.error(`FAILED ${name}: ${why}`);
  if (vectors.names.length === 0) console.error(`no vectors in ${fixtures}`);
  console.log(`planner: ${groups} blueprints loaded once, ${plans} plans compared`);
  console.log(`${vectors.names.length} vectors, ${failed.size} failed`);
  return failed.size || vectors.names.length === 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
