"""A headless Chromium, driven over the DevTools protocol through a pipe: nothing but the standard library is needed."""
import base64
import fcntl
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

# A broken page must not hang the tests for ever; what works is done in a fraction of this.
PATIENCE_SECONDS = 300

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


class Browser:
    def __init__(self):
        program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        if not program:
            raise SystemExit("There is no Chromium on PATH. Install it: Scripts/bootstrap --tests")
        # The threads that tests run on block most signals; the child must not inherit that.
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        self.profile = tempfile.mkdtemp(prefix="martlet-browser-")
        to_child, self.commands = os.pipe()
        self.answers, from_child = os.pipe()
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_child, from_child)]

        def place():
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
             "--disable-default-apps", "--disable-extensions", "--disable-sync", "--mute-audio", "--hide-scrollbars",
             "--force-color-profile=srgb", f"--user-data-dir={self.profile}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=place, pass_fds=(3, 4))
        for end in (to_child, from_child, *ends):
            os.close(end)
        self.buffer, self.sent, self.session, self.complaints = b"", 0, None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "DOM"):
            self.call(f"{domain}.enable")
        self.call("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        self.size(1280, 800)

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    # The protocol

    def call(self, method, **parameters):
        self.sent += 1
        message = {"id": self.sent, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.sent:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return answer["result"]
            self.note(answer)

    def read(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.answers, 1 << 16)
            if not piece:
                raise AssertionError("Chromium ended")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def note(self, event):
        """Keeps what the page complains of."""
        parameters = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description", details["text"]))
        elif event.get("method") == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.complaints.append(parameters["entry"]["text"] + " " + parameters["entry"].get("url", ""))

    # The page

    def open(self, url):
        # The page before is there until the new one is.
        self.evaluate("window.isOld = true")
        self.call("Page.navigate", url=url)
        self.wait_for_page()

    def reload(self):
        self.evaluate("window.isOld = true; location.reload()")
        self.wait_for_page()

    def wait_for_page(self):
        self.wait(
            "!window.isOld && document.readyState === 'complete'"
            " && document.querySelector('#model')?.options.length > 0")

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise AssertionError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait(self, condition):
        """Waits until an expression is true, and returns what it is."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                value = self.evaluate(condition)
            except AssertionError:
                # Between two pages there is none to ask.
                value = None
            if value:
                return value
            time.sleep(0.02)
        raise AssertionError(f"never came true: {condition}\n{self.evaluate('document.body.innerText')}")

    def click(self, selector, index=0):
        """A real click in the middle of what is there."""
        where = self.evaluate(
            f"(() => {{ const node = document.querySelectorAll({json.dumps(selector)})[{index}];"
            " if (!node) return null; node.scrollIntoView({block: 'nearest'}); const box = node.getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()")
        if not where:
            raise AssertionError(f"there is no {selector} [{index}]")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=where[0], y=where[1], button="left", clickCount=1)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def press(self, key, modifiers=0):
        codes = {"Enter": 13, "Escape": 27, "Tab": 9, "Space": 32}
        parameters = {"key": " " if key == "Space" else key, "code": key, "modifiers": modifiers,
                      "windowsVirtualKeyCode": codes[key]}
        if key == "Enter":
            parameters["text"] = "\r"
        elif key == "Space":
            parameters["text"] = " "
        self.call("Input.dispatchKeyEvent", type="keyDown", **parameters)
        parameters.pop("text", None)
        self.call("Input.dispatchKeyEvent", type="keyUp", **parameters)

    def size(self, width, height, mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def prefer(self, scheme):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def attach(self, selector, paths):
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", files=paths, nodeId=node)

    def picture(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))
