// One answer while it comes: text, thoughts, and how fast.

/// Takes pieces of a stream and keeps count.
export class Answer {
  constructor(now = performance.now()) {
    Object.assign(this, { started: now, firstAt: null, lastAt: null, pieces: 0, text: "", thinking: "", reason: null, usage: null });
  }

  accept(piece, now = performance.now()) {
    if (piece.text || piece.thinking) {
      this.firstAt ??= now;
      this.lastAt = now;
      this.pieces += 1;
      this.text += piece.text ?? "";
      this.thinking += piece.thinking ?? "";
    }
    this.reason = piece.reason ?? this.reason;
    this.usage = piece.usage ?? this.usage;
  }

  /// Tokens, seconds until the first, and tokens per second after it; pieces count where the server has not counted yet.
  get stats() {
    const tokens = this.usage?.completion_tokens ?? this.pieces;
    const seconds = this.firstAt === null ? 0 : (this.lastAt - this.firstAt) / 1000;
    return {
      tokens, prompt: this.usage?.prompt_tokens ?? null,
      first: this.firstAt === null ? null : (this.firstAt - this.started) / 1000,
      rate: seconds > 0.02 && tokens > 1 ? (tokens - 1) / seconds : null,
    };
  }
}

/// Thoughts that a model writes into its text, and what is left. - SeeAlso: the <think> tags of several families.
export function splitThinking(text) {
  const begin = /^\s*<think>/.exec(text);
  if (!begin) return { thinking: "", text };
  const end = text.indexOf("</think>");
  if (end < 0) return { thinking: text.slice(begin[0].length), text: "" };
  return { thinking: text.slice(begin[0].length, end), text: text.slice(end + "</think>".length).trimStart() };
}

/// One line about an answer.
export function describeStats({ tokens, first, rate }) {
  const parts = [];
  if (tokens) parts.push(`${tokens} ${tokens === 1 ? "token" : "tokens"}`);
  if (rate) parts.push(`${rate < 10 ? rate.toFixed(1) : Math.round(rate)} tokens/s`);
  if (first !== null && first !== undefined) parts.push(`first after ${first < 10 ? first.toFixed(2) : first.toFixed(0)} s`);
  return parts.join(" · ");
}
