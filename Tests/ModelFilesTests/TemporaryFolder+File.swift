import TestSupport

extension TemporaryFolder {
    func file(_ name: String) -> String { path + "/" + name }
}
