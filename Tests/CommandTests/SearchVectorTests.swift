import Foundation
import ModelFiles
import TestSupport
import Testing

@Suite("Search with word vectors")
struct SearchVectorTests {
    private let folder: TemporaryFolder
    private let cache: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        cache = try TemporaryFolder()
        try folder.write("def remove_vehicle(registry, vehicle):\n    registry.pop(vehicle)\n", to: "garage.py")
        try folder.write("def print_report(rows):\n    for row in rows:\n        print(row)\n", to: "report.py")
        try folder.write("def parse_date(text):\n    return text.split('-')\n", to: "dates.py")
    }

    private func search(_ question: String, _ environment: [String: String] = [:]) async throws -> CommandRun {
        try await CommandRun.run(
            Repository.martlet, ["search", "--files", "--json", question],
            environment: ["XDG_CACHE_HOME": cache.path].merging(environment) { $1 }, folder: folder.path)
    }

    private func paths(_ run: CommandRun) throws -> [String] {
        struct Answer: Decodable { var path: String }
        return try JSONDecoder().decode([Answer].self, from: run.output).map(\.path)
    }

    @Test("finds what a question means, though no word of it is there")
    func meaning() async throws {
        _ = try TestModel.path(of: TestModel.wordLlama)
        let run = try await search("delete a car")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try paths(run).first == "garage.py")
        #expect(run.errors == "")
        #expect(try await search("delete a car").output == run.output)
    }

    @Test("goes by words alone where there are none, where none are wanted, and says nothing of it")
    func absent() async throws {
        let empty = try TemporaryFolder()
        for environment in [["MARTLET_MODELS": empty.path], ["MARTLET_SEARCH_VECTORS": "none"]] {
            let run = try await search("delete a car", environment)
            #expect(run.status == 1 && run.errors == "", "\(environment): \(run.errors)")
            #expect(try paths(await search("remove", environment)) == ["garage.py"])
        }
    }

    @Test("goes by words alone where they are damaged, and says so; doctor does, too")
    func damaged() async throws {
        let store = try TemporaryFolder()
        let model = try ModelStore(environment: ProcessInfo.processInfo.environment)
            .resolve(TestModel.wordLlama).path
        try FileManager.default.copyItem(atPath: model, toPath: store.path + "/wordllama-256")
        try Data("{}".utf8).write(to: URL(fileURLWithPath: store.path + "/wordllama-256/tokenizer.json"))
        let run = try await search("remove", ["MARTLET_MODELS": store.path])
        #expect(try paths(run) == ["garage.py"])
        #expect(run.errors.hasPrefix("martlet: search goes by words alone: ") && run.errors.contains("tokenizer.json"))
        let report = try await CommandRun.martlet("doctor", environment: ["MARTLET_MODELS": store.path])
        #expect(report.status == 1)
        #expect(report.text.contains("problem: search goes by words alone"))
        #expect(report.text.contains("martlet model pull wordllama --force"))
    }

    @Test("a project's file may name them, but never a path")
    func project() async throws {
        let model = try TestModel.path(of: TestModel.wordLlama)
        try folder.write("{\"searchVectors\": \"\(model)\"}", to: "martlet.json")
        let run = try await search("delete a car")
        #expect(run.status == 1 && run.errors == "", "\(run.errors)")
    }

    @Test("word vectors are listed and described, and refused as a language model")
    func model() async throws {
        _ = try TestModel.path(of: TestModel.wordLlama)
        let list = try await CommandRun.martlet("model", "list")
        #expect(list.text.contains("wordllama:256"))
        let show = try await CommandRun.martlet("model", "show", "wordllama")
        #expect(show.status == 0 && show.text.contains("F16") && show.text.contains("MIT"), "\(show.errors)")
        for command in [["run", "wordllama", "-p", "Hello"], ["serve", "wordllama", "--port", "0"]] {
            let run = try await CommandRun.run(Repository.martlet, command)
            #expect(run.status == 2 && run.errors.contains("holds vectors of words"), "\(run.errors)")
        }
        let doctor = try await CommandRun.martlet("doctor")
        #expect(doctor.text.contains("by words and by meaning (wordllama, 256 numbers)"))
    }
}
