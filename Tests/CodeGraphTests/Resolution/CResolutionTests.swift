import CodeGraph
import Testing

@Suite("What names mean in C")
struct CResolutionTests {
    @Test("a function that is declared in a header is the one that is defined, and its callers are found")
    func linkage() async throws {
        let repository = try await SampleRepository([
            "include/store.h": "struct item;\nint store_load(struct item *item);\n",
            "src/store.c": "#include \"../include/store.h\"\nint store_load(struct item *item)\n{\n\treturn 0;\n}\n",
            "src/main.c": "#include <store.h>\nint main(void)\n{\n\treturn store_load(0);\n}\n",
        ])
        #expect(
            try repository.places(repository.symbols("store_load")) == [
                "src/store.c:2 store_load", "include/store.h:2 store_load",
            ])
        #expect(try repository.callers("src/store.c:store_load") == ["src/main.c:4 in main, import-resolved"])
    }

    @Test("a static function of one's own file comes before others of that name")
    func statics() async throws {
        let repository = try await SampleRepository([
            "a.c": "static int probe(int x)\n{\n\treturn x;\n}\nint a(void)\n{\n\treturn probe(1);\n}\n",
            "b.c": "static int probe(int x)\n{\n\treturn x + 1;\n}\nint b(void)\n{\n\treturn probe(1);\n}\n",
        ])
        #expect(try repository.callers("a.c:probe") == ["a.c:7 in a, import-resolved"])
        #expect(try repository.callers("b.c:probe") == ["b.c:7 in b, import-resolved"])
    }

    @Test("a function in a struct of functions is a use of it, and macros are called like functions")
    func slotsAndMacros() async throws {
        let repository = try await SampleRepository([
            "ops.c": """
            #define TWICE(x) ((x) * 2)
            static int my_read(int n)
            {
                return TWICE(n);
            }
            static const struct operations ops = {
                .read = my_read,
            };
            """
        ])
        #expect(try repository.callers("TWICE") == ["ops.c:4 in my_read, import-resolved"])
        let uses = try repository.graph.uses(of: repository.symbols("my_read"))
        #expect(uses.map(\.role) == [.slot] && uses.map(\.line) == [7])
    }

    @Test("of several definitions the included one counts, then the function whose file is nearest")
    func inclusion() async throws {
        let repository = try await SampleRepository([
            "one/size.h": "#define SIZE(x) ((x) + 1)\nint grow(int x);\n",
            "one/grow.c": "#include \"size.h\"\nint grow(int x)\n{\n\treturn SIZE(x);\n}\n",
            "one/main.c": "#include \"all.h\"\nint main(void)\n{\n\treturn grow(SIZE(1));\n}\n",
            "one/all.h": "#include \"size.h\"\n",
            "two/size.h": "#define SIZE(x) ((x) + 2)\nint grow(int x);\n",
            "two/grow.c": "#include \"size.h\"\nint grow(int x)\n{\n\treturn SIZE(x);\n}\n",
            "two/none.c": "#include <stdlib.h>\nint other(void)\n{\n\treturn only(1);\n}\n",
            "two/only.h": "#define only(x) (x)\n",
        ])
        #expect(
            try repository.callers("one/size.h:SIZE") == [
                "one/grow.c:4 in grow, import-resolved", "one/main.c:4 in main, import-resolved",
            ])
        #expect(try repository.callers("one/grow.c:grow") == ["one/main.c:4 in main, import-resolved"])
        #expect(try repository.callers("two/grow.c:grow").isEmpty)
        // A header that nothing includes may be meant only because nothing else has the name.
        #expect(try repository.callers("only") == ["two/none.c:4 in other, unique-name"])
    }

    @Test("a macro that is defined where nothing else is gives way to another that is seen")
    func fallbacks() async throws {
        let repository = try await SampleRepository([
            "arch.h": "#define STUB(name) int name(void) { return 1; }\n",
            "with.c": """
            #include "arch.h"
            #ifndef STUB
            #define STUB(name) int name(void);
            #endif
            int with(int x) { return STUB(x); }
            """,
            "without.c": """
            #ifndef STUB
            #define STUB(name) int name(void);
            #endif
            int without(int x) { return STUB(x); }
            """,
            "guard.h": "#ifndef GUARD_H\n#define GUARD_H\n#define only(x) (x)\n#endif\n",
            "only.c": "#include \"guard.h\"\nint use(void) { return only(1); }\n",
        ])
        #expect(try repository.callers("arch.h:STUB") == ["with.c:5 in with, import-resolved"])
        #expect(try repository.callers("with.c:STUB").isEmpty)
        #expect(try repository.callers("without.c:STUB") == ["without.c:4 in without, import-resolved"])
        #expect(try repository.callers("only") == ["only.c:2 in use, import-resolved"])
    }

    @Test("what a header has on the other side of an #if is meant as well")
    func alternatives() async throws {
        let repository = try await SampleRepository([
            "include/lock.h": """
            #ifdef DEBUG
            #define lock(l) lock_nested(l, 0)
            #else
            void lock(int *l);
            #endif
            #ifdef USERS
            int capable(int cap);
            #else
            static inline int capable(int cap) { return 1; }
            #endif
            void unlock(int *l);
            #ifdef BUG
            #ifndef WARN
            #define WARN(x) warn(x)
            #endif
            #else
            #define WARN(x) (x)
            #endif
            """,
            "core/mutex.c": "void lock(int *l)\n{\n}\nvoid unlock(int *l)\n{\n}\n",
            "core/rt.c": "void lock(int *l)\n{\n}\nvoid unlock(int *l)\n{\n}\n",
            "core/user.c": "int capable(int cap)\n{\n\treturn 0;\n}\n",
            "app/main.c": """
            #include "../include/lock.h"
            int main(int n)
            {
                lock(&n);
                unlock(&n);
                return WARN(capable(n));
            }
            """,
            // What nothing declares to it may be any function of that name.
            "app/none.c": "int none(int n)\n{\n\tunlock(&n);\n\treturn 0;\n}\n",
        ])
        let line4 = ["app/main.c:4 in main, import-resolved"]
        for place in ["include/lock.h:lock", "core/mutex.c:lock", "core/rt.c:lock"] {
            #expect(try repository.callers(place) == line4, "\(place)")
        }
        for place in ["core/mutex.c:unlock", "core/rt.c:unlock"] {
            let found = try repository.callers(place)
            #expect(found.contains("app/main.c:5 in main, import-resolved"), "\(place)")
            #expect(!found.contains("app/none.c:3 in none, import-resolved"), "\(place)")
        }
        for place in ["include/lock.h:capable", "core/user.c:capable", "WARN"] {
            #expect(try repository.callers(place) == ["app/main.c:6 in main, import-resolved"], "\(place)")
        }
    }

    @Test("a static function is not called from another file")
    func staticsElsewhere() async throws {
        let repository = try await SampleRepository([
            "a.c": "static int probe(int x)\n{\n\treturn x;\n}\n",
            "b.c": "int probe(int x)\n{\n\treturn x;\n}\n",
            "c.c": "int probe(int x);\nint c(void)\n{\n\treturn probe(1);\n}\n",
        ])
        #expect(try repository.callers("a.c:probe").isEmpty)
        #expect(try repository.callers("b.c:probe") == ["c.c:4 in c, import-resolved"])
    }

    @Test("a call through a field leads to the field of that struct")
    func fields() async throws {
        let repository = try await SampleRepository([
            "a.c": """
            struct operations { int (*read)(int); };
            struct other { int (*read)(int); };
            struct file { const struct operations *ops; };
            int f(struct file *file)
            {
                return file->ops->read(1);
            }
            """
        ])
        #expect(try repository.callers("operations.read") == ["a.c:6 in f, type-inferred"])
    }
}
