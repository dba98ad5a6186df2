package import SQLite

extension FullTextTokenizer {
    /// Identifiers in lower case and, at the same place, their words. In queries only what is written: whoever asks for
    /// `mutex_lock` does not ask for all that locks.
    package static let code = unsafe FullTextTokenizer(name: "code") { text, isQuery, emit in
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: IdentifierWords.longest) { scratch in
            func lowered(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
                let count = min(range.count, IdentifierWords.longest)
                for index in 0..<count {
                    let byte = unsafe text[range.lowerBound + index]
                    unsafe scratch[index] = byte &- 65 < 26 ? byte | 32 : byte
                }
                return unsafe UnsafeBufferPointer(start: scratch.baseAddress, count: count)
            }
            unsafe IdentifierWords.scan(text) { identifier in
                guard unsafe emit(lowered(identifier.range), identifier.range, false) else { return false }
                if isQuery { return true }
                var goesOn = true
                unsafe IdentifierWords.words(of: text, in: identifier) { word in
                    goesOn = unsafe emit(lowered(word), word, true)
                    return goesOn
                }
                return goesOn
            }
        }
    }
}
