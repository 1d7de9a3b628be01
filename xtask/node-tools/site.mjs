// Makes the files of the front end small, names those below pkg/ by their content, and lays a
// compressed copy of each beside it. Prints the names. `cargo xtask build` calls it:
// node site.mjs FOLDER-OF-NODE_MODULES SITE SHORT-NAMES
// The last is what wasm-opt wrote about the names it gave to imports and exports.

import { createHash } from "node:crypto";
import { readFile, readdir, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [modules, site, shortNames] = process.argv.slice(2);
const { transform } = createRequire(join(modules, "site.mjs"))("esbuild");

// The oldest that know what the style sheet is written with: `:has()`, `color-mix()`, ranges.
const BROWSERS = ["chrome111", "edge111", "firefox121", "safari16.4"];

const pkg = join(site, "pkg");
for (const name of await readdir(pkg)) {
  const [stem, kind, ...rest] = name.split(".");
  if (rest.length > 0 || !["js", "wasm", "css"].includes(kind)) {
    throw new Error(`pkg/${name} is no file that the server would find`);
  }
  const path = join(pkg, name);
  const content = kind === "wasm" ? await readFile(path) : await minified(path, kind);
  await writeFile(path, content);
  await rename(path, join(pkg, `${stem}.${hash(content)}.${kind}`));
}

for (const path of await filesBelow("")) {
  const content = await readFile(join(site, path));
  await writeFile(join(site, `${path}.br`), brotli(content));
  await writeFile(join(site, `${path}.gz`), gzipSync(content, { level: 9 }));
  console.log(path, hash(content));
}

async function minified(path, kind) {
  const text = await readFile(path, "utf8");
  const common = { loader: kind, minify: true, charset: "utf8", target: BROWSERS };
  const { code, warnings } =
    kind === "js"
      ? await transform(...(await withShortNames(text, { ...common, format: "esm" })))
      : await transform(text, common);
  if (warnings.length > 0) {
    throw new Error(`${path}: ${warnings.map((warning) => warning.text).join("; ")}`);
  }
  return Buffer.from(code);
}

// The JavaScript of wasm-bindgen, and options for it, by which it calls the WASM what the WASM is called
// now. A call that kept its long name would fail when the page loads, so there must be none.
async function withShortNames(text, options) {
  const { imports, exports } = JSON.parse(await readFile(shortNames, "utf8"));
  const module = JSON.stringify(imports[0][0]);
  if (imports.some(([name]) => JSON.stringify(name) !== module) || !text.includes(module)) {
    throw new Error("the WASM imports from other modules than the JavaScript has");
  }
  const mangleCache = Object.fromEntries([...imports.map(([, ...names]) => names), ...exports]);
  const called = Array.from(text.matchAll(/\bwasm\.(\w+)/g), ([, name]) => name);
  const unknown = called.filter((name) => !(name in mangleCache));
  const missing = imports.map(([, name]) => name).filter((name) => !text.includes(name));
  if (unknown.length + missing.length > 0) {
    throw new Error(`WASM and JavaScript do not agree: ${[...unknown, ...missing].join(", ")}`);
  }
  const mangleProps = new RegExp(`^(?:${Object.keys(mangleCache).join("|")})$`);
  // All modules are one for the WASM, and wasm-opt calls it "a".
  return [text.replaceAll(module, '"a"'), { ...options, mangleProps, mangleCache }];
}

// 22 characters that may stand in an address.
function hash(content) {
  return createHash("sha256").update(content).digest().subarray(0, 16).toString("base64url");
}

function brotli(content) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  return brotliCompressSync(content, { params });
}

async function filesBelow(folder) {
  const entries = await readdir(join(site, folder), { withFileTypes: true });
  const paths = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
  return (await Promise.all(paths)).flat().sort();
}
