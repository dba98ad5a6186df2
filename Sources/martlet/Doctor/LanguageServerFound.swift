import LanguageServers
import Settings

/// A language server of this machine, which `--precise` would ask.
struct LanguageServerFound: Encodable {
    var name: String
    /// Absolute.
    var program: String
    /// As the code graph calls them.
    var languages: [String]

    /// The servers that there are, in the order of the catalogue.
    /// - Parameter problem: what is wrong with the setting that names others.
    static func all(
        _ plan: SettingsPlan.Precise, environment: [String: String], problem: inout Finding?
    ) -> [Self] {
        var catalogue = ServerCatalogue()
        do {
            try catalogue.override(with: plan.servers)
        } catch {
            problem = .problem("preciseServers: \(error)", remedy: "martlet config show")
        }
        let search = ProgramSearch(environment: environment)
        var found: [Self] = []
        for language in catalogue.languages {
            guard let server = catalogue.server(for: language, search) else { continue }
            if let place = found.firstIndex(where: { $0.program == server.program }) {
                found[place].languages.append(language)
            } else {
                found.append(Self(name: server.entry.name, program: server.program, languages: [language]))
            }
        }
        return found
    }

    var summary: String { "\(name) (\(languages.joined(separator: ", ")))" }
}
