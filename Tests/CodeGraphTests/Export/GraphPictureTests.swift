import CodeGraph
import Testing

struct GraphPictureTests {
    private func picture(_ level: GraphPicture.Level? = nil, limit: Int = 40) async throws -> GraphPicture {
        let graph = try await SampleRepository(ExportedSources.files).graph
        try LinkTable(graph.reader).update()
        return GraphPicture(try GraphSnapshot(EdgeWalk(graph)), level: level, limit: limit)
    }

    private func lines(_ picture: GraphPicture) -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: picture.lines.map {
                ("\(picture.boxes[$0.from].place) \(picture.boxes[$0.to].place)", $0.weight)
            })
    }

    @Test("takes the finest level of which there are not too many")
    func levels() async throws {
        #expect(try await picture().level == .symbols)
        #expect(try await picture(limit: 10).level == .files)
        #expect(try await picture(limit: 4).level == .modules)
    }

    @Test("a line stands for all uses between two boxes")
    func weights() async throws {
        let files = lines(try await picture(.files))
        // An import, Circle twice, Dot, and double.
        #expect(files["main.py shapes/base.py"] == 5)
        // An import, Model twice, load twice, and load of Model that View's stands in for.
        #expect(files["web/view.ts web/model.ts"] == 6)
        let modules = lines(try await picture(.modules))
        #expect(modules == [". shapes": 5])
        let symbols = lines(try await picture(.symbols))
        #expect(symbols["shapes/base.py:16 shapes/tools.py:1"] == 1)
    }

    @Test("says what it leaves out")
    func limits() async throws {
        let all = try await picture(.symbols)
        #expect(all.boxesLeftOut == 0 && all.linesLeftOut == 0)
        let some = try await picture(.symbols, limit: 5)
        #expect(some.boxes.count == 5 && some.boxesLeftOut == all.boxes.count - 5)
        #expect(some.lines.allSatisfy { $0.from < 5 && $0.to < 5 })
    }

    @Test("shows folders as deep as there is room for")
    func depth() async throws {
        var files: [String: String] = [:]
        for number in 0..<12 { files["top/part\(number % 3)/inner\(number)/a.py"] = "def f\(number)():\n    pass\n" }
        let graph = try await SampleRepository(files).graph
        let snapshot = try GraphSnapshot(EdgeWalk(graph))
        let deep = GraphPicture(snapshot, level: .modules, limit: 12)
        #expect(deep.boxes.count == 12 && deep.depth == nil)
        let flat = GraphPicture(snapshot, level: .modules, limit: 11)
        #expect(flat.boxes.map(\.place) == ["top/part0", "top/part1", "top/part2"] && flat.depth == 2)
    }
}
