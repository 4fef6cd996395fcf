// The workbench: sends the page to POST /v1/clean and shows the answer beside the verdict on every block.
// Text from a page only ever enters the document as textContent, never as markup.

const $ = (id) => document.getElementById(id);
const form = $("form");
const source = $("source");
const key = $("key"); // there only when the service asks for one; never stored
let dropped = { text: null, bytes: null }; // the file that was dropped last, as it is shown and as it is
let latest = 0; // number of the newest request: an older answer that comes late is not shown
let latestSample = 0;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  clean();
});
form.addEventListener("change", (event) => {
  if (event.target.type === "radio" || event.target.type === "checkbox") clean();
});
source.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) clean();
});
for (const button of document.querySelectorAll("[data-sample]")) {
  button.addEventListener("click", () => loadSample(button.dataset.sample));
}
$("filter").addEventListener("change", filterBlocks);
$("blocks").addEventListener("click", (event) => event.target.classList.remove("long"));
$("copy").addEventListener("click", copyText);
form.addEventListener("dragover", (event) => {
  event.preventDefault();
  form.classList.add("dropping");
});
form.addEventListener("dragleave", () => form.classList.remove("dropping"));
form.addEventListener("drop", dropFile);

loadSample("blog");

async function loadSample(name) {
  const number = ++latestSample;
  const before = source.value;
  let text;
  try {
    text = await (await fetch(`/static/sample-${name}.txt`)).text();
  } catch (error) {
    showProblem(`The sample cannot be fetched (${error.message}). Is the service still running?`);
    return;
  }
  // another sample was chosen, or a page was pasted, while this one was on its way
  if (number !== latestSample || source.value !== before) return;
  source.value = text;
  source.scrollTop = 0;
  setKind("auto");
  if (key && !key.value) key.focus();
  else await clean();
}

async function dropFile(event) {
  event.preventDefault();
  form.classList.remove("dropping");
  const file = event.dataTransfer.files[0];
  if (!file) return;
  const bytes = new Uint8Array(await file.arrayBuffer());
  source.value = decoded(bytes);
  dropped = { text: source.value, bytes }; // read back: a text field has line ends of its own
  setKind(/\.(txt|md)$/i.test(file.name) ? "auto" : "html");
  await clean();
}

// For the eyes only: as long as nobody edits the text, the service gets the bytes and finds out their encoding itself.
function decoded(bytes) {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1024));
  const marked = { "\u00ff\u00fe": "utf-16le", "\u00fe\u00ff": "utf-16be" }[head.slice(0, 2)];
  const declared = /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head);
  for (const label of [marked, "utf-8", declared && declared[1]].filter(Boolean)) {
    try {
      return new TextDecoder(label, { fatal: label === "utf-8" }).decode(bytes);
    } catch {
      continue; // not UTF-8, or a name that no browser knows
    }
  }
  return new TextDecoder("windows-1252").decode(bytes);
}

function setKind(value) {
  form.elements.kind.value = value;
}

async function clean() {
  const number = ++latest;
  const submit = form.querySelector(".primary");
  submit.disabled = true;
  const started = performance.now();
  try {
    const { query, type, body } = request();
    const response = await fetch(`/v1/clean${query}`, {
      method: "POST",
      headers: { "Content-Type": type, Accept: "application/json", ...authorization() },
      body,
    });
    const answer = await response.json();
    if (number !== latest) return;
    if (response.ok) show(answer, performance.now() - started);
    else showProblem(`${answer.title}. ${answer.detail}`);
  } catch (error) {
    if (number === latest) showProblem(`The service cannot be reached (${error.message}). Is it still running?`);
  } finally {
    if (number === latest) submit.disabled = false;
  }
}

function authorization() {
  return key ? { Authorization: `Bearer ${key.value.trim()}` } : {};
}

function request() {
  const chosen = form.elements.kind.value;
  const kind = chosen === "auto" ? guessKind(source.value) : chosen;
  const options = { dial: form.elements.dial.value };
  if (form.elements.head.checked) options.keep = ["title", "byline"];
  if (source.value !== dropped.text) {
    return { query: "", type: "application/json", body: JSON.stringify({ [kind]: source.value, options }) };
  }
  const query = Object.entries(options).flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
  return { query: `?${new URLSearchParams(query)}`, type: kind === "html" ? "text/html" : "text/plain", body: dropped.bytes };
}

