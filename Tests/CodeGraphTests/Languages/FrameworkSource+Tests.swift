extension FrameworkSource {
    static let tests = [
        FrameworkSource(
            language: "python", name: "test_store.py",
            text: """
                def test_load(): pass
                def helper(): pass
                class TestStore:
                    def test_save(self): pass
                """, found: ["test_load", "test_save"]),
        FrameworkSource(
            language: "python", name: "cases.py",
            text: "class Cases(unittest.TestCase):\n    def test_a(self): pass\ndef test_b(): pass\n",
            found: ["test_a"]),
        FrameworkSource(
            language: "go", name: "store_test.go",
            text: """
                package store
                func TestLoad(t *testing.T) { t.Run("empty", func(t *testing.T) { load() }) }
                func BenchmarkLoad(b *testing.B) {}
                func Testify() {}
                func helper() {}
                """, found: ["TestLoad", "empty", "BenchmarkLoad"]),
        FrameworkSource(
            language: "java", name: "JUnit",
            text: "class StoreTest { @Test void loads() {} @ParameterizedTest void saves() {} void helper() {} }\n",
            found: ["loads", "saves"]),
        FrameworkSource(
            language: "rust", name: "lib.rs", text: "#[test]\nfn a() {}\n#[tokio::test]\nasync fn b() {}\nfn c() {}\n",
            found: ["a", "b"]),
        FrameworkSource(
            language: "javascript", name: "Jest",
            text: """
                describe('store', () => {
                    it('loads', async () => { load(); });
                    test.each([1])('saves %i', (n) => {});
                    function helper() {}
                });
                """, found: ["store", "loads", "saves %i"]),
        FrameworkSource(
            language: "swift", name: "Store",
            text: """
                class StoreTests: XCTestCase { func testLoads() {}; func helper() {} }
                struct More { @Test("saves") func saves() {} }
                """, found: ["testLoads", "saves"]),
        FrameworkSource(
            language: "ruby", name: "RSpec",
            text: "describe Store do\n  it 'loads' do\n    load\n  end\nend\ndef helper\n  1\nend\n",
            found: ["Store", "loads"]),
        FrameworkSource(
            language: "php", name: "PHPUnit",
            text: "<?php class StoreTest extends TestCase { function testLoads() {} function helper() {} }\n",
            found: ["testLoads"]),
        FrameworkSource(
            language: "c++", name: "googletest and Catch2",
            text: "TEST_F(Store, Loads) { load(); }\nTEST_CASE(\"saves\", \"[store]\") { save(); }\nvoid helper() {}\n",
            found: ["Loads", "saves"]),
        FrameworkSource(
            language: "c#", name: "xUnit",
            text:
                "class StoreTests { [Fact] public void Loads() {} [Theory] public void Saves(int n) {} void Helper() {} }\n",
            found: ["Loads", "Saves"]),
        FrameworkSource(
            language: "scala", name: "ScalaTest",
            text: "class StoreTest extends AnyFunSuite { test(\"loads\") { load() } }\n", found: ["loads"]),
    ]
}
