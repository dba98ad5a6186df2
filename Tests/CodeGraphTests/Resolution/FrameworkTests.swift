import CodeGraph
import Testing

@Suite("Routes, injection and tests in answers")
struct FrameworkTests {
    @Test("a route leads to its function, and is found by verb, path and both")
    func routes() async throws {
        let repository = try await SampleRepository([
            "app.py": """
            from store import load
            @app.get("/users/{id}")
            def user(id):
                return load(id)
            """,
            "store.py": "def load(id):\n    return id\n",
            "routes.js": "import { list } from './list.js';\napp.post('/users', check, list);\n",
            "list.js": "export function list() {}\n",
        ])
        #expect(try repository.callers("user") == ["app.py:2 in GET /users/{id}, import-resolved"])
        #expect(try repository.callers("list.js:list") == ["routes.js:2 in POST /users, import-resolved"])
        #expect(try repository.places(repository.symbols("GET /users")) == ["app.py:2 GET /users/{id}"])
        #expect(
            try repository.places(repository.symbols("/users")) == [
                "routes.js:2 POST /users", "app.py:2 GET /users/{id}",
            ])
        #expect(try repository.symbols("DELETE /users").isEmpty)
    }

    @Test("methods of controllers answer their routes")
    func controllers() async throws {
        let repository = try await SampleRepository([
            "Users.java": """
            @RequestMapping("/users")
            class Users {
                @GetMapping("/{id}") User find(long id) { return null; }
            }
            class Others { User find(long id) { return null; } }
            """
        ])
        #expect(try repository.callers("Users.find") == ["Users.java:3 in GET /users/{id}, import-resolved"])
        #expect(try repository.callers("Others.find").isEmpty)
    }

    @Test("what is handed over has callers: where it is asked for and where it is bound")
    func injection() async throws {
        let repository = try await SampleRepository([
            "Store.cs": "interface IStore {}\nclass DiskStore : IStore {}\n",
            "Users.cs": "class Users { Users(IStore store) {} }\n",
            "Start.cs": "class Start { void Run() { services.AddScoped<IStore, DiskStore>(); } }\n",
        ])
        func notes(_ name: String) throws -> [String] {
            try repository.graph.callers(of: repository.symbols(name)).map { use in
                "\(try repository.graph.reader.file(use.file)?.path ?? "") \(use.note ?? "")"
            }.sorted()
        }
        #expect(try notes("IStore") == ["Start.cs bound", "Users.cs injected"])
        #expect(try notes("DiskStore") == ["Start.cs bound for IStore"])
        #expect(
            try repository.places(repository.graph.implementers(of: repository.symbols("IStore"))) == [
                "Store.cs:2 DiskStore"
            ])
    }

    @Test("uses in tests are told from others")
    func tests() async throws {
        let repository = try await SampleRepository([
            "src/lib.rs": """
            pub fn load() {}
            pub fn main() { load() }
            #[cfg(test)]
            mod tests {
                #[test]
                fn loads() { super::load() }
            }
            """,
            "tests/helper.rs": "fn helper() { load() }\n",
        ])
        let uses = try repository.graph.callers(of: repository.symbols("load"))
        let found = try uses.map { use in
            "\(try repository.graph.reader.file(use.file)?.path ?? ""):\(use.line) \(try repository.graph.isInTest(use))"
        }
        #expect(Set(found) == ["src/lib.rs:2 false", "src/lib.rs:6 true", "tests/helper.rs:1 true"])
    }

    @Test("titles and addresses mean nothing in code")
    func titles() async throws {
        let repository = try await SampleRepository([
            "a.test.js": "describe('load', () => { it('save', () => { load(); save(); }); });\n"
        ])
        #expect(try repository.callers("load").isEmpty && repository.callers("save").isEmpty)
    }
}
