"use strict";
// Building nodes. Texts become text nodes, always: nothing on this page reads text as HTML.

/** An element with properties and children. */
function element(name, properties = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

const find = (id) => document.getElementById(id);

/** Says something to screen readers. */
function announce(text) { find("notices").textContent = text; }
