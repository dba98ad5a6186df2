import CodeGraph
import Testing

@Suite("What names mean in TypeScript")
struct TypeScriptResolutionTests {
    private static let shapes = [
        "src/shapes.ts": """
        export abstract class Shape {
            area(): number { return 1; }
            grown(): this { return this; }
        }
        export class Square extends Shape {
            static create = (): Square => { return new Square(); };
            constructor(private readonly inner: Shape) { super(); }
            half() { return this.inner.area(); }
        }
        const make = Square.create;
        export { make as square };
        export default function build(): Square { return make(); }
        """,
        "src/index.ts": "export * from \"./shapes\";\nexport { default as build } from \"./shapes\";\n",
        "other.ts": "export class Other {\n    area() {}\n}\n",
    ]

    @Test("types are followed through index files, other names, defaults, fields and chains")
    func chains() async throws {
        let repository = try await SampleRepository(
            Self.shapes.merging([
                "use.ts": """
                import * as s from "./src";
                import { square, build } from "./src/index.js";
                import made from "./src/shapes";

                s.square().area();
                square().grown().area();
                build().area();
                made().area();
                const one = square();
                function f(shapes: s.Shape[]) {
                    one.area();
                    for (const shape of shapes) shape.area();
                }
                """
            ]) { $1 })
        #expect(
            try repository.callers("Shape.area") == [
                "src/shapes.ts:8 in Square.half, type-inferred", "use.ts:11 in f, type-inferred",
                "use.ts:12 in f, type-inferred", "use.ts:5 in the file, type-inferred",
                "use.ts:6 in the file, type-inferred", "use.ts:7 in the file, type-inferred",
                "use.ts:8 in the file, type-inferred",
            ])
        #expect(
            try repository.callers("build") == [
                "use.ts:7 in the file, import-resolved", "use.ts:8 in the file, import-resolved",
            ])
        #expect(try repository.callers("Shape") == ["src/shapes.ts:7 in Square.constructor, import-resolved"])
    }

    @Test("what a function is given hides imports of that name, and ends with the function")
    func hiding() async throws {
        let repository = try await SampleRepository(
            Self.shapes.merging([
                "use.ts": """
                import { square } from "./src/shapes";

                test("a", ({ square }) => {
                    square();
                });
                test("b", square => square());
                test("c", () => {
                    const square = other();
                    square();
                });
                square();
                """
            ]) { $1 })
        #expect(
            try repository.callers("make") == [
                "src/shapes.ts:12 in build, import-resolved", "use.ts:11 in the file, import-resolved",
            ])
    }

    @Test("of functions of one name in several blocks the one before the call is meant")
    func blocks() async throws {
        let repository = try await SampleRepository([
            "use.ts": """
            setup("a", () => {
                const App = () => 1;
                App();
            });
            setup("b", () => {
                const App = () => 2;
                App();
            });
            """
        ])
        #expect(try repository.callers("use.ts:2") == ["use.ts:3 in the file, import-resolved"])
        #expect(try repository.callers("use.ts:6") == ["use.ts:7 in the file, import-resolved"])
    }

    @Test("parameters of callbacks have the types that what takes them declares")
    func callbacks() async throws {
        let repository = try await SampleRepository([
            "types.ts": """
            import type { Context, Trouble } from "./context";
            export type Next = () => Promise<void>;
            export type Handler<E = any> = (c: Context<E>, next: Next) => Response | Promise<Response>;
            export type Middleware<E = any> = (c: Context<E>, next: Next) => Promise<void>;
            export type H<E> = Handler<E> | Middleware<E>;
            export type OnError = (err: Trouble, c: Context) => Response;
            export interface Takes<E> {
                <P>(handler: H<E>): App<E>;
                <P>(path: P, ...handlers: Middleware<E>[]): App<E>;
            }
            export interface Requests { (before: number, between: string, c: Context): void }
            export class App<E> {
                get!: Takes<E>;
                onError(handler: OnError): this { return this; }
                both(one: Handler, two: OnError): this { return this; }
                third(handler: Requests): this { return this; }
            }
            export const wrap = <E>(m: Middleware<E>): Middleware<E> => m;
            """,
            "context.ts": "export class Context<E> { text() {} }\nexport class Trouble { text() {} }\n",
            "use.ts": """
            import { App, wrap } from "./types";
            const app = new App();
            app.get("/", (c) => c.text());
            app.get("/", c => { c.text() });
            app.get("/", async function (c) { c.text() });
            app.onError((err, c) => c.text());
            app.onError((err, c) => err.text());
            wrap(async (c, next) => c.text());
            app.third((a, b, c) => c.text());
            app.both((c) => c.text(), (c) => c.text());
            [1].map((c) => c.text());
            app.get("/", (c: Unknown) => c.text());
            """,
        ])
        func sure(_ pattern: String) throws -> [String] {
            try repository.callers(pattern).filter { !$0.hasSuffix("ambiguous") }
        }
        #expect(
            try sure("Context.text") == [3, 4, 5].map { "use.ts:\($0) in GET /, type-inferred" }
                + [6, 8, 9].map { "use.ts:\($0) in the file, type-inferred" })
        #expect(try sure("Trouble.text") == ["use.ts:7 in the file, type-inferred"])
    }

    @Test("what arrays, maps and promises call functions with are their elements and results")
    func containerCallbacks() async throws {
        let repository = try await SampleRepository([
            "source.ts": """
            export class Source { close(): Promise<Source> { return null as any } open() {} }
            export const make = async (): Promise<Source[]> => [];
            """,
            "use.ts": """
            import { Source, make } from "./source";
            let sources: Source[];
            let byName: Map<string, Source>;
            sources.forEach((s) => s.open());
            Promise.all(sources.map(async (s) => { await s.open(); }));
            sources.filter((s) => true).sort((a, b) => b.open());
            sources.find((s) => true)!.open();
            byName.get("a").open();
            byName.forEach((s, key) => s.open());
            sources.reduce((sum, s) => { s.open(); return sum; }, 0);
            sources.reduce((sum, s) => { sum.open(); return sum; }, 0);
            make().then((all) => all[0].open());
            sources[0].close().then(s => s.open());
            sources.unknown((s) => s.open());
            """,
        ])
        let found = try repository.callers("Source.open").filter { !$0.hasSuffix("ambiguous") }
        let lines = [10, 12, 13, 4, 5, 6, 7, 8, 9]
        #expect(found.filter { $0.hasSuffix("inferred") } == lines.map { "use.ts:\($0) in the file, type-inferred" })
    }

    @Test("names of the repository's packages and of tsconfig.json lead to files")
    func packages() async throws {
        let repository = try await SampleRepository([
            "packages/kit/package.json": #"{"name": "@acme/kit", "main": "dist/index.js"}"#,
            "packages/kit/src/index.ts": "export function kit() {}\n",
            "packages/kit/src/query/index.ts": "export function query() {}\n",
            "packages/plain/package.json": #"{"name": "plain", "main": "./start.js"}"#,
            "packages/plain/start.js": "export function start() {}\n",
            "packages/broken/package.json": "{\"name\": [}",
            "app/tsconfig.json": """
            {
              // Comments are allowed here.
              "compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["./src/*"], "~one": ["src/deep/one.ts"],}},
            }
            """,
            "app/src/deep/one.ts": "export function one() {}\n",
            "app/src/two.ts": "export function two() {}\n",
            "app/use.ts": """
            import { kit } from "@acme/kit";
            import { query } from "@acme/kit/query";
            import { start } from "plain";
            import { one } from "~one";
            import { two } from "@/two";
            import { two as based } from "src/two";
            import { one as elsewhere } from "react";
            kit();
            query();
            start();
            one();
            two();
            based();
            elsewhere();
            """,
            "other/use.ts": "import { two } from \"src/two\";\ntwo();\n",
        ])
        for (name, lines) in [("kit", [8]), ("query", [9]), ("start", [10]), ("one", [11]), ("two", [12, 13])] {
            #expect(
                try repository.callers(name) == lines.map { "app/use.ts:\($0) in the file, import-resolved" }, "\(name)"
            )
        }
    }
}
