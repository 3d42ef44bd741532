// The vector files of fixtures/vectors: reading, references, comparison. The same as tests/hosts/python/vectors.py,
// which also refuses inputs that JavaScript would write otherwise than Python.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";

// The inputs of each call, in the order in which the component takes them.
export const CALLS = {
  profile: ["country_code"],
  vocabularies: [],
  generate: ["blueprint", "options"],
  adjust: ["campaign", "blueprint", "edits"],
  topic: ["blueprint", "content_id"],
  score: ["request"],
  listed: ["request"],
  "tipping-point": ["request"],
  validate: ["request"],
  impact: ["link"],
  reserve: ["request"],
  replace: ["request"],
  judge: ["request"],
};
const FIELDS = ["about", "call", "inputs", "by_hand", "hand_checked", "same_as", "page", "truth", "expected", "error"];

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const has = (value, key) => Object.prototype.hasOwnProperty.call(value, key);

export class Vectors {
  constructor(fixtures) {
    this.fixtures = fixtures;
    this.all = {};
    const folder = path.join(fixtures, "vectors");
    const folders = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
    for (const call of folders.filter((entry) => entry.isDirectory())) {
      for (const file of readdirSync(path.join(folder, call.name)).filter((file) => file.endsWith(".json"))) {
        this.all[`${call.name}/${file.slice(0, -5)}`] = this.#json(path.join("vectors", call.name, file));
      }
    }
    this.names = Object.keys(this.all).sort();
  }

  check(name) {
    const vector = this.all[name];
    const unknown = Object.keys(vector).find((field) => !FIELDS.includes(field));
    if (unknown) throw new Error(`unknown field \`${unknown}\``);
    if (!has(CALLS, vector.call)) throw new Error(`unknown call \`${vector.call}\``);
    if (vector.call !== name.split("/")[0]) throw new Error(`is in the folder of another call than \`${vector.call}\``);
    const inputs = CALLS[vector.call];
    if (Object.keys(vector.inputs ?? {}).sort().join() !== [...inputs].sort().join()) {
      throw new Error(`inputs must be ${inputs.join(", ")}`);
    }
    if (!vector.about) throw new Error("does not say what it is about");
    if (has(vector, "by_hand") !== has(vector, "hand_checked")) throw new Error("by_hand and hand_checked go together");
    if (has(vector, "expected") === has(vector, "error")) throw new Error("needs one of expected and error");
  }

  /** The texts that a call takes. */
  documents(name) {
    const { call, inputs } = this.all[name];
    return CALLS[call].map((field) => {
      const value = inputs[field];
      if (isObject(value) && Object.keys(value).join() === "$text") return value.$text;
      return JSON.stringify(this.#resolved(value, field));
    });
  }

  expected(name) {
    if (!has(this.all, name) || !has(this.all[name], "expected")) {
      throw new Error(`refers to \`${name}\`, which is no vector with an answer`);
    }
    return this.all[name].expected;
  }

  #json(file) {
    return JSON.parse(readFileSync(path.join(this.fixtures, file), "utf8"));
  }

  #resolved(value, at) {
    if (Array.isArray(value)) return value.map((item, index) => this.#resolved(item, `${at}.${index}`));
    if (!isObject(value)) return value;
    const references = Object.keys(value).filter((key) => key.startsWith("$"));
    const entries = Object.entries(value).filter(([key]) => !key.startsWith("$"));
    const own = Object.fromEntries(entries.map(([key, item]) => [key, this.#resolved(item, `${at}.${key}`)]));
    let found;
    switch (references.sort().join()) {
      case "":
        return own;
      case "$file":
        found = this.#json(value.$file);
        break;
      case "$vector":
        found = this.expected(value.$vector);
        break;
      case "$at,$vector":
        found = pick(this.expected(value.$vector), value.$at);
        break;
      case "$lines":
        found = readFileSync(path.join(this.fixtures, value.$lines), "utf8").split("\n").filter(Boolean);
    }
    if (found !== undefined && entries.length === 0) return found;
    if (isObject(found)) return { ...found, ...own };
    throw new Error(`${at}: a reference that nobody understands`);
  }
}

/** The first place where two documents differ, or undefined. */
export function difference(want, got, at = "") {
  const below = (key) => (at ? `${at}.${key}` : `${key}`);
  const here = `${at || "(the whole)"}: expected ${shown(want)}, got ${shown(got)}`;
  if (Array.isArray(want) && Array.isArray(got)) {
    for (let i = 0; i < Math.min(want.length, got.length); i += 1) {
      const found = difference(want[i], got[i], below(i));
      if (found) return found;
    }
    if (want.length === got.length) return undefined;
    return `${at || "(the whole)"}: expected ${want.length} items, got ${got.length}`;
  }
  if (isObject(want) && isObject(got)) {
    for (const key of Object.keys(want)) {
      if (!has(got, key)) return `${below(key)}: expected ${shown(want[key])}, got nothing`;
      const found = difference(want[key], got[key], below(key));
      if (found) return found;
    }
    const extra = Object.keys(got).find((key) => !has(want, key));
    return extra === undefined ? undefined : `${below(extra)}: expected nothing, got ${shown(got[extra])}`;
  }
  return want === got ? undefined : here;
}

function shown(value) {
  const text = JSON.stringify(value);
  return text.length <= 200 ? text : `${text.slice(0, 200)}...`;
}

/** What stands at `pages.0.tier`; `*` takes every item of a list. */
function pick(value, at) {
  const [step, ...rest] = at.split(".");
  if (!step) return value;
  if (step === "*") {
    if (!Array.isArray(value)) throw new Error("not a list");
    return value.map((item) => pick(item, rest.join(".")));
  }
  if (!has(value, step)) throw new Error("nothing there");
  return pick(value[step], rest.join("."));
}

/** The first hand-worked number that the answer does not have, or undefined. */
export function handDifference(vector, answer) {
  for (const [at, want] of Object.entries(vector.hand_checked ?? {})) {
    let got;
    try {
      got = pick(answer, at);
    } catch {
      return `by hand, ${at}: expected ${shown(want)}, got nothing`;
    }
    const found = difference(want, got);
    if (found) return `by hand, ${at}: ${found.replace("(the whole): ", "")}`;
  }
  return undefined;
}
