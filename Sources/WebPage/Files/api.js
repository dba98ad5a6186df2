// What this page asks of the server.

let key = "";

/// - remembers: also after the browser was closed.
export function setKey(value, remembers) {
  key = value;
  try {
    sessionStorage.setItem("martlet.key", value);
    if (remembers && value) localStorage.setItem("martlet.key", value);
    else localStorage.removeItem("martlet.key");
  } catch { /* Without storage the key lasts as long as the page. */ }
}

export function loadKey() {
  try {
    const remembered = localStorage.getItem("martlet.key") ?? "";
    key = sessionStorage.getItem("martlet.key") || remembered;
    return { key, isRemembered: remembered !== "" };
  } catch {
    return { key: "", isRemembered: false };
  }
}

/// What went wrong, in words, with its status and code where the server gave them.
export class RequestError extends Error {
  constructor(message, { status = 0, code = "", retryAfter = null } = {}) {
    super(message);
    Object.assign(this, { status, code, retryAfter });
  }

  /// What to do about it.
  get advice() {
    if (this.status === 401) return "This server wants a key. Enter it below; it was printed or set where the server was started.";
    if (this.code === "context_length_exceeded") return "Begin a new conversation, edit an earlier message, or attach less.";
    if (this.code === "model_not_found") return "Choose another model at the top.";
    if (this.status === 413) return "Attach less, or begin a new conversation.";
    if (this.status === 429 || this.status === 503) {
      return this.retryAfter ? `The server is busy. Try again in ${this.retryAfter} s.` : "The server is busy. Try again in a while.";
    }
    if (this.status === 0) return "Is the server still running? Start it with `martlet serve` and try again.";
    if (this.status >= 500) return "Try again; the server's log says more.";
    return "";
  }
}

async function request(path, options = {}) {
  const headers = { ...options.headers };
  if (key) headers.authorization = `Bearer ${key}`;
  let response;
  try {
    response = await fetch(path, { ...options, headers, cache: "no-store" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new RequestError("The server cannot be reached.");
  }
  if (response.ok) return response;
  const facts = { status: response.status, retryAfter: response.headers.get("retry-after") };
  let message = `The server answered with status ${response.status}.`;
  try {
    const { error } = await response.json();
    message = error.message ?? message;
    facts.code = error.code ?? "";
  } catch { /* The status has to do. */ }
  throw new RequestError(message, facts);
}

export async function listModels() {
  const { data } = await (await request("/v1/models")).json();
  return data;
}

export async function readStatus() {
  return (await request("/v1/status")).json();
}

/// Asks for an answer and tells its pieces as they come.
/// - tell: called with { text }, { thinking }, { progress }, { reason }, { usage }.
export async function streamChat(body, signal, tell) {
  const response = await request("/v1/chat/completions", {
    method: "POST", signal, headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } }),
  });
  let isComplete = false;
  try {
    for await (const { comment, data } of serverSentEvents(response.body)) {
      if (comment) tell({ progress: comment });
      else if (data === "[DONE]") isComplete = true;
      else tellChunk(JSON.parse(data), tell);
    }
  } catch (error) {
    if (error.name === "AbortError" || error instanceof RequestError) throw error;
    throw new RequestError("The connection broke in the middle of the answer.");
  }
  if (!isComplete) throw new RequestError("The answer ended before it was complete.");
}

function tellChunk(chunk, tell) {
  if (chunk.error) throw new RequestError(chunk.error.message, { status: 500, code: chunk.error.code ?? "" });
  const [choice] = chunk.choices ?? [];
  if (choice?.delta?.reasoning_content) tell({ thinking: choice.delta.reasoning_content });
  if (choice?.delta?.content) tell({ text: choice.delta.content });
  if (choice?.finish_reason) tell({ reason: choice.finish_reason });
  if (chunk.usage) tell({ usage: chunk.usage });
}

/// The events of a stream, as { data } or { comment }.
async function* serverSentEvents(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    buffer += value;
    let end;
    while ((end = buffer.indexOf("\n\n")) >= 0) {
      const lines = buffer.slice(0, end).split("\n");
      buffer = buffer.slice(end + 2);
      const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5).replace(/^ /, ""));
      if (data.length) yield { data: data.join("\n") };
      else if (lines[0].startsWith(":")) yield { comment: lines[0].slice(1).trim() };
    }
  }
}
