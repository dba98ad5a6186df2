import Generation
import TestSupport
import Testing

@Suite("Tree of pages")
struct PageTreeTests {
    /// What a page is made of in these tests: all tokens up to its end.
    private typealias Tree = PageTree<[Int32]>

    private func insert(_ tokens: [Int32], _ tree: inout Tree, key: String = "") {
        let size = tree.pageTokens
        tree.insert(tokens, key: key) { index in Array(tokens.prefix((index + 1) * size)) }
    }

    /// Sequences of few different tokens, which often go on from each other.
    private func sequence(_ random: inout SplitMix64, _ known: [[Int32]]) -> [Int32] {
        var tokens = known.isEmpty || random.below(3) == 0 ? [] : known[random.below(known.count)]
        if random.below(2) == 0 { tokens.removeLast(random.below(tokens.count + 1)) }
        return tokens + (0..<random.below(30)).map { _ in Int32(random.below(3)) }
    }

    @Test("finds the longest beginning of all that was put in, with the pages that belong to it", arguments: 0..<30)
    func unlimited(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let size = 1 + random.below(6)
        var tree = Tree(pageTokens: size, pageBytes: 1, byteLimit: .max)
        var known: [String: [[Int32]]] = [:]
        var made = 0
        for _ in 0..<200 {
            let key = ["", "adapter"][random.below(2)]
            let tokens = sequence(&random, known[key, default: []])
            let naive = known[key, default: []].map { zip($0, tokens).prefix { $0 == $1 }.count }.max() ?? 0
            let match = tree.match(tokens, key: key)
            #expect(match.tokens == naive)
            let pages = tree.pages(match)
            #expect(pages.count == (naive + tree.pageTokens - 1) / tree.pageTokens)
            for (index, page) in pages.enumerated() {
                let part = tokens.prefix(min(naive, (index + 1) * tree.pageTokens))
                #expect(page.starts(with: part))
            }
            tree.insert(tokens, key: key) { index in
                made += 1
                return Array(tokens.prefix((index + 1) * size))
            }
            known[key, default: []].append(tokens)
        }
        #expect(tree.evictions == 0)
        #expect(tree.byteCount <= made)
        // Nothing is copied twice.
        for (key, sequences) in known {
            for tokens in sequences {
                let again = tree.insert(tokens, key: key) { _ in nil }
                #expect(again == 0)
                #expect(tree.match(tokens, key: key).tokens == tokens.count)
            }
        }
    }

    @Test("keeps within its limit, and what was used last", arguments: 0..<30)
    func limited(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let limit = 10 * (1 + random.below(30))
        var tree = Tree(pageTokens: 1 + random.below(6), pageBytes: 10, byteLimit: limit)
        var known: [[Int32]] = []
        for _ in 0..<300 {
            let tokens = sequence(&random, known)
            if random.below(4) == 0 {
                let match = tree.match(tokens, key: "")
                let before = match.tokens
                tree.use(match)
                insert([7, 7, 7], &tree)
                // What has just been used is not what gives way, unless nothing else is there.
                if limit > 10 * (3 + (before + tree.pageTokens - 1) / tree.pageTokens) {
                    #expect(tree.match(tokens, key: "").tokens == before)
                }
                continue
            }
            insert(tokens, &tree)
            known.append(tokens)
            #expect(tree.byteCount <= limit && tree.byteCount % 10 == 0)
            let fitting = min(tokens.count, limit / 10 * tree.pageTokens)
            let match = tree.match(tokens, key: "")
            #expect(match.tokens >= fitting)
            for (index, page) in tree.pages(match).enumerated() {
                #expect(page.starts(with: tokens.prefix(min(match.tokens, (index + 1) * tree.pageTokens))))
            }
        }
    }

    @Test("the leaf that rested longest gives way, and then what led to it")
    func order() {
        var tree = Tree(pageTokens: 2, pageBytes: 1, byteLimit: 5)
        insert([1, 1, 2, 2], &tree)
        insert([1, 1, 3, 3], &tree)
        insert([9, 9], &tree)
        tree.use(tree.match([1, 1, 2, 2], key: ""))
        insert([8, 8, 8, 8], &tree)
        #expect(tree.match([1, 1, 3, 3], key: "").tokens == 2)
        #expect(tree.match([1, 1, 2, 2], key: "").tokens == 4)
        insert([7, 7, 7, 7, 7, 7], &tree)
        #expect(tree.match([9, 9], key: "").tokens == 0)
        #expect(tree.match([1, 1, 2, 2], key: "").tokens == 2 || tree.byteCount == 5)
    }

