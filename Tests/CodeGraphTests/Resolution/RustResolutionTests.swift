import CodeGraph
import Testing

@Suite("What names mean in Rust")
struct RustResolutionTests {
    @Test("paths lead through the modules of a crate, and of the crates beside it")
    func modules() async throws {
        let repository = try await SampleRepository([
            "Cargo.toml": "[workspace]\n",
            "store/Cargo.toml": "[package]\nname = \"my-store\"\n",
            "store/src/lib.rs": "pub mod disk;\npub use disk::Store;\npub fn load() {}\n",
            "store/src/disk.rs": """
            use super::load;
            pub struct Store;
            impl Store {
                pub fn open() -> Self { load(); Store }
                pub fn read(&self) {}
            }
            """,
            "app/Cargo.toml": "[package]\nname = \"app\"\n",
            "app/src/main.rs": """
            mod other;
            use my_store::Store;
            fn main() {
                let store = Store::open();
                store.read();
                my_store::disk::Store::open();
                crate::other::load();
            }
            """,
            "app/src/other.rs": "pub fn load() {}\n",
        ])
        #expect(
            try repository.callers("Store.open") == [
                "app/src/main.rs:4 in main, import-resolved", "app/src/main.rs:6 in main, import-resolved",
            ])
        #expect(try repository.callers("Store.read") == ["app/src/main.rs:5 in main, type-inferred"])
        #expect(
            try repository.callers("store/src/lib.rs:load") == ["store/src/disk.rs:4 in Store.open, import-resolved"])
        #expect(try repository.callers("app/src/other.rs:load") == ["app/src/main.rs:7 in main, import-resolved"])
    }

    @Test("methods of traits are found on what implements them, and on parameters of their type")
    func traits() async throws {
        let repository = try await SampleRepository([
            "src/lib.rs": """
            pub trait Shape { fn area(&self) -> f64; fn twice(&self) -> f64 { self.area() * 2.0 } }
            pub struct Square;
            impl Shape for Square { fn area(&self) -> f64 { 1.0 } }
            fn measure(shape: &dyn Shape, boxed: Box<dyn Shape>) { shape.area(); boxed.twice(); }
            fn square() { let s = Square; s.area(); s.twice(); }
            """
        ])
        #expect(
            try repository.callers("Shape.twice") == [
                "src/lib.rs:4 in measure, type-inferred", "src/lib.rs:5 in square, type-inferred",
            ])
        #expect(try repository.callers("Square.area") == ["src/lib.rs:5 in square, type-inferred"])
        #expect(
            try repository.places(repository.graph.implementers(of: repository.symbols("Shape"))) == [
                "src/lib.rs:2 Square"
            ])
    }

    @Test("a field leads to its type, and a method to what it returns")
    func chains() async throws {
        let repository = try await SampleRepository([
            "src/lib.rs": """
            mod b;
            pub struct App { store: b::Store }
            impl App {
                fn run(&self) { self.store.reader().next_line(); }
            }
            """,
            "src/b.rs": """
            pub struct Store;
            pub struct Reader;
            impl Store { pub fn reader(&self) -> Reader { Reader } }
            impl Reader { pub fn next_line(&self) {} }
            """,
            "src/c.rs": "pub struct Other;\nimpl Other { pub fn next_line(&self) {} }\n",
        ])
        #expect(try repository.callers("Reader.next_line") == ["src/lib.rs:4 in App.run, type-inferred"])
        #expect(try repository.callers("Other.next_line").isEmpty)
    }

    @Test("a word that the standard library may mean is no sure sign, and a value is no macro")
    func commonNames() async throws {
        let repository = try await SampleRepository([
            "src/lib.rs": """
            macro_rules! fail { () => {} }
            pub struct Query;
            impl Query { pub fn unwrap(self) {} pub fn literal_parts(self) {} }
            fn a(x: Elsewhere, fail: u8) { x.find().unwrap(); x.find().literal_parts(); keep(fail); fail!(); }
            """
        ])
        #expect(try repository.callers("Query.unwrap") == ["src/lib.rs:4 in a, ambiguous"])
        #expect(try repository.callers("Query.literal_parts") == ["src/lib.rs:4 in a, unique-name"])
        #expect(try repository.graph.uses(of: repository.symbols("fail")).map(\.role) == [.call])
    }
}
