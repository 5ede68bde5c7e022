// Checks the pages of a published book, as `node check.js FOLDER CHAPTER`: every page with the Nu checker, and a page
// of each kind with Lighthouse and its mobile settings. They are served below a path, with the strictest content
// security policy under which books work. `tests/access.rs` checks pages with axe.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const folder = resolve(process.argv[2]);
const below = "/some/sub/path/";
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const chapter = process.argv[3];
const kinds = ["", chapter, "contents/", "404.html"];
// In bytes, compressed, without fonts: the first view of a page, and the script in it.
const limits = { "first view": 28 * 1024, script: 14 * 1024 };
const attempts = 3; // Lighthouse measures times, which a busy machine makes longer

const problems = [];

checkSources();
for (const path of kinds) checkSizes(path);
const server = await serve();
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await puppeteer.launch({
  executablePath: process.env.BINDERY_CHROMIUM ?? chromium(),
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
});
for (const path of kinds) await measure(path);
await browser.close();
server.close();
for (const problem of problems) console.error(problem);
console.log(problems.length ? `${problems.length} problems` : "no problems");
process.exitCode = problems.length ? 1 : 0;

/** The Nu checker: errors and warnings. */
function checkSources() {
  const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");
  const options = ["-jar", jar, "--format", "json", "--skip-non-html", folder];
  const { stderr, error } = spawnSync("java", options, { encoding: "utf8", maxBuffer: 1 << 26 });
  if (error) throw error;
  const wrong = JSON.parse(stderr).messages.filter(({ type, subType }) => type !== "info" || subType === "warning");
  problems.push(...wrong.map(({ url, lastLine, message }) => `Nu checker: ${url}:${lastLine}: ${message}`));
}

/** The bytes that a page needs before it can be read. */
function checkSizes(path) {
  const file = join(folder, path.endsWith("/") || !path ? `${path}index.html` : path);
  const page = readFileSync(file, "utf8");
  const size = (bytes) => gzipSync(bytes, { level: 9 }).length;
  const read = (address) => readFileSync(address.startsWith("/") ? join(folder, address.slice(below.length)) : join(dirname(file), address));
  const scripts = [...page.matchAll(/<script[^>]* src="([^"]+)"/g)].reduce((sum, [, address]) => sum + size(read(address)), 0);
  const styles = [...page.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].reduce((sum, [, address]) => sum + size(read(address)), 0);
  const sizes = { "first view": size(page) + scripts + styles, script: scripts };
  for (const [what, limit] of Object.entries(limits)) {
    console.log(`${path || "front page"}: ${what} ${(sizes[what] / 1024).toFixed(1)} KB`);
    if (sizes[what] > limit) problems.push(`size: ${path}: ${what} has ${sizes[what]} bytes, more than ${limit}`);
  }
}

/** Lighthouse: 100 in each category, and no layout shift. */
async function measure(path) {
  let wrong;
  for (let attempt = 0; attempt < attempts && wrong?.length !== 0; attempt++) {
    const page = await browser.newPage();
    const { lhr } = await lighthouse(origin + below + path, { logLevel: "error" }, undefined, page);
    await page.close();
    const scores = Object.values(lhr.categories).map(({ id, score, auditRefs }) => {
      const failed = auditRefs.filter((ref) => ref.weight && (lhr.audits[ref.id].score ?? 1) < 1).map((ref) => ref.id);
      return { text: `${id} ${Math.round(score * 100)} (${failed.join(", ")})`, isFull: score === 1 };
    });
    const shift = lhr.audits["cumulative-layout-shift"].numericValue;
    if (shift) scores.push({ text: `layout shift ${shift}`, isFull: false });
    wrong = scores.filter(({ isFull }) => !isFull).map(({ text }) => text);
  }
  if (wrong.length) problems.push(`Lighthouse: ${path}: ${wrong.join("; ")}`);
}

function serve() {
  const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".json": "application/json", ".png": "image/png", ".txt": "text/plain", ".xml": "application/xml" };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
    // Robots request it at the root.
    const name = path === "/robots.txt" ? "robots.txt" : path.startsWith(below) ? path.slice(below.length) : undefined;
    let file = join(folder, name ?? "404.html");
    if (existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
    if (name === undefined || !file.startsWith(folder) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const type = types[extname(file)] ?? "application/octet-stream";
    const headers = { "content-type": type, "content-encoding": "gzip", "content-security-policy": policy, "cache-control": "max-age=31536000" };
    response.writeHead(200, headers).end(gzipSync(readFileSync(file)));
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

function chromium() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const paths = process.env.PATH.split(":").flatMap((folder) => names.map((name) => join(folder, name)));
  return paths.find((path) => existsSync(path));
}
