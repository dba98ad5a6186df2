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
                "use.py:23 in unknown, ambiguous",
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

    @Test("a name alone is no method: what `super()` means is no method `super` of some class")
    func methodsAlone() async throws {
        let repository = try await SampleRepository([
            "block.py": "class Block:\n    def super(self): return 1\n",
            "use.py":
                "class Page(dict):\n    def __init__(self):\n        super().__init__()\n\ndef run():\n    super()\n",
        ])
        #expect(try repository.callers("Block.super") == [])
    }

    @Test("behind something unknown only names of several words tell what is meant")
    func telling() async throws {
        let repository = try await SampleRepository([
            "store.py": "class Store:\n    def load(self): return 1\n    def load_all(self): return 2\n",
            "use.py": "def run(thing):\n    thing.load()\n    thing.load_all()\n",
        ])
        #expect(try repository.callers("Store.load") == ["use.py:2 in run, ambiguous"])
        #expect(try repository.callers("Store.load_all") == ["use.py:3 in run, unique-name"])
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

    @Test("types are followed through attributes, results, elements, decorators and contexts")
    func expressions() async throws {
        let repository = try await SampleRepository([
            "store.py": """
            from __future__ import annotations
            from contextlib import contextmanager
            from typing import Callable, Iterator, Optional


            class Item:
                def price(self):
                    return 1


            class Shelf:
                first: Item

                def __init__(self, items: list[Item]):
                    self.items = items
                    self.best = make()

                @property
                def last(self) -> "Item":
                    return self.items[-1]

                def copy(self):
                    return Shelf(self.items)


            def make() -> Optional[Item]:
                return Item()


            def tagged(name: str) -> Callable[[Callable], Item]:
                return Item


            @contextmanager
            def opened() -> Iterator[Item]:
                yield Item()
            """,
            "use.py": """
            import store
            from store import Item, Shelf, opened, tagged


            @tagged("x")
            def built():
                pass


            def attribute(shelf: Shelf):
                shelf.first.price()
                shelf.best.price()
                shelf.last.price()


            def result(shelf: store.Shelf):
                shelf.copy().copy().first.price()
                store.make().price()


            def element(shelf: Shelf):
                for item in shelf.items:
                    item.price()
                shelf.items[0].price()


            def decorated():
                built.price()


            def context():
                with opened() as item:
                    item.price()


            def alternative(item: "int | Item | None"):
                item.price()
            """,
            "other.py": "class Other:\n    def price(self):\n        pass\n",
        ])
        #expect(
            try repository.callers("Item.price") == [
                "use.py:11 in attribute, type-inferred", "use.py:12 in attribute, type-inferred",
                "use.py:13 in attribute, type-inferred", "use.py:17 in result, type-inferred",
                "use.py:18 in result, type-inferred", "use.py:23 in element, type-inferred",
                "use.py:24 in element, type-inferred", "use.py:28 in decorated, type-inferred",
                "use.py:33 in context, type-inferred", "use.py:37 in alternative, type-inferred",
            ])
    }

    @Test("parameters, locals and imports of a function hide what has their name outside")
    func hiding() async throws {
        let repository = try await SampleRepository([
            "a.py": """
            from b import other


            def load():
                pass


            def given(load):
                load()


            def assigned():
                load = other
                load()


            def imported():
                from b import load
                load()


            def comprehension(loads):
                [load() for load in loads]
                load()
            """,
            "b.py": "def load():\n    pass\n\n\ndef other():\n    pass\n",
        ])
        #expect(try repository.callers("a.py:load") == ["a.py:24 in comprehension, import-resolved"])
        #expect(try repository.callers("b.py:load") == ["a.py:19 in imported, import-resolved"])
        #expect(try repository.callers("other") == ["a.py:14 in assigned, type-inferred"])
    }

    @Test("a class makes another of itself by cls, and its objects may be called")
    func ownTypes() async throws {
        let repository = try await SampleRepository([
            "a.py": """
            class Maker:
                @classmethod
                def make(cls):
                    return cls()

                def __call__(self):
                    pass


            def use():
                maker = Maker.make()
                maker()
            """
        ])
        #expect(
            try repository.callers("Maker") == ["a.py:4 in Maker.make, import-resolved"])
        let called = try repository.graph.callees(of: repository.symbols("use")[0])
        #expect(try repository.places(called.flatMap(\.targets)) == ["a.py:3 Maker.make", "a.py:6 Maker.__call__"])
    }

    @Test("absolute imports are of the package's root, not of the module beside, and others come from outside")
    func roots() async throws {
        let repository = try await SampleRepository([
            "src/pkg/__init__.py": "",
            "src/pkg/json.py": "def dumps(x):\n    return x\n",
            "src/pkg/a.py": "import json\n\njson.dumps(1)\n",
            "tests/inner/pkg.py": "def made():\n    pass\n",
            "tests/test_a.py": "import pkg.json\n\npkg.json.dumps(1)\n",
        ])
        #expect(try repository.callers("dumps") == ["tests/test_a.py:3 in the file, import-resolved"])
    }
}
