import CEditLine
import Foundation

/// Reads lines from the terminal with editing keys, a history and pastes of several lines, by libedit.
///
/// One at a time: libedit changes the modes of the terminal while a line is read. Not for use from several threads.
final class LineEditor {
    enum Input: Equatable {
        case line(String)
        /// Ctrl-C; what was typed is gone.
        case interrupt(wasEmpty: Bool)
        /// Ctrl-D on an empty line.
        case end
    }

    private let editor: OpaquePointer

    /// - Parameter history: the file that keeps earlier lines; its folder is made if need be.
    init?(history: String?, entries: Int32 = 1000) {
        if let history {
            try? FileManager.default.createDirectory(
                atPath: (history as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        }
        guard let editor = ceditline_open("martlet", history, entries) else { return nil }
        self.editor = editor
    }

    deinit { ceditline_close(editor) }

    /// - Parameters:
    ///   - prompt: at most one line.
    ///   - isBold: whether to print it so.
    func read(prompt: String, isBold: Bool) throws(OutputError) -> Input {
        // Bytes 1 enclose what takes no room on the screen.
        let shown = isBold ? "\u{1}\u{1B}[1m\u{1}\(prompt)\u{1}\u{1B}[0m\u{1}" : prompt
        var text: UnsafePointer<CChar>?
        var length = 0
        switch ceditline_read(editor, shown, &text, &length) {
        case CEDITLINE_LINE:
            // SAFETY: the library keeps `text` until the next call; it is copied here.
            let bytes = UnsafeRawBufferPointer(start: text, count: length)
            return .line(String(decoding: bytes, as: UTF8.self))
        case CEDITLINE_INTERRUPT: return .interrupt(wasEmpty: false)
        case CEDITLINE_INTERRUPT_EMPTY: return .interrupt(wasEmpty: true)
        case CEDITLINE_END: return .end
        default: throw .failed(reason: String(cString: strerror(errno)))
        }
    }

    /// Adds a line to the history. A history that cannot be written is not worth stopping a chat for.
    func remember(_ line: String) {
        _ = ceditline_remember(editor, line)
    }
}