    @Test("pages of other sizes count for what they take, and all of a key are found together")
    func sizes() {
        var tree = Tree(pageTokens: 2, pageBytes: 10, byteLimit: 100)
        tree.insert([1, 1, 2, 2], key: "a 1", pageBytes: 30) { _ in [] }
        tree.insert([1, 1], key: "a 2") { _ in [] }
        tree.insert([5, 5], key: "b", pageBytes: 20) { _ in [] }
        #expect(tree.byteCount == 90)
        #expect(tree.byteCount(keysWith: "a ") == 70 && tree.byteCount(keysWith: "") == 90)
        tree.insert([6, 6], key: "b", pageBytes: 20) { _ in [] }
        #expect(tree.byteCount == 80 && tree.match([1, 1, 2, 2], key: "a 1").tokens == 2)
        #expect(tree.insert([7, 7], key: "b", pageBytes: 101) { _ in [] } == 0)
    }

    @Test("a state serves at its position only, and goes with its page")
    func states() {
        var tree = Tree(pageTokens: 4, pageBytes: 10, byteLimit: 100)
        let tokens = (0..<14).map { Int32($0) }
        insert(tokens, &tree)
        #expect(!tree.insertState(after: Array(tokens.prefix(6)) + [99], key: "", bytes: 5) { [1] })
        #expect(tree.insertState(after: Array(tokens.prefix(6)), key: "", bytes: 5) { [6] })
        #expect(tree.insertState(after: tokens, key: "", bytes: 5) { [14] })
        #expect(tree.insertState(after: tokens, key: "", bytes: 5) { nil }, "it is there already")
        #expect(tree.byteCount == 50)
        func state(_ tokens: [Int32], atMost limit: Int = .max) -> Int? {
            let found = tree.state(tree.match(tokens, key: ""), atMost: limit)
            #expect(found == nil || found!.payload == [Int32(found!.position)])
            return found?.position
        }
        #expect(state(tokens) == 14)
        #expect(state(tokens, atMost: 13) == 6)
        #expect(state(Array(tokens.prefix(13))) == 6)
        #expect(state(Array(tokens.prefix(5)) + [99]) == nil)
        // The last page grows and keeps its state.
        insert(tokens + [14, 15, 16], &tree)
        #expect(state(tokens + [14, 15, 16]) == 14)
        // A sequence keeps few of them; the first go first.
        let long = (0..<40).map { Int32(100 + $0) }
        var wide = Tree(pageTokens: 4, pageBytes: 10, byteLimit: 10_000)
        insert(long, &wide)
        for count in 1...40 {
            #expect(wide.insertState(after: Array(long.prefix(count)), key: "", bytes: 5) { [Int32(count)] })
        }
        #expect(wide.states(wide.match(long, key: "")).map(\.position) == Array(35...40))
        #expect(wide.byteCount == 100 + 6 * 5)
        for first in 1...20 { insert([Int32](repeating: Int32(-first), count: 4), &tree) }
        #expect(tree.byteCount <= 100 && state(tokens) == nil)
    }
}

@Suite("Files of prefixes")
struct PrefixFileHeaderTests {
    private func header(_ random: inout SplitMix64) -> PrefixFileHeader {
        func digest() -> String { String((0..<64).map { _ in "0123456789abcdef".randomElement(using: &random)! }) }
        return PrefixFileHeader(
            kind: random.below(2) == 0 ? .pages : .state, space: digest(), prefix: digest(),
            ids: (0..<1 + random.below(256)).map { _ in Int32(random.below(1 << 30)) },
            pageBytes: 1 + random.below(1 << 30),
            checksums: (0..<1 + random.below(8)).map { _ in random.next() })
    }

    @Test("headers come back as they were, and any change of a byte is seen", arguments: 0..<40)
    func roundTrip(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let header = header(&random)
        var bytes = header.encoded()
        #expect(bytes.count == PrefixFileHeader.byteCount)
        #expect(bytes.withUnsafeBytes { PrefixFileHeader($0) } == header)
        for _ in 0..<50 {
            let place = random.below(bytes.count)
            let old = bytes[place]
            bytes[place] = old ^ UInt8(1 + random.below(255))
            #expect(bytes.withUnsafeBytes { PrefixFileHeader($0) } == nil)
            bytes[place] = old
        }
        for count in [0, 1, 7, 100, 4095] {
            #expect(bytes.withUnsafeBytes { PrefixFileHeader(UnsafeRawBufferPointer(rebasing: $0[..<count])) } == nil)
        }
        #expect((bytes + [0]).withUnsafeBytes { PrefixFileHeader($0) } == nil)
        let noise = (0..<PrefixFileHeader.byteCount).map { _ in UInt8(random.below(256)) }
        #expect(noise.withUnsafeBytes { PrefixFileHeader($0) } == nil)
    }
}
