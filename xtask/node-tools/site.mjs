// Makes the files of the front end small, names those below pkg/ by their content, and lays a
// compressed copy of each beside it. Prints the names. `cargo xtask build` calls it:
// node site.mjs FOLDER-OF-NODE_MODULES SITE

import { createHash } from "node:crypto";
import { readFile, readdir, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [modules, site] = process.argv.slice(2);
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
  const module = kind === "js" ? { format: "esm" } : {};
  const options = { loader: kind, minify: true, charset: "utf8", target: BROWSERS, ...module };
  const { code, warnings } = await transform(text, options);
  if (warnings.length > 0) {
    throw new Error(`${path}: ${warnings.map((warning) => warning.text).join("; ")}`);
  }
  return Buffer.from(code);
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
