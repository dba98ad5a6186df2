#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The index that pip takes when nothing names one, read from its own help; nil without Python or pip.
///
/// pip knows its default, and distributions patch it: asking beats naming a host here.
package func pipDefaultIndex() -> String? {
    guard let pipe = unsafe popen("python3 -m pip install --help 2>/dev/null", "r") else { return nil }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = unsafe fread(&buffer, 1, buffer.count, pipe), count > 0 { output += buffer[..<count] }
    guard unsafe pclose(pipe) == 0 else { return nil }
    return defaultIndex(inHelp: String(decoding: output, as: UTF8.self))
}

/// The address behind `--index-url ... (default`, which may be wrapped over lines.
package func defaultIndex(inHelp help: String) -> String? {
    let words = help.split(whereSeparator: \.isWhitespace)
    guard let option = words.firstIndex(where: { $0.hasPrefix("--index-url") }),
        let marker = words[option...].firstIndex(of: "(default"), marker + 1 < words.endIndex
    else { return nil }
    let address = words[marker + 1].prefix { $0 != ")" }
    return address.hasPrefix("http") ? String(address) : nil
}
