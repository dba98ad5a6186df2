extension TextOutput {
    /// Writes what a model said: as it is to files and pipes; to a terminal without the control characters that could
    /// command it.
    func write(answer text: String) throws(OutputError) {
        try write(isTerminal ? text.withVisibleControls : text)
    }
}

extension String {
    /// Control characters except tabs and line ends replaced by signs for them (U+2400 ff.) or, beyond ASCII, by U+FFFD.
    var withVisibleControls: String {
        guard unicodeScalars.contains(where: \.isTerminalControl) else { return self }
        var result = UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case _ where !scalar.isTerminalControl: result.append(scalar)
            case 0x00...0x1F: result.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
            default: result.append("\u{FFFD}")
            }
        }
        return String(result)
    }
}

extension Unicode.Scalar {
    fileprivate var isTerminalControl: Bool {
        switch value {
        case 0x09, 0x0A, 0x0D: false
        case 0x00...0x1F, 0x7F...0x9F: true
        default: false
        }
    }
}
