// Judges addresses by the tests of the MDN HTTP Observatory: node scan.mjs PACKAGE HTTP_PORT HTTPS_PORT COOKIE PATH…
// Prints one JSON object a line. Its own command knows neither ports nor pages behind a sign-in.
import path from "node:path";
import { pathToFileURL } from "node:url";

const [home, httpPort, httpsPort, cookie, ...paths] = process.argv.slice(2);
const part = (name) => import(pathToFileURL(path.join(home, "src", name)).href);
const { retrieve } = await part("retriever/retriever.js");
const { ALL_TESTS } = await part("constants.js");
const { getScoreModifier } = await part("grader/grader.js");
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await part("grader/charts.js");

for (const one of paths) {
  const headers = ["Accept: text/html", ...(cookie ? [`Cookie: ${cookie}`] : [])];
  const found = await retrieve("localhost", { httpPort, httpsPort, path: one, headers });
  const results = ALL_TESTS.map((test) => test(found));
  const modifiers = results.map((result) => getScoreModifier(result.result));
  const sum = (values) => values.reduce((all, value) => all + value, 0);
  const withoutCredit = 100 + sum(modifiers.filter((value) => value < 0));
  const score = withoutCredit >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? 100 + sum(modifiers) : withoutCredit;
  const lost = results.filter((result, index) => modifiers[index] < 0).map((result) => result.result);
  const status = found.responses.https?.status ?? null;
  console.log(JSON.stringify({ path: one, status, score, lost }));
}
