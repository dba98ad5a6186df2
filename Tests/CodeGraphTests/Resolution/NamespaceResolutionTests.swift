import CodeGraph
import Testing

@Suite("What names mean where files say their namespaces")
struct NamespaceResolutionTests {
    @Test("C#: the namespaces around come first, then those that are used")
    func cSharpNamespaces() async throws {
        let repository = try await SampleRepository([
            "Store.cs": "namespace App.Data;\npublic class Store { public void Load() {} }\n",
            "Other.cs": "namespace Other { public class Store { public void Load() {} } }\n",
            "Main.cs": """
            using App.Data;
            namespace App.Web
            {
                class Main
                {
                    readonly Store _store;
                    Main(Store store) { _store = store; }
                    void Run() { _store.Load(); new Other.Store().Load(); Helper.Log(); }
                }
            }
            """,
            "Helper.cs": "namespace App;\nstatic class Helper { public static void Log() {} }\n",
            "Decoy.cs": "namespace Decoy;\nstatic class Helper { public static void Log() {} }\n",
        ])
        #expect(try repository.callers("Store.cs:Store.Load") == ["Main.cs:8 in App.Web.Main.Run, type-inferred"])
        #expect(try repository.callers("Other.cs:Store") == ["Main.cs:8 in App.Web.Main.Run, import-resolved"])
        #expect(try repository.callers("Helper.cs:Helper.Log") == ["Main.cs:8 in App.Web.Main.Run, import-resolved"])
        #expect(try repository.callers("Decoy.cs:Helper.Log").isEmpty)
    }

    @Test("C#: a partial class is one class")
    func partialClasses() async throws {
        let repository = try await SampleRepository([
            "A.cs": "namespace N;\npartial class Big { void Run() { Check(); } }\n",
            "B.cs": "namespace N;\npartial class Big { void Check() {} }\n",
            "C.cs": "namespace M;\npartial class Big { void Check() {} }\n",
        ])
        #expect(try repository.callers("B.cs:Big.Check") == ["A.cs:2 in Big.Run, import-resolved"])
        #expect(try repository.callers("C.cs:Big.Check").isEmpty)
    }

    @Test("PHP: `use` and the namespace of the file lead to classes and functions")
    func php() async throws {
        let repository = try await SampleRepository([
            "src/Data/Store.php": """
            <?php
            namespace App\\Data;
            class Store { public function load() {} public static function make(): self { return new self(); } }
            function helper() {}
            """,
            "src/Other/Store.php": "<?php\nnamespace App\\Other;\nclass Store { public function load() {} }\n",
            "src/Web/Page.php": """
            <?php
            namespace App\\Web;
            use App\\Data\\Store;
            use App\\Other\\Store as Old;
            use function App\\Data\\helper;
            class Page {
                public function __construct(private Store $store) {}
                public function show() {
                    $this->store->load();
                    $old = new Old();
                    $old->load();
                    helper();
                    Store::make()->load();
                    throw new \\InvalidArgumentException();
                }
            }
            """,
            "src/Error.php": """
            <?php
            namespace App;
            class InvalidArgumentException extends \\InvalidArgumentException {}
            """,
        ])
        #expect(
            try repository.callers("Data/Store.php:Store.load") == [
                "src/Web/Page.php:13 in Page.show, type-inferred", "src/Web/Page.php:9 in Page.show, type-inferred",
            ])
        #expect(
            try repository.callers("Other/Store.php:Store.load") == ["src/Web/Page.php:11 in Page.show, type-inferred"])
        #expect(try repository.callers("helper") == ["src/Web/Page.php:12 in Page.show, import-resolved"])
        #expect(try repository.callers("Store.make") == ["src/Web/Page.php:13 in Page.show, import-resolved"])
        #expect(try repository.callers("InvalidArgumentException").isEmpty)
    }

    @Test("Ruby: constants are looked up from the inside out, and modules may stand in several files")
    func ruby() async throws {
        let repository = try await SampleRepository([
            "lib/app/store.rb": """
            module App
              module Tools
                def check
                  1
                end
              end
              class Store
                include Tools
                def load
                  check
                end
              end
            end
            """,
            "lib/app/more.rb": "module App\n  class Store\n    def save\n      load\n    end\n  end\nend\n",
            "lib/other.rb": "class Store\n  def load\n    1\n  end\nend\n",
            "lib/app/main.rb": """
            require_relative 'util'
            module App
              class Main
                def run
                  @store = Store.new
                  start
                end
                def start
                  @store.load
                  ::Store.new
                  helper
                end
              end
            end
            """,
            "lib/app/util.rb": "def helper\n  1\nend\n",
            "spec/util.rb": "def helper\n  2\nend\n",
        ])
        #expect(try repository.callers("App.Tools.check") == ["lib/app/store.rb:10 in App.Store.load, import-resolved"])
        #expect(
            try repository.callers("lib/app/store.rb:App.Store.load") == [
                "lib/app/main.rb:9 in App.Main.start, type-inferred",
                "lib/app/more.rb:4 in App.Store.save, import-resolved",
            ])
        #expect(
            try repository.callers("lib/app/store.rb:App.Store") == [
                "lib/app/main.rb:5 in App.Main.run, import-resolved"
            ])
        #expect(
            try repository.callers("lib/app/util.rb:helper") == [
                "lib/app/main.rb:11 in App.Main.start, import-resolved"
            ])
        #expect(try repository.callers("spec/util.rb:helper").isEmpty)
    }

    @Test("C++: code outside of a class sees its members")
    func outside() async throws {
        let repository = try await SampleRepository([
            "foo.h": "class Foo {\npublic:\n  void bar();\n  void baz();\n};\nclass Other { void baz(); };\n",
            "foo.cpp":
                "#include \"foo.h\"\nvoid Foo::baz() {}\nvoid Foo::bar() { baz(); this->baz(); }\nvoid Other::baz() {}\n",
        ])
        let found = try repository.graph.callees(of: try #require(repository.symbols("foo.cpp:Foo.bar").first))
        #expect(try Set(repository.places(found.flatMap(\.targets))) == ["foo.cpp:2 Foo.baz"])
    }
}
