package import Foundation

/// Where a value came from, the strongest first.
package enum SettingOrigin: Hashable, Sendable {
    case flag
    case environment(variable: String)
    case project(file: String)
    case user(file: String)
    case builtIn
}

extension SettingOrigin: CustomStringConvertible {
    package var description: String {
        switch self {
        case .flag: "flag"
        case .environment(let variable): "environment \(variable)"
        case .project(let file): "project \(file)"
        case .user(let file): "user \(file)"
        case .builtIn: "default"
        }
    }
}

/// The values that one source gives; a key that it does not mention is absent.
package struct SettingsLayer: Hashable, Sendable {
    package private(set) var values: [SettingKey: SettingEntry] = [:]

    package init() {}

    /// Flags of a command, nil where not given.
    package mutating func setFlag(_ key: SettingKey, _ value: SettingValue?) throws(SettingsError) {
        guard let value else { return }
        guard let admitted = key.kind.admits(value) else {
            throw .wrongValue(key: key, given: "\(value)", source: "a flag")
        }
        values[key] = SettingEntry(value: admitted, origin: .flag)
    }
}

/// A value and where it came from.
package struct SettingEntry: Hashable, Sendable {
    package var value: SettingValue
    package var origin: SettingOrigin
}

extension SettingsLayer {
    /// The variables `MARTLET_...` of an environment. Empty ones count as absent.
    package init(environment: [String: String]) throws(SettingsError) {
        for key in SettingKey.allCases {
            guard let text = environment[key.environmentName], !text.isEmpty else { continue }
            guard let value = key.kind.parse(text) else {
                throw .wrongValue(key: key, given: "'\(text)'", source: "the variable \(key.environmentName)")
            }
            values[key] = SettingEntry(value: value, origin: .environment(variable: key.environmentName))
        }
    }

    /// A settings file, or an empty layer where there is none.
    package init(file: String, origin: SettingOrigin) throws(SettingsError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: file))
        } catch {
            let code = (error as? CocoaError)?.code
            if code == .fileReadNoSuchFile || code == .fileNoSuchFile {
                self.init()
                return
            }
            throw .unreadable(file: file, reason: "\((error as NSError).localizedDescription)")
        }
        try self.init(json: data, file: file, origin: origin)
    }

    /// The text of a settings file: one object, keys as in ``SettingKey``, and `$schema` for editors.
    package init(json: Data, file: String, origin: SettingOrigin) throws(SettingsError) {
        let object: [String: JSONScalar]
        do {
            object = try JSONDecoder().decode([String: JSONScalar].self, from: json)
        } catch DecodingError.typeMismatch {
            throw .notAnObject(file: file)
        } catch DecodingError.dataCorrupted(let context) {
            let reason = (context.underlyingError as NSError?)?.userInfo["NSDebugDescription"] as? String
            throw .malformed(file: file, reason: Self.trimmed(reason ?? context.debugDescription))
        } catch {
            throw .malformed(file: file, reason: "\(error)")
        }
        for (name, scalar) in object.sorted(by: { $0.key < $1.key }) where name != "$schema" {
            guard let key = SettingKey(rawValue: name) else {
                throw .unknownKey(
                    name, source: file, nearest: nearestName(to: name, among: SettingKey.allCases.map(\.rawValue)))
            }
            if key.isForUsersOnly, case .project = origin { throw .notForProjects(key, file: file) }
            guard let given = scalar.value, let value = key.kind.admits(given) else {
                throw .wrongValue(key: key, given: scalar.text, source: file)
            }
            values[key] = SettingEntry(value: value, origin: origin)
        }
    }

    private static func trimmed(_ sentence: String) -> String {
        var sentence = sentence
        while sentence.last == "." { sentence.removeLast() }
        return sentence.prefix(1).lowercased() + sentence.dropFirst()
    }
}

/// A member of a settings file: a scalar that a setting may take, or something that none does.
private struct JSONScalar: Decodable {
    var value: SettingValue?
    /// How to name it in an error.
    var text: String

    init(from decoder: any Decoder) throws {
        guard let container = try? decoder.singleValueContainer() else {
            (value, text) = (nil, "something nested")
            return
        }
        if let integer = try? container.decode(Int.self) {
            (value, text) = (.integer(integer), String(integer))
        } else if let number = try? container.decode(Double.self) {
            (value, text) = (.number(number), String(number))
        } else if let string = try? container.decode(String.self) {
            (value, text) = (.text(string), "\"\(string)\"")
        } else if let flag = try? container.decode(Bool.self) {
            (value, text) = (nil, String(flag))
        } else {
            (value, text) = (nil, container.decodeNil() ? "null" : "something nested")
        }
    }
}
