import CodeGraph
import Foundation
import TestSupport
import Testing

@Suite("Links between modules")
struct ModuleLinkTests {
    /// Files of a language, each of which imports some of the others.
    struct Project: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var paths: [String]
        var texts: [String]
    }

    static let projects = [
        Project(
            testDescription: "Rust",
            paths: [
                "Cargo.toml", "src/lib.rs", "src/main.rs", "src/alpha.rs", "src/alpha/beta.rs", "src/alpha/mod.rs",
                "src/gamma.rs", "tests/gamma.rs",
            ],
            texts: [
                "[package]\nname = \"alpha\"\n", "[package]\nname = \"my-store\"\n", "pub mod alpha;\npub mod gamma;\n",
                "use super::Store;\nfn run() { Store::open(); }\n",
                "use crate::alpha::beta::Store;\npub fn load() {}\n",
                "pub struct Store;\nimpl Store { pub fn open() {} }\n",
                "use my_store::gamma;\nfn go() { gamma::load(); }\n",
                "pub use self::beta::*;\nmod tests { use super::*; fn test() { load(); } }\n",
                "use alpha::gamma::Store as Other;\nfn other() -> Other { Other::open() }\n",
            ]),
        Project(
            testDescription: "PHP",
            paths: ["src/Store.php", "src/Page.php", "src/Data/Store.php", "lib/helpers.php", "src/Other.php"],
            texts: [
                "<?php namespace App; class Store { function load() {} }\n",
                "<?php namespace App\\Data; class Store { function load() {} }\n",
                "<?php namespace Web; use App\\Store; class Page { function show() { (new Store())->load(); } }\n",
                "<?php namespace Web; use App\\Data\\Store as Kept; function helper() { return new Kept(); }\n",
                "<?php namespace App; use function Web\\helper; helper();\n", "<?php namespace Web; class Other {}\n",
            ]),
        Project(
            testDescription: "Ruby",
            paths: ["lib/store.rb", "lib/app/store.rb", "lib/app/page.rb", "lib/page.rb", "bin/run.rb"],
            texts: [
                "class Store\n  def load\n    1\n  end\nend\n",
                "module App\n  class Store\n    def load\n      2\n    end\n  end\nend\n",
                "require_relative 'store'\nmodule App\n  class Page\n    def show\n      Store.new.load\n    end\n  end\nend\n",
                "require 'app/store'\nApp::Store.new\n", "require 'page'\ndef helper\n  1\nend\n",
            ]),
    ]

    @Test("equal those of a clean rebuild after any edits", arguments: projects, 1...2)
    func equalRebuild(project: Project, seed: Int) async throws {
        let index = try TestIndex()
        var random = SplitMix64(seed: UInt64(seed) &* 7919)
        var log: [String] = []
        for step in 0..<60 {
            let path = project.paths[random.below(project.paths.count)]
            if random.below(4) == 0, step > 8 {
                try? FileManager.default.removeItem(atPath: index.repository.path + "/" + path)
                log.append("remove \(path)")
            } else {
                let text = random.below(project.texts.count)
                try index.repository.write(project.texts[text], to: path)
                log.append("write text \(text) to \(path)")
            }
            try await index.update()
            let clean = try await index.rebuilt()
            let left = try IndexContents(of: index.path, words: ["Store", "load"])
            let difference = left.difference(from: try IndexContents(of: clean, words: ["Store", "load"]))
            let links = try Self.links(index.path)
            #expect(links == (try Self.links(clean)), "after \(log.suffix(8))")
            IndexLocation.remove(clean)
            try #require(difference == [], "after \(log.suffix(8))")
        }
    }

    /// Who imports each file, and what a map says of all.
    private static func links(_ path: String) throws -> [String] {
        let graph = try GraphQueries(GraphStore(path: path))
        var lines: [String] = []
        for (path, file) in try graph.reader.store.knownFiles().sorted(by: { $0.key < $1.key }) {
            for item in try graph.importers(of: file.id) {
                lines.append("\(path) by \(try graph.reader.file(item.file)?.path ?? ""):\(item.line) \(item.module)")
            }
        }
        return lines + [try RepositoryMap(graph.reader).packet(budget: 60, counter: .characters).text]
    }
}
