import CodeGraph
import Testing

@Suite("Functions in fields of structs")
struct SlotTests {
    private static let header = """
        struct file;
        struct file_operations {
            int (*read)(struct file *file);
            int (*write)(struct file *file);
        };
        struct file { const struct file_operations *f_op; };
        struct driver { struct file_operations ops; };
        """

    private static let driver = """
        #include "fs.h"
        static int my_read(struct file *file) { return 0; }
        static int my_write(struct file *file) { return 1; }
        static const struct file_operations my_ops = {
            .read = my_read,
        };
        static struct driver my_driver = { .ops = { .write = my_write } };
        static int late_read(struct file *file) { return 2; }
        static void set(struct driver *driver) { driver->ops.read = late_read; }
        """

    private static let core = """
        #include "fs.h"
        int vfs_read(struct file *file) { return file->f_op->read(file); }
        """

    private func repository() async throws -> SampleRepository {
        try await SampleRepository(["fs.h": Self.header, "driver.c": Self.driver, "core.c": Self.core])
    }

    private func notes(_ uses: [GraphQueries.Use], _ repository: SampleRepository) throws -> [String] {
        try uses.map { use in
            let file = try repository.graph.reader.file(use.file)
            return "\(file?.path ?? ""):\(use.line) \(use.note ?? ""), \(use.provenance.name)"
        }
    }

    @Test("callers say into which field a function is put, and who calls it through the field")
    func callers() async throws {
        let repository = try await repository()
        #expect(
            try notes(repository.graph.callers(of: repository.symbols("my_read")), repository) == [
                "driver.c:5 assigned to file_operations.read, import-resolved",
                "core.c:2 through file_operations.read, type-inferred",
            ])
    }

    @Test("a struct within a struct, and an assignment through a pointer, lead to the field")
    func nested() async throws {
        let repository = try await repository()
        #expect(
            try notes(repository.graph.callers(of: repository.symbols("my_write")), repository) == [
                "driver.c:7 assigned to file_operations.write, import-resolved"
            ])
        #expect(
            try notes(repository.graph.callers(of: repository.symbols("late_read")), repository).first
                == "driver.c:9 assigned to file_operations.read, import-resolved")
    }

    @Test("callees go on through a field to the functions that are put into it")
    func callees() async throws {
        let repository = try await repository()
        let found = try repository.graph.callees(of: try #require(repository.symbols("vfs_read").first))
        #expect(
            try repository.places(found.flatMap(\.targets)) == [
                "fs.h:3 file_operations.read", "driver.c:2 my_read", "driver.c:8 late_read",
            ])
        #expect(found.dropFirst().allSatisfy { $0.provenance == .typeInferred })
    }

    @Test("a chain of uses goes through fields")
    func chain() async throws {
        let repository = try await repository()
        let answer = try repository.graph.chain(
            from: repository.symbols("vfs_read"), to: repository.symbols("my_read"))
        guard case .found(let steps) = answer else {
            Issue.record("no chain was found")
            return
        }
        #expect(
            try repository.places(steps.map(\.symbol)) == [
                "core.c:2 vfs_read", "fs.h:3 file_operations.read", "driver.c:2 my_read",
            ])
    }

    @Test("fields of one name in two structs are two fields")
    func sameNames() async throws {
        let repository = try await SampleRepository([
            "a.c": """
            struct door { int (*open)(int n); };
            struct file { int (*open)(int n); };
            static int open_door(int n) { return n; }
            static int open_file(int n) { return n; }
            static struct door door = { .open = open_door };
            static struct file file = { .open = open_file };
            int enter(struct door *d) { return d->open(1); }
            """
        ])
        #expect(
            try notes(repository.graph.callers(of: repository.symbols("open_door")), repository) == [
                "a.c:5 assigned to door.open, import-resolved", "a.c:7 through door.open, type-inferred",
            ])
        #expect(
            try notes(repository.graph.callers(of: repository.symbols("open_file")), repository) == [
                "a.c:6 assigned to file.open, import-resolved"
            ])
    }

    @Test("Go's literals and assignments fill fields, too")
    func go() async throws {
        let repository = try await SampleRepository([
            "a.go": """
            package a
            type Command struct { Run func(args []string) error }
            func list(args []string) error { return nil }
            func quit(args []string) error { return nil }
            var command = &Command{Run: list}
            func change(c *Command) { c.Run = quit }
            func start(c *Command) { c.Run(nil) }
            """
        ])
        #expect(
            try notes(repository.graph.callers(of: repository.symbols("list")), repository) == [
                "a.go:5 assigned to Command.Run, import-resolved", "a.go:7 through Command.Run, type-inferred",
            ])
        #expect(
            try notes(repository.graph.callers(of: repository.symbols("quit")), repository) == [
                "a.go:6 assigned to Command.Run, import-resolved", "a.go:7 through Command.Run, type-inferred",
            ])
    }
}
