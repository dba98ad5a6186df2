// Puts the page together: which conversation is open, what is asked, and what becomes of the answer.

import { Answer, describeStats } from "./answer.js";
import { listModels, streamChat } from "./api.js";
import { announce, download, element, find, toast } from "./dom.js";
import { Attachments } from "./files.js";
import { LiveView } from "./live.js";
import { giveKey, samplingFields, setUpSettings } from "./settings.js";
import { Sidebar } from "./sidebar.js";
import {
  asMarkdown, deleteConversation, loadConversations, loadValue, newConversation, saveConversation, saveValue, titleOf, wireText,
} from "./store.js";
import { AssistantView, UserView, welcome } from "./thread.js";

let current = newConversation();
/// What is being answered: { controller, conversation, view }; null while nothing is.
let running = null;
let isAtEnd = true;
const attachments = new Attachments();
const live = new LiveView();
const prompt = find("prompt");
const scroller = find("scroller");
const sidebar = new Sidebar({
  open: (conversation) => openConversation(conversation),
  rename: (conversation, title) => { conversation.title = title; keep(conversation); },
  remove: (conversation) => {
    deleteConversation(conversation.id);
    if (conversation.id === current.id) openConversation(newConversation());
    else listConversations();
    announce("Conversation deleted");
  },
});

// Conversations

function listConversations() {
  const all = loadConversations().map((each) => (each.id === current.id ? current : each));
  sidebar.show(all, current.id);
}

function keep(conversation) {
  if (!saveConversation(conversation)) toast("This browser's storage is full: export and delete old conversations.");
  listConversations();
}

function openConversation(conversation) {
  stop();
  current = conversation;
  saveValue("current", current.id);
  find("system").value = current.system ?? "";
  drawThread();
  listConversations();
  if (matchMedia("(min-width: 50rem)").matches) prompt.focus();
}

function drawThread() {
  const nodes = current.messages.map((message, index) => viewOf(message, index).root);
  find("thread").replaceChildren(...(nodes.length ? nodes : [welcome(find("model").value)]));
  document.title = current.messages.length ? `${titleOf(current)} · Martlet` : "Martlet";
  scrollToEnd();
}

function viewOf(message, index) {
  if (message.role === "user") {
    return new UserView(message, (text) => {
      stop();
      current.messages.splice(index, Infinity, { ...message, text });
      drawThread();
      ask();
    });
  }
  return new AssistantView(message, { regenerate: () => askAgain(message) });
}

// Asking

function send() {
  const text = prompt.value.trim();
  if (running || (!text && !attachments.files.length)) return;
  current.messages.push({ role: "user", text, files: attachments.take() });
  prompt.value = "";
  fitPrompt();
  drawThread();
  ask();
}

/// Replaces an answer, and what came after it.
function askAgain(message) {
  stop();
  const index = current.messages.indexOf(message);
  if (index >= 0) current.messages.splice(index);
  drawThread();
  ask();
}

function requestBody(conversation) {
  const messages = conversation.messages
    .filter((message) => message.role === "user" || message.text)
    .map((message) => ({ role: message.role, content: wireText(message) }));
  if (conversation.system?.trim()) messages.unshift({ role: "system", content: conversation.system });
  return { model: find("model").value || undefined, messages, ...samplingFields() };
}

async function ask() {
  const conversation = current;
  const body = requestBody(conversation);
  const message = { role: "assistant", text: "", thinking: "", model: body.model ?? "" };
  conversation.messages.push(message);
  conversation.updated = Date.now();
  keep(conversation);
  const view = new AssistantView(message, { regenerate: () => askAgain(message) });
  find("thread").append(view.root);
  const turn = { controller: new AbortController(), conversation, view };
  setRunning(turn);
  isAtEnd = true;
  scrollToEnd();
  announce("Answering");
  const answer = new Answer();
  const painter = paintOncePerFrame(() => {
    Object.assign(message, { text: answer.text, thinking: answer.thinking, stats: answer.stats });
    view.update(true);
    find("progress").textContent = describeStats({ rate: answer.stats.rate });
    scrollToEnd();
  });
  let problem = null;
  try {
    await streamChat(body, turn.controller.signal, (piece) => {
      answer.accept(piece);
      if (piece.progress && answer.firstAt === null) find("progress").textContent = piece.progress;
      else if (piece.text || piece.thinking) painter.request();
    });
    message.reason = answer.reason;
  } catch (error) {
    message.reason = error.name === "AbortError" ? "stopped" : "failed";
    if (error.name !== "AbortError") problem = error;
  }
  painter.cancel();
  Object.assign(message, { text: answer.text, thinking: answer.thinking, stats: answer.stats });
  finish(turn, message, problem);
}

