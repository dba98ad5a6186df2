import Foundation
import LanguageServers
import TestSupport
import Testing

@Suite("The catalogue of language servers")
struct ServerCatalogueTests {
    @Test("has for each entry a program, languages and the way to it")
    func entries() {
        for entry in ServerCatalogue.known {
            #expect(!entry.languages.isEmpty && !entry.command.isEmpty && !entry.installation.isEmpty, "\(entry.name)")
        }
        #expect(ServerCatalogue().languages.count == 16)
    }

    @Test("gives the first server that is on the machine, and never one of the folder at hand")
    func search() throws {
        let folder = try TemporaryFolder()
        for name in ["pylsp", "here/ty"] {
            let path = try folder.write("#!/bin/sh\n", to: name)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        try folder.write("not a program", to: "pyright-langserver")
        let search = ProgramSearch(environment: ["PATH": "here:.::\(folder.path)", "HOME": folder.path])
        let catalogue = ServerCatalogue()
        #expect(catalogue.server(for: "python", search)?.program == folder.path + "/pylsp")
        #expect(catalogue.server(for: "go", search) == nil)
        #expect(search.path(of: "~/here/ty") == folder.path + "/here/ty")
        #expect(search.path(of: "here/ty") == nil && search.path(of: "") == nil && search.path(of: "here") == nil)
    }

    @Test("can be overridden for a language")
    func overrides() throws {
        var catalogue = ServerCatalogue()
        try catalogue.override(with: "python=pylsp; C = /opt/bin/clangd-19 ;go=my-server --stdio -v; rust=off")
        #expect(catalogue.entries(for: "python").map(\.command) == [["pylsp"]])
        let c = try #require(catalogue.entries(for: "c").first)
        #expect(c.command.first == "/opt/bin/clangd-19" && c.command.contains("--background-index=0"))
        #expect(c.readsOpenFilesOnly && c.languages == ["c": "c"])
        #expect(catalogue.entries(for: "c++").map(\.command[0]) == ["clangd"])
        #expect(catalogue.entries(for: "go").map(\.command) == [["my-server", "--stdio", "-v"]])
        let search = ProgramSearch(environment: ["PATH": "/bin:/usr/bin"])
        #expect(catalogue.server(for: "rust", search) == nil && catalogue.languages.contains("rust"))
        for text in ["python", "=pylsp", "python=", "a b=c"] {
            #expect(throws: ServerCatalogue.OverrideError.malformed(text)) { try catalogue.override(with: text) }
        }
        #expect(throws: ServerCatalogue.OverrideError.self) { try catalogue.override(with: "cobol=x") }
    }
}
