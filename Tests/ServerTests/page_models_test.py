"""Asks a model that is not in memory yet, with the web page in a headless Chromium, and prints the names of the checks.

    page_models_test.py URL
"""
import sys

# Compiled files among the sources would be taken for resources.
sys.dont_write_bytecode = True
from browser import Browser  # noqa: E402

LABEL = "document.querySelector('#model').selectedOptions[0]?.textContent"

page = Browser()
try:
    page.open(sys.argv[1])
    page.wait(f"{LABEL} === 'test:1 (loads on first use)'")
    print("choice", flush=True)
    page.evaluate("document.querySelector('#prompt').focus()")
    page.type("Hi")
    page.press("Enter")
    page.wait("document.querySelector('.assistant .markdown')?.innerText === 'Hello'")
    page.wait(f"{LABEL} === 'test:1'")
    print("answer", flush=True)
    page.click("#toggle-activity")
    page.wait("document.querySelector('#live').innerText.includes('Loads, unloads')")
    print("live view", flush=True)
finally:
    page.close()
