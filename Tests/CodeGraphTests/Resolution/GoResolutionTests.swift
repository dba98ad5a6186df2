import CodeGraph
import Testing

@Suite("What names mean in Go")
struct GoResolutionTests {
    private static let shop = [
        "go.mod": "module example.org/shop\n\ngo 1.18\n",
        "store/store.go": """
        package store

        type Item struct{ Name string }

        func (i *Item) Price() int { return 1 }

        type Shelf struct {
            *Item
            Items []*Item
            ByName map[string]Item
        }

        func Open() (shelf *Shelf, err error) { return nil, nil }
        """,
        "store/more.go": "package store\n\nfunc (i *Item) Twice() int { return i.Price() * 2 }\n",
        "json/json.go": "package json\n\nfunc Marshal(x int) int { return x }\n",
        "other/item.go": "package other\n\ntype Item struct{}\n\nfunc (i Item) Price() int { return 2 }\n\n"
            + "func Make() Item { return Item{} }\n",
    ]

    @Test("methods are found through results, embedding, elements and literals, in the type's own package")
    func methods() async throws {
        let repository = try await SampleRepository(
            Self.shop.merging([
                "main.go": """
                package main

                import "example.org/shop/store"

                func main() {
                    shelf, _ := store.Open()
                    shelf.Price()
                    for _, item := range shelf.Items {
                        item.Price()
                    }
                    found := shelf.ByName["a"]
                    found.Price()
                    shelf.Items[0].Price()
                    (&store.Item{}).Price()
                    store.Item{}.Price()
                }
                """
            ]) { $1 })
        #expect(
            try repository.callers("store.go:Price") == [
                "main.go:12 in main, type-inferred", "main.go:13 in main, type-inferred",
                "main.go:14 in main, type-inferred", "main.go:15 in main, type-inferred",
                "main.go:7 in main, type-inferred", "main.go:9 in main, type-inferred",
                "store/more.go:3 in Item.Twice, type-inferred",
            ])
        #expect(try repository.callers("other/item.go:Price").isEmpty)
    }

    @Test("a variable ends with its block")
    func blocks() async throws {
        let repository = try await SampleRepository(
            Self.shop.merging([
                "main.go": """
                package main

                import (
                    "example.org/shop/other"
                    "example.org/shop/store"
                )

                func main() {
                    x := &store.Item{}
                    with(func(x other.Item) {
                        x.Price()
                    })
                    x.Price()
                    if x := other.Make(); true {
                        x.Price()
                    }
                }

                func with(f func(other.Item)) {}
                """
            ]) { $1 })
        #expect(try repository.callers("store.go:Price").contains("main.go:13 in main, type-inferred"))
        #expect(
            try repository.callers("other/item.go:Price") == [
                "main.go:11 in main, type-inferred", "main.go:15 in main, type-inferred",
            ])
    }

    @Test("packages are known by the module's name: others that end the same come from outside")
    func packages() async throws {
        let repository = try await SampleRepository(
            Self.shop.merging([
                "a/a.go": "package a\n\nimport \"encoding/json\"\n\nfunc f() { json.Marshal(1) }\n",
                "b/b.go": "package b\n\nimport \"example.org/shop/json\"\n\nfunc f() { json.Marshal(1) }\n",
            ]) { $1 })
        #expect(try repository.callers("Marshal") == ["b/b.go:5 in f, import-resolved"])
    }
}
