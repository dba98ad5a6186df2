#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The models that can be pulled by name. The data is catalogue.json, carried in the program.
package struct Catalogue: Sendable {
    package let entries: [CatalogueEntry]

    package init(entries: [CatalogueEntry]) {
        self.entries = entries
    }

    private struct Document: Decodable {
        let version: Int
        let models: [CatalogueEntry]
    }

    /// Decodes a catalogue; nil when it is not one.
    package init?(json: [UInt8]) {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(json)), document.version == 1 else {
            return nil
        }
        self.init(entries: document.models)
    }

    /// The catalogue that this program was built with.
    package static let builtIn: Catalogue = {
        guard let catalogue = Catalogue(json: PackageResources.catalogue_json) else {
            preconditionFailure("catalogue.json does not decode")
        }
        return catalogue
    }()

    /// The entry of that name; a family's name alone means its default. Case does not matter.
    package func entry(named name: String) -> CatalogueEntry? {
        let key = name.lowercased()
        if let exact = entries.first(where: { $0.name == key || $0.aliases?.contains(key) == true }) { return exact }
        let family = key.dropping(suffix: ":latest") ?? Substring(key)
        return entries.first { $0.family == family && $0.isDefault == true }
            ?? entries.first { $0.family == family && !family.contains(":") }
    }

    /// The names that look most like `name`, best first.
    package func suggestions(for name: String, limit: Int = 3) -> [String] {
        let key = name.lowercased()
        let family = key.split(separator: ":").first ?? ""
        let ranked = entries.map { entry in
            // Without a tag, or with a wrong one, a family is still found by its own name.
            let byFamily = Self.distance(String(family), entry.family) + (entry.isDefault == true ? 1 : 2)
            return (name: entry.name, distance: min(Self.distance(key, entry.name), byFamily))
        }
        return ranked.filter { $0.distance <= max(3, key.utf8.count / 3) }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(limit).map(\.name)
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other; a wrong separator
    /// or a part left out at the end costs little.
    static func distance(_ first: String, _ second: String) -> Int {
        let (a, b) = (Array(first.utf8), Array(second.utf8))
        if a == b { return 0 }
        if !a.isEmpty, b.starts(with: a) || a.starts(with: b) { return 1 }
        var rows = [[Int]](repeating: [], count: 3)
        rows[0] = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var best = min(rows[0][j + 1] + 1, row[j] + 1, rows[0][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[1][j - 1] + 1) }
                row.append(best)
            }
            rows = [row, rows[0], []]
        }
        return rows[0][b.count]
    }
}

extension String {
    /// What precedes `suffix`, or nil when the text does not end with it.
    func dropping(suffix: String) -> Substring? {
        hasSuffix(suffix) ? dropLast(suffix.count) : nil
    }
}
