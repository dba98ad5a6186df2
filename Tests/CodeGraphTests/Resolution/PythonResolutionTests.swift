import CodeGraph
import TestSupport
import Testing

@Suite("What names mean in Python")
struct PythonResolutionTests {
    @Test("a function is called through each way of importing it")
    func imports() async throws {
        let repository = try await SampleRepository([
            "pkg/__init__.py": "from .core import load as read\n",
            "pkg/core.py": "def load(path):\n    return path\n",
            "a.py": "from pkg.core import load\n\ndef f():\n    return load('x')\n",
            "b.py": "import pkg.core\n\ndef f():\n    return pkg.core.load('x')\n",
            "c.py": "from pkg import core as c\n\ndef f():\n    return c.load('x')\n",
            "d.py": "from pkg import read\n\ndef f():\n    return read('x')\n",
            "e.py": "from pkg.core import *\n\nload('x')\n",
            "pkg/inner/f.py": "from ..core import load\n\ndef f():\n    return load('x')\n",
            "other.py": "def load():\n    return 1\n\ndef g():\n    return load()\n",
        ])
        #expect(
            try repository.callers("pkg/core.py:load") == [
                "a.py:4 in f, import-resolved", "b.py:4 in f, import-resolved", "c.py:4 in f, import-resolved",
                "d.py:4 in f, import-resolved", "e.py:3 in the file, import-resolved",
                "pkg/inner/f.py:4 in f, import-resolved",
            ])
        #expect(try repository.callers("other.py:load") == ["other.py:5 in g, import-resolved"])
    }

    @Test("methods are found on the object at hand, in what it inherits from, and by the types of variables")
    func methods() async throws {
        let repository = try await SampleRepository([
            "shapes.py": """
            class Shape:
                def area(self):
                    return self.width() * 2

                def width(self):
                    return 1


            class Square(Shape):
                def width(self):
                    return super().width() + 1

                def twice(self):
                    return self.area() * 2
            """,
            "use.py": """
            from shapes import Square


            class Drawing:
                def __init__(self, first: Square):
                    self.square = Square()
                    self.first = first

                def size(self):
                    return self.square.twice()


            def measure(shape: Square):
                return shape.area()


            def make():
                shape = Square()
                return shape.twice()


            def unknown(thing):
                return thing.twice()
            """,
        ])
        #expect(
            try repository.callers("Shape.area") == [
                "shapes.py:14 in Square.twice, import-resolved", "use.py:14 in measure, type-inferred",
            ])
        #expect(
            try repository.callers("Shape.width")
                == [
                    "shapes.py:3 in Shape.area, import-resolved", "shapes.py:11 in Square.width, import-resolved",
                ].sorted())
        #expect(
            try repository.callers("Square.twice") == [
                "use.py:10 in Drawing.size, type-inferred", "use.py:19 in make, type-inferred",
                "use.py:23 in unknown, unique-name",
            ])
        #expect(
            try repository.places(repository.graph.implementers(of: repository.symbols("Shape"))) == [
                "shapes.py:9 Square"
            ])
        #expect(
            try repository.places(repository.graph.overrides(of: repository.symbols("Shape.width")[0])) == [
                "shapes.py:10 Square.width"
            ])
    }

    @Test("where nothing tells which of several is meant, the answer says so")
    func ambiguous() async throws {
        let repository = try await SampleRepository([
            "a.py": "class A:\n    def run(self):\n        pass\n",
            "b.py": "class B:\n    def run(self):\n        pass\n",
            "c.py": "def f(x):\n    x.run()\n",
        ])
        #expect(try repository.callers("A.run") == ["c.py:2 in f, ambiguous"])
        #expect(try repository.callers("B.run") == ["c.py:2 in f, ambiguous"])
    }

    @Test("programs that refer to themselves without end are answered")
    func cycles() async throws {
        let repository = try await SampleRepository([
            "a.py": """
            from b import *
            from a import x

            class A(B):
                def f(self):
                    y = y.g()
                    z = w
                    w = z
                    return y.h() + z.h() + self.missing()

            class B(A):
                pass
            """,
            "b.py": "from a import *\n\nx = x.y\n",
        ])
        #expect(try repository.callers("A.f").isEmpty)
        #expect(try repository.graph.callees(of: repository.symbols("A.f")[0]).isEmpty)
    }

    @Test("an edit of one file changes what others mean")
    func edits() async throws {
        let repository = try await SampleRepository([
            "a.py": "def f():\n    pass\n", "b.py": "from a import f\n\nf()\n",
        ])
        #expect(try repository.callers("f") == ["b.py:3 in the file, import-resolved"])
        try repository.folder.write("def g():\n    pass\n", to: "a.py")
        try repository.folder.write("def f():\n    pass\n", to: "c.py")
        let summary = try await repository.update()
        #expect(summary.files == 3 && summary.added == 1 && summary.changed == 1 && summary.removed == 0)
        #expect(try repository.callers("f") == ["b.py:3 in the file, unique-name"])
    }
}
