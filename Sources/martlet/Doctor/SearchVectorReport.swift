import Settings
import WordVectors

extension MachineReport {
    /// What search compares meanings by, as `martlet doctor` finds it.
    struct SearchVectorReport: Encodable {
        /// As the setting searchVectors says; absent where it says none.
        var name: String?
        /// The numbers of a vector; absent where there are none that can be used.
        var width: Int?
        var findings: [Finding] = []

        enum CodingKeys: CodingKey { case name, width }

        init(_ plan: SettingsPlan) {
            name = plan.searchVectors
            guard let name else { return }
            let pull = "martlet model pull wordllama"
            do {
                width = try SearchVectors(plan).opened()?.width
                guard width == nil else { return }
                findings = [
                    .note("search goes by words alone: \(name), which finds other words too, is not here", remedy: pull)
                ]
            } catch {
                findings = [.problem("search goes by words alone: \(error)", remedy: pull + " --force")]
            }
        }

        var summary: String {
            guard let name else { return "by words alone, as searchVectors says" }
            return width.map { "by words and by meaning (\(name), \($0) numbers)" } ?? "by words alone"
        }
    }
}
