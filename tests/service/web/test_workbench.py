"""What the workbench's script sends, run by Node.js with a page that is made up."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from model import Cleaner
from service.web import app
from service.web.settings import Settings

NODE = shutil.which("node")
SCRIPT = Path(app.__file__).with_name("static") / "workbench.js"
PAGE = """
const made = () => new Proxy(function () {}, {
  get: (own, name) => own[name] ?? (name === Symbol.toPrimitive ? () => "" : made()),
  set: (own, name, value) => ((own[name] = value), true),
  apply: () => made(),
});
const elements = {};
globalThis.document = {
  getElementById: (id) => (id === "key" ? null : (elements[id] ??= made())), querySelectorAll: () => [],
};
const sent = [];
globalThis.fetch = async (url, options) => { sent.push({ url, ...options }); throw new Error("none"); };
"""
RUN = """
source.value = "";
Object.assign(form, { elements: { kind: { value: "auto" }, dial: { value: "recall" }, head: { checked: true } } });
const bytes = Uint8Array.from(Buffer.from(process.argv[1], "hex"));
const file = { name: process.argv[2], arrayBuffer: async () => bytes.buffer };
(async () => {
  await dropFile({ preventDefault() {}, dataTransfer: { files: [file] } });
  const shown = source.value;
  source.value += "!";
  await clean();
  const [dropped, edited] = sent.slice(-2).map(({ url, headers, body }) => (
    { url, type: headers["Content-Type"], body: typeof body === "string" ? body : Buffer.from(body).toString("hex") }));
  console.log(JSON.stringify({ shown, dropped, edited }));
})();
"""

pytestmark = pytest.mark.skipif(NODE is None, reason="there is no Node.js to run the script")


def drop(content: bytes, name: str) -> dict[str, Any]:
    """What is shown and sent when a file is dropped, and what is sent after the text was edited."""
    script = PAGE + SCRIPT.read_text("utf-8") + RUN
    done = subprocess.run([str(NODE), "-e", script, content.hex(), name], capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("<p>Grüße</p>".encode(), "<p>Grüße</p>"),
        ("<p>Grüße, so</p>".encode("cp1252"), "<p>Grüße, so</p>"),  # Node.js 20 gets its quotes wrong
        ("<meta charset='koi8-r'><p>Привет</p>".encode("koi8-r"), "<meta charset='koi8-r'><p>Привет</p>"),
        ("\ufeff<p>Grüße</p>".encode("utf-16-le"), "<p>Grüße</p>"),
        ("<meta charset=nonsense><p>Grüße</p>".encode("cp1252"), "<meta charset=nonsense><p>Grüße</p>"),
    ],
    ids=["UTF-8", "Windows-1252", "declared", "byte order mark", "declared as nothing known"],
)
def test_a_dropped_file_is_sent_as_its_bytes_and_shown_as_text(
    tiny_cleaner: Cleaner, content: bytes, shown: str
) -> None:
    told = drop(content, "page.html")
    assert told["shown"] == shown
    query = "/v1/clean?dial=recall&keep=title&keep=byline"
    assert told["dropped"] == {"url": query, "type": "text/html", "body": content.hex()}
    client = app.create_app(tiny_cleaner, Settings()).test_client()
    answer = client.post(query, data=content, content_type="text/html").get_json()
    assert [block["text"] for block in answer["blocks"]] == [re.sub("<[^>]*>", "", shown)]
    assert told["edited"]["type"] == "application/json"
    assert json.loads(told["edited"]["body"])["html"] == shown + "!"


def test_a_dropped_text_is_sent_as_text() -> None:
    told = drop("Grüße".encode("cp1252"), "note.txt")
    assert (told["shown"], told["dropped"]["type"]) == ("Grüße", "text/plain")