// Markup begins with a tag, or has closing tags all over; text that mentions a tag does not.
function guessKind(text) {
  return /^\s*<[!a-z]/i.test(text) || (text.match(/<\/[a-z][a-z0-9]*>/gi) || []).length > 3 ? "html" : "text";
}

function showProblem(text) {
  $("message").textContent = text;
  $("message").hidden = false;
  $("result").hidden = true;
}

function show(answer, elapsedMs) {
  $("message").hidden = true;
  $("result").hidden = false;
  $("model").textContent = `model ${answer.model_version}`;
  $("summary").replaceChildren(...facts(answer, elapsedMs).map(([name, value]) => fact(name, value)));
  $("warnings").hidden = !answer.warnings.length;
  $("warnings").replaceChildren(...answer.warnings.map((warning) => element("li", "", warning)));
  $("blocks").replaceChildren(...answer.blocks.map(blockItem));
  $("text").textContent = answer.text;
  $("text").lang = answer.language || "";
  $("text").dir = "auto";
  $("comments").hidden = !answer.comments.length;
  $("comments").querySelector("ol").replaceChildren(...answer.comments.map(commentItem));
  filterBlocks();
}

function facts(answer, elapsedMs) {
  const words = (blocks) => blocks.reduce((sum, block) => sum + block.text.split(/\s+/).filter(Boolean).length, 0);
  const kept = answer.blocks.filter((block) => block.kept);
  const dropped = answer.blocks.filter((block) => !block.kept);
  return [
    ["Status", answer.status],
    ["Confidence", `${Math.round(answer.confidence * 100)} %`],
    ["Kept", `${kept.length} blocks, ${words(kept)} words`],
    ["Dropped", `${dropped.length} blocks, ${words(dropped)} words`],
    ["Title", answer.title],
    ["Byline", answer.byline],
    ["Date", answer.date],
    ["Language", answer.language],
    ["Time", `${Math.round(elapsedMs)} ms`],
  ].filter(([, value]) => value);
}

function fact(name, value) {
  const item = element("div");
  item.append(element("span", "fact", name), element("strong", "", value));
  return item;
}

function blockItem(block) {
  const item = element("li", block.kept ? "kept" : "dropped");
  const head = element("div", "block-head");
  const mark = element("span", "mark", block.kept ? "✓" : "✕");
  mark.title = block.kept ? "kept" : "dropped";
  const chance = element("span", "chance");
  chance.title = "Chance that this belongs to the article";
  const meter = element("meter");
  meter.value = block.probability;
  chance.append(meter, block.probability.toFixed(2));
  const line = element("span", "line", `line ${block.position.line}`);
  head.append(mark, element("span", "chip", block.label.replace("_", " ")), chance);
  if (isApart(block)) head.append(element("span", "apart", "shown apart from the text"));
  head.append(line);
  item.append(head, element("p", block.text.length > 320 ? "block-text long" : "block-text", block.text));
  if (block.reasons.length) item.append(element("p", "reasons", block.reasons.join(" · ")));
  return item;
}

// Title and byline are kept, but stand in the text only when asked for.
function isApart(block) {
  return block.kept && ["title", "byline"].includes(block.label) && !form.elements.head.checked;
}

function commentItem(comment) {
  const item = element("li");
  const chance = comment.spam_probability;
  const spam = chance >= 0.5 ? `spam ${Math.round(chance * 100)} %` : ""; // null, where nobody judged it, is less
  const who = [comment.author, comment.date, spam].filter(Boolean).join(", ");
  if (who) item.append(element("span", "fact", who));
  item.append(comment.text);
  return item;
}

function filterBlocks() {
  const shown = document.querySelector("[name=show]:checked").value;
  for (const item of $("blocks").children) item.hidden = shown !== "all" && !item.classList.contains(shown);
}

// Browsers give pages of other machines no clipboard without TLS, and may refuse; then the text is at least selected.
async function copyText() {
  try {
    await navigator.clipboard.writeText($("text").textContent);
  } catch {
    return getSelection().selectAllChildren($("text"));
  }
  $("copy").textContent = "Copied";
  setTimeout(() => ($("copy").textContent = "Copy"), 1500);
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
