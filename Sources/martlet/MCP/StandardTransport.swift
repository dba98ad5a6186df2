import Foundation
import JSON
import MCP

/// The protocol over standard input and output: a message a line, and nothing else.
struct StandardTransport {
    let host: SessionHost
    private let session = "stdio"

    /// Serves until standard input ends. Calls that came before its end go on; `CallQueue.close` waits for them.
    func serve() async {
        await host.open(session)
        var framing = LineFraming()
        for await chunk in Self.chunks() {
            for frame in framing.accept(chunk) { await take(frame) }
        }
        for frame in framing.end() { await take(frame) }
    }

    private func take(_ frame: LineFraming.Frame) async {
        let delivery = SessionHost.Delivery { message in
            // An error means that the client is gone; so will be its input.
            try? TextOutput.results.write(message.bytes + [UInt8(ascii: "\n")])
        }
        switch frame {
        case .line(let message): await host.receive(message, in: session, delivery)
        case .tooLong:
            delivery.send(RPCError(.invalidRequest, "The message is too long.").message(to: nil))
        }
    }

    /// What comes in, read on a thread of its own.
    private static func chunks() -> AsyncStream<[UInt8]> {
        AsyncStream { continuation in
            Thread.detachNewThread {
                var chunk = [UInt8](repeating: 0, count: 1 << 16)
                while true {
                    let count = read(STDIN_FILENO, &chunk, chunk.count)
                    if count > 0 { continuation.yield(Array(chunk[..<count])) }
                    if count == 0 || (count < 0 && errno != EINTR) { break }
                }
                continuation.finish()
            }
        }
    }
}
