"""An upstream that answers as its address says, for the tests of what asks it.

    upstream.py         prints its port, then answers POST /MODE/v1/... until standard input ends
"""
import collections, json, random, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

seen = collections.Counter()


def chunk(delta=None, reason=None, **more):
    return {"choices": [{"index": 0, "delta": delta or {}, "finish_reason": reason}], **more}


def call(index, **piece):
    return chunk({"tool_calls": [{"index": index, **piece}]})


USAGE = {"choices": [], "usage": {"prompt_tokens": 12, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 4}}}
TEXT = [chunk({"role": "assistant", "content": ""}), chunk({"reasoning_content": "hm"}), chunk({"content": "Grüße"}),
        chunk({"content": " 🦜\nEND of it"}), chunk(reason="stop"), USAGE]
TOOLS = [call(0, id="a1", type="function", function={"name": "read", "arguments": ""}),
         call(0, function={"arguments": '{"path":'}), call(0, function={"arguments": '"x"}'}),
         call(1, id="b2", type="function", function={"name": "list", "arguments": "{}"}), chunk(reason="tool_calls")]
MESSAGE = [
    {"type": "message_start", "message": {"usage": {"input_tokens": 8, "cache_read_input_tokens": 4, "output_tokens": 1}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "hm"}},
    {"type": "content_block_stop", "index": 0}, {"type": "ping"},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "Grüße 🦜"}},
    {"type": "content_block_start", "index": 2, "content_block": {"type": "tool_use", "id": "a1", "name": "read", "input": {}}},
    {"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": '{"path":"x"}'}},
    {"type": "content_block_stop", "index": 2},
    {"type": "message_delta", "delta": {"stop_reason": "tool_use", "stop_sequence": None}, "usage": {"output_tokens": 5}},
    {"type": "message_stop"}]


def stream(events, end="\n", done=True):
    data = "".join(f"data: {json.dumps(event, ensure_ascii=False)}{end}{end}" for event in events)
    return (data + (f"data: [DONE]{end}{end}" if done else "")).encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        mode, _, _ = self.path.lstrip("/").partition("/")
        name, _, number = mode.partition("-")
        seen[mode] += 1
        if name == "text":
            # In pieces of a few bytes, wherever characters and lines end.
            self.answer(stream(TEXT, "\r\n" if number == "crlf" else "\n"), piece=3)
        elif name == "tools":
            self.answer(stream(TOOLS))
        elif name == "message":
            self.answer(stream(MESSAGE, done=False), piece=5)
        elif name == "echo":
            facts = {"path": self.path, "body": json.loads(body), "key": self.headers.get("x-api-key"),
                     "authorization": self.headers.get("Authorization")}
            self.answer(stream([chunk({"content": json.dumps(facts)}), chunk(reason="length")]))
        elif name == "busy" and seen[mode] <= int(number):
            self.reply(429, {"error": {"message": "slow down"}}, {"Retry-After": "0"})
        elif name == "busy":
            self.answer(stream(TEXT))
        elif name == "long":
            self.reply(400, {"error": [{"message": "no", "code": "context_length_exceeded"},
                                       {"message": "no", "code": 400, "type": "exceed_context_size_error"},
                                       {"message": "This model's maximum context length is 8 tokens."},
                                       {"type": "invalid_request_error", "message": "prompt is too long: 9 tokens > 8"},
                                       {"message": "not this"}][int(number)]})
        elif name == "refused":
            self.reply(int(number), {"error": {"message": "not you"}})
        elif name == "cut":
            self.answer(stream(TEXT[:3], done=False))
        elif name == "fails":
            self.answer(stream(TEXT[:3] + [{"error": {"message": "out of parrots"}}]))
        elif name == "page":
            self.answer(b"<html>hello</html>")
        elif name == "noise":
            draw = random.Random(int(number))
            data = bytearray(stream(draw.choice([TEXT, TOOLS, MESSAGE])))
            for _ in range(draw.randrange(1, 9)):
                data[draw.randrange(len(data))] = draw.randrange(256)
            self.answer(bytes(data[:draw.randrange(len(data))] if draw.random() < 0.3 else data), piece=64)

    def answer(self, data, piece=1 << 20):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for start in range(0, len(data), piece):
            self.wfile.write(data[start:start + piece])
            self.wfile.flush()
        self.close_connection = True

    def reply(self, status, value, headers={}):
        data = json.dumps(value).encode()
        self.send_response(status)
        for header in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(*header)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, *_):
        pass


server = Server(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