function finish(turn, message, problem) {
  const { conversation, view } = turn;
  if (running === turn) setRunning(null);
  view.update(false);
  // The list may have failed before, for want of a key or of a connection, and models come and go.
  if (!problem) loadModels();
  if (problem) {
    const controls = problem.status === 401 ? [keyField(message)] : [];
    view.showProblem(problem, () => askAgain(message), controls);
    announce(`It failed: ${problem.message} ${problem.advice}`);
  } else {
    announce(message.reason === "stopped" ? "Stopped" : "Answer complete");
  }
  // Nothing came: there is nothing to keep.
  if (!message.text && !message.thinking) conversation.messages = conversation.messages.filter((each) => each !== message);
  // Where the conversation was deleted meanwhile, it stays so.
  if (conversation === current || loadConversations().some((each) => each.id === conversation.id)) keep(conversation);
  scrollToEnd();
}

/// A field for the key that the server wants.
function keyField(message) {
  const field = element("input", { type: "password", placeholder: "API key", autocomplete: "off" });
  field.setAttribute("aria-label", "API key");
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    askAgain(message);
  });
  field.addEventListener("input", () => giveKey(field.value.trim()));
  return field;
}

function setRunning(turn) {
  running = turn;
  find("stop").hidden = !turn;
  find("send").hidden = Boolean(turn);
  if (!turn) find("progress").textContent = "";
}

function stop() {
  running?.controller.abort();
  if (running) setRunning(null);
}

/// Draws at most once a frame.
function paintOncePerFrame(paint) {
  let frame = 0;
  return {
    request() { frame ||= requestAnimationFrame(() => { frame = 0; paint(); }); },
    cancel() { cancelAnimationFrame(frame); frame = 0; },
  };
}

// Scrolling: the end stays in view while the user is there.

function scrollToEnd() {
  if (isAtEnd) scroller.scrollTop = scroller.scrollHeight;
}

scroller.addEventListener("scroll", () => {
  isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 48;
  find("jump").hidden = isAtEnd;
});

new ResizeObserver(scrollToEnd).observe(scroller);

find("jump").addEventListener("click", () => {
  isAtEnd = true;
  scrollToEnd();
  prompt.focus();
});

// The composer

function fitPrompt() {
  prompt.style.height = "auto";
  prompt.style.height = `${prompt.scrollHeight}px`;
}

prompt.addEventListener("input", fitPrompt);
prompt.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
find("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
find("stop").addEventListener("click", () => { stop(); prompt.focus(); });
find("new").addEventListener("click", () => { openConversation(newConversation()); sidebar.reveal(false); prompt.focus(); });

// Panels

function togglePanel(name, isShown = find(name).hidden) {
  for (const each of ["settings", "activity"]) {
    const shows = each === name && isShown;
    find(each).hidden = !shows;
    find(`toggle-${each}`).setAttribute("aria-expanded", String(shows));
  }
  if (isShown) find(name).querySelector("button").focus();
  else find(`toggle-${name}`).focus();
  live.show();
}

for (const name of ["settings", "activity"]) {
  find(`toggle-${name}`).addEventListener("click", () => togglePanel(name));
  document.querySelector(`[data-close="${name}"]`).addEventListener("click", () => togglePanel(name, false));
}

addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const panel = ["settings", "activity"].find((name) => !find(name).hidden);
  if (running) stop();
  else if (panel) togglePanel(panel, false);
});

find("system").addEventListener("change", () => { current.system = find("system").value; keep(current); });
find("export-one").addEventListener("click", () => download("conversation.md", asMarkdown(current), "text/markdown"));
find("export-all").addEventListener("click", () =>
  download("martlet-conversations.json", JSON.stringify(loadConversations(), null, 2), "application/json"));

// Models

async function loadModels() {
  const select = find("model");
  try {
    const models = await listModels();
    const chosen = select.value || loadValue("model", "");
    select.replaceChildren(...models.map(({ id, status }) =>
      element("option", { value: id }, status?.value === "unloaded" ? `${id} (loads on first use)` : id)));
    if (models.some(({ id }) => id === chosen)) select.value = chosen;
  } catch (error) {
    select.replaceChildren(element("option", { value: "" }, error.status === 401 ? "Key needed" : "No connection"));
  }
  if (!current.messages.length && !running) drawThread();
}

find("model").addEventListener("change", () => saveValue("model", find("model").value));
addEventListener("pagehide", () => { if (running) saveConversation(running.conversation); });

setUpSettings(loadModels);
const last = loadValue("current", null);
openConversation(loadConversations().find(({ id }) => id === last) ?? current);
loadModels();
