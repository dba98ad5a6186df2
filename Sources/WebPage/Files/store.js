// Conversations, kept in this browser only: one entry of localStorage each.

const prefix = "martlet.conversation.";
const unsaved = new Map();

function randomID() {
  return Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(36).padStart(2, "0")).join("");
}

/// - messages: { role, text, files: [{ name, text }], thinking, stats, reason }
export function newConversation() {
  return { id: randomID(), title: "", system: "", updated: Date.now(), messages: [] };
}

export function loadConversations() {
  const found = new Map(unsaved);
  try {
    for (let index = 0; index < localStorage.length; index += 1) {
      const name = localStorage.key(index);
      if (!name.startsWith(prefix)) continue;
      try {
        const conversation = JSON.parse(localStorage.getItem(name));
        if (Array.isArray(conversation?.messages)) found.set(conversation.id, conversation);
      } catch { /* Something else wrote it. */ }
    }
  } catch { /* No storage: what is in memory has to do. */ }
  return [...found.values()].sort((a, b) => b.updated - a.updated);
}

/// Whether it could be kept. Empty conversations are not.
export function saveConversation(conversation) {
  if (!conversation.messages.length && !conversation.system) return true;
  try {
    localStorage.setItem(prefix + conversation.id, JSON.stringify(conversation));
    unsaved.delete(conversation.id);
    return true;
  } catch {
    unsaved.set(conversation.id, conversation);
    return false;
  }
}

export function deleteConversation(id) {
  unsaved.delete(id);
  try { localStorage.removeItem(prefix + id); } catch { /* Then it is not there either. */ }
}

export function loadValue(name, fallback) {
  try { return JSON.parse(localStorage.getItem(`martlet.${name}`)) ?? fallback; } catch { return fallback; }
}

export function saveValue(name, value) {
  try { localStorage.setItem(`martlet.${name}`, JSON.stringify(value)); } catch { /* It lasts as long as the page. */ }
}

/// A conversation is called what it begins with.
export function titleOf(conversation) {
  if (conversation.title) return conversation.title;
  const first = conversation.messages.find((message) => message.role === "user");
  const line = (first?.text || first?.files?.[0]?.name || "").trim().split("\n")[0];
  return line.length > 60 ? `${line.slice(0, 57)}…` : line || "New conversation";
}

/// A message as the model reads it: its files are blocks of code with their names.
export function wireText(message) {
  const blocks = (message.files ?? []).map(({ name, text }) => {
    const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length));
    const fence = "`".repeat(longest + 1);
    const extension = name.includes(".") ? name.split(".").at(-1) : "";
    return `${name}:\n${fence}${extension}\n${text}${text.endsWith("\n") || !text ? "" : "\n"}${fence}`;
  });
  return [message.text, ...blocks].filter(Boolean).join("\n\n");
}

export function asMarkdown(conversation) {
  const parts = [`# ${titleOf(conversation)}`];
  if (conversation.system) parts.push(`## System\n\n${conversation.system}`);
  for (const message of conversation.messages) {
    parts.push(`## ${message.role === "user" ? "You" : message.model || "Assistant"}\n\n${wireText(message)}`);
  }
  return `${parts.join("\n\n")}\n`;
}
