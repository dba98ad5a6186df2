// What the user can set: sampling, the key, the theme. The system prompt belongs to the conversation.

import { loadKey, setKey } from "./api.js";
import { element, find } from "./dom.js";
import { loadValue, saveValue } from "./store.js";

const fields = [
  { name: "temperature", label: "Temperature", min: 0, max: 2, step: 0.1 },
  { name: "top_p", label: "Top-p", min: 0, max: 1, step: 0.05 },
  { name: "top_k", label: "Top-k", min: 0, max: 1000, step: 1 },
  { name: "min_p", label: "Min-p", min: 0, max: 1, step: 0.01 },
  { name: "repetition_penalty", label: "Repetition penalty", min: 0.1, max: 2, step: 0.05 },
  { name: "seed", label: "Seed", min: 0, max: Number.MAX_SAFE_INTEGER, step: 1 },
  { name: "max_tokens", label: "Most tokens", min: 1, max: 1000000, step: 1 },
  { name: "stop", label: "Stop text" },
];

/// Fields of a request that the user has filled in.
export function samplingFields() {
  const chosen = {};
  for (const { name, step } of fields) {
    const field = find(`sampling-${name}`);
    const value = field.value.trim();
    if (value === "" || !field.checkValidity()) continue;
    chosen[name] = step === undefined ? value.replaceAll("\\n", "\n") : Number(value);
  }
  return chosen;
}

export function setUpSettings(keyChanged) {
  const saved = loadValue("sampling", {});
  const grid = element("div", { className: "grid" });
  for (const { name, label, step, min, max } of fields) {
    const id = `sampling-${name}`;
    const input = element("input", { id, type: step === undefined ? "text" : "number", value: saved[name] ?? "", placeholder: "Server's" });
    if (step !== undefined) Object.assign(input, { min, max, step: step === 1 ? 1 : "any", inputMode: "decimal" });
    input.addEventListener("change", () => {
      input.reportValidity();
      saveValue("sampling", Object.fromEntries(fields.map((field) => [field.name, find(`sampling-${field.name}`).value]).filter(([, value]) => value !== "")));
    });
    grid.append(element("div", {}, element("label", { htmlFor: id }, label), input));
  }
  find("sampling").append(grid);
  find("settings-form").addEventListener("submit", (event) => event.preventDefault());

  const { key, isRemembered } = loadKey();
  find("key").value = key;
  find("remember").checked = isRemembered;
  const store = () => {
    setKey(find("key").value.trim(), find("remember").checked);
    keyChanged();
  };
  find("key").addEventListener("change", store);
  find("remember").addEventListener("change", store);
  setUpTheme();
}

/// Takes a key that is given elsewhere on the page.
export function giveKey(value) {
  find("key").value = value;
  setKey(value, find("remember").checked);
}

function setUpTheme() {
  const select = find("theme");
  try { select.value = localStorage.getItem("martlet.theme") ?? "auto"; } catch { /* The system's theme. */ }
  select.addEventListener("change", () => {
    const { value } = select;
    if (value === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = value;
    try {
      if (value === "auto") localStorage.removeItem("martlet.theme");
      else localStorage.setItem("martlet.theme", value);
    } catch { /* It lasts as long as the page. */ }
  });
}
