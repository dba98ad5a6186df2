/// A small repository in which each kind of edge stands, in three languages.
enum ExportedSources {
    static let files = [
        "shapes/base.py": """
        import math
        from shapes.tools import scale as grow, Ruler

        UNITS = "cm"


        class Shape:
            \"\"\"Something with an area.

            More of it.
            \"\"\"

            def area(self):
                return 0

            def double(self):
                return grow(self.area(), 2)

            @property
            def ruler(self):
                return Ruler()


        class Circle(Shape):
            def __init__(self, r):
                self.r = r

            def area(self):
                s = "😀"; return math.pi * grow(self.r, 2)


        class Dot(Circle):
            def area(self):
                return super().area()
        """,
        "shapes/tools.py": """
        def scale(x, by):
            return x * by


        class Ruler:
            def measure(self, shape):
                return shape.area()

            def read(self):
                other = Ruler()
                return other.measure(None)
        """,
        "main.py": """
        from shapes.base import Circle, Dot

        everything = [Circle(1), Dot(2)]


        def main():
            circle = Circle(3)
            print(circle.double(), unknown(circle))
            callbacks = {"area": main}
        """,
        "lib/queue.h": "struct queue { int size; };\nint push(struct queue *q, int value);\n",
        "lib/queue.c": """
        #include "queue.h"

        static int grow_to(struct queue *q, int n) { q->size = n; return n; }

        int push(struct queue *q, int value) { return grow_to(q, value); }

        struct operations { int (*push)(struct queue *, int); };
        struct operations table = { .push = push };
        """,
        "web/view.ts": """
        import { Model } from "./model";

        export class View extends Model {
            draw(): number { return this.load() + helper(); }
            load(): number { return super.load(); }
        }

        function helper(): number { return new Model().load(); }
        """,
        "web/model.ts": "export class Model {\n    load(): number { return 1; }\n}\n",
        "notes.txt": "Notes about shapes\n",
    ]
}
