import Testing

@Suite("What names mean in C++ and C#")
struct CPlusPlusResolutionTests {
    @Test("a method that is defined outside its class is found, and C++ calls what C defines")
    func owners() async throws {
        let repository = try await SampleRepository([
            "store.hpp": "class Store {\npublic:\n    int load(int x);\n    int twice(int x);\n};\n",
            "store.cpp": """
            #include "store.hpp"
            #include "low.h"
            int Store::load(int x) { return low_read(x); }
            int Store::twice(int x) { return load(x) * 2; }
            """,
            "low.h": "int low_read(int x);\n",
            "low.c": "#include \"low.h\"\nint low_read(int x)\n{\n\treturn x;\n}\n",
        ])
        #expect(try repository.callers("low.c:low_read") == ["store.cpp:3 in Store.load, import-resolved"])
    }

    @Test("within a class of C# its methods need no receiver")
    func ownMembers() async throws {
        let repository = try await SampleRepository([
            "A.cs": "class A {\n  int One() { return 1; }\n  int Two() { return One() + 1; }\n}\n",
            "B.cs": "class B {\n  int One() { return 3; }\n}\n",
        ])
        #expect(try repository.callers("A.One") == ["A.cs:3 in A.Two, import-resolved"])
    }
}
