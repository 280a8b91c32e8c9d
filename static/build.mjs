// Bundles static/src into static/dist and writes what the server needs to find it there:
//   manifest.json  {"board.js": "board-QL3KX7.js", "desk.css": "desk-…css"}
//   icons.json     {"siren": "<path …/>"} of the icons that a template or script names with icon("…")
// A script is a page's own when its first line is "// page"; every top-level style sheet is bundled.
// File names carry a hash of their content, so browsers may keep them for good.

import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const house = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(house, "static", "src");
const target = join(house, "static", "dist");
const icons = join(house, "node_modules", "lucide-static", "icons");
const iconName = /\bicon\(\s*["']([a-z0-9-]+)["']/g;
const keptFolders = new Set(["fonts"]);

async function filesBelow(folder, endings) {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(ignoreMissing);
  return found
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function ignoreMissing(fault) {
  if (fault.code !== "ENOENT") throw fault;
  return [];
}

async function entryPoints() {
  const names = (await readdir(source).catch(ignoreMissing)).sort();
  const scripts = names.filter((name) => name.endsWith(".js"));
  const firstLines = await Promise.all(
    scripts.map(async (name) => (await readFile(join(source, name), "utf8")).split("\n", 1)[0].trim()),
  );
  const pages = scripts.filter((_, position) => firstLines[position] === "// page");
  return [...pages, ...names.filter((name) => name.endsWith(".css"))].map((name) => join(source, name));
}

async function bundle(entries) {
  const result = await build({
    absWorkingDir: house,
    entryPoints: entries,
    outdir: target,
    outbase: source,
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022"],
    minify: true,
    sourcemap: false,
    charset: "utf8",
    legalComments: "linked",
    metafile: true,
    entryNames: "[dir]/[name]-[hash]",
    chunkNames: "shared-[hash]",
    assetNames: "[name]-[hash]",
    // Each font comes twice; every browser that runs these pages reads WOFF2.
    loader: { ".woff2": "file", ".woff": "empty", ".svg": "file" },
    logLevel: "warning",
  });
  return result.metafile.outputs;
}

function manifestOf(outputs) {
  const named = Object.entries(outputs).filter(([, output]) => output.entryPoint);
  return Object.fromEntries(
    named.map(([path, output]) => [basename(output.entryPoint), relative(target, join(house, path))]).sort(),
  );
}

async function iconsNamed() {
  const places = [
    ...(await filesBelow(join(house, "templates"), [".html", ".xml", ".svg"])),
    ...(await filesBelow(source, [".js"])),
    ...(await filesBelow(join(house, "crisis_desk"), [".py"])),
  ];
  const texts = await Promise.all(places.map((path) => readFile(path, "utf8")));
  const names = new Map();
  texts.forEach((text, position) => {
    for (const [, name] of text.matchAll(iconName)) names.set(name, names.get(name) ?? places[position]);
  });
  return new Map([...names].sort());
}

async function iconMarkup(name, place) {
  const drawing = await readFile(join(icons, `${name}.svg`), "utf8").catch(() => {
    throw new Error(`${relative(house, place)} names the icon "${name}", which lucide does not have.`);
  });
  return drawing.slice(drawing.indexOf(">", drawing.indexOf("<svg")) + 1, drawing.lastIndexOf("</svg>")).replace(/\s+/g, " ").trim();
}

async function drawIcons() {
  const names = await iconsNamed();
  const drawn = await Promise.all([...names].map(async ([name, place]) => [name, await iconMarkup(name, place)]));
  return Object.fromEntries(drawn);
}

/** Puts a whole file in place of the old one: a running desk never reads half of it. */
async function replaceFile(name, content) {
  const draft = join(target, `.${name}`);
  await writeFile(draft, JSON.stringify(content, null, 1));
  await rename(draft, join(target, name));
}

async function removeOthers(kept) {
  for (const entry of await readdir(target, { withFileTypes: true })) {
    if (entry.isDirectory() ? !keptFolders.has(entry.name) : !kept.has(entry.name)) {
      await rm(join(target, entry.name), { recursive: true });
    }
  }
}

async function main() {
  const drawn = await drawIcons();
  await mkdir(target, { recursive: true });
  const entries = await entryPoints();
  const outputs = entries.length ? await bundle(entries) : {};
  await replaceFile("icons.json", drawn);
  // Last, because a server that is running finds everything through it.
  await replaceFile("manifest.json", manifestOf(outputs));
  const written = Object.keys(outputs).map((path) => basename(path));
  await removeOthers(new Set([...written, "icons.json", "manifest.json"]));
  console.log(`${entries.length} entries, ${Object.keys(drawn).length} icons`);
}

main().catch((fault) => {
  console.error(fault.message);
  process.exitCode = 1;
});
