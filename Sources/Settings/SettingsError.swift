/// Why settings could not be read.
package enum SettingsError: Error, Hashable, Sendable {
    case unreadable(file: String, reason: String)
    case notAnObject(file: String)
    case malformed(file: String, reason: String)
    case unknownKey(String, source: String, nearest: String?)
    case notForProjects(SettingKey, file: String)
    case wrongValue(key: SettingKey, given: String, source: String)
}

extension SettingsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let file, let reason):
            "the settings file \(file) cannot be read: \(reason). Check its permissions."
        case .notAnObject(let file):
            "the settings file \(file) does not hold a JSON object. It should look like {\"threads\": 4}."
        case .malformed(let file, let reason):
            "the settings file \(file) is not valid JSON: \(reason)."
        case .unknownKey(let key, let source, let nearest):
            "unknown setting '\(key)' in \(source). "
                + (nearest.map { "Did you mean '\($0)'?" } ?? "See: martlet config show")
        case .notForProjects(let key, let file):
            """
            \(file) sets \(key.rawValue), which names code to run: a project may not do that. \
            Set it in ~/.config/martlet/config.json, or by \(key.environmentName).
            """
        case .wrongValue(let key, let given, let source):
            "\(source) sets \(key.rawValue) to \(given). It takes \(key.kind.expectation)."
        }
    }
}

extension SettingKind {
    /// What may stand there, in words.
    package var expectation: String {
        switch self {
        case .text: "text"
        case .path: "the path of a folder"
        case .integer(let range) where range.upperBound >= 1 << 20: "a whole number, at least \(range.lowerBound)"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range):
            "a number from \(SettingValue.number(range.lowerBound)) to \(SettingValue.number(range.upperBound))"
        case .choice(let choices): choices.joined(separator: " or ")
        }
    }

    /// Whether a value is of this kind and in range; whole numbers pass as numbers.
    package func admits(_ value: SettingValue) -> SettingValue? {
        switch (self, value) {
        case (.text, .text): value
        case (.path, .text(let text)): text.isEmpty ? nil : value
        case (.choice(let choices), .text(let text)): choices.contains(text) ? value : nil
        case (.integer(let range), .integer(let integer)): range.contains(integer) ? value : nil
        case (.number(let range), .number(let number)): range.contains(number) ? value : nil
        case (.number(let range), .integer(let integer)):
            range.contains(Double(integer)) ? .number(Double(integer)) : nil
        default: nil
        }
    }

    /// Reads a value as the environment gives it: text.
    package func parse(_ text: String) -> SettingValue? {
        switch self {
        case .text, .path, .choice: admits(.text(text))
        case .integer: Int(text).flatMap { admits(.integer($0)) }
        case .number: Double(text).flatMap { admits(.number($0)) }
        }
    }
}
