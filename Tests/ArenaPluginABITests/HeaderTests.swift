import ArenaTestSupport
import Testing

struct HeaderTests {
    private static let strict = [
        "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-I", CompiledPlugin.headers,
    ]
    private static let everyHeader = "#include \"arena/plugin.h\"\nARENA_MANIFEST(\"{}\");\n"

    @Test(arguments: Compiler.installed(of: ["gcc", "clang"]))
    func headersCompileAsStrictC11(compiler: String) throws {
        let source = try SourceFile(Self.everyHeader, "header.c")
        try Compiler.run(compiler, Self.strict + ["-std=c11", source.path])
        try Compiler.run(
            compiler, Self.strict + ["-std=c11", CompiledPlugin.checkout + "/Sources/CArenaPlugin/layout_check.c"])
    }

    @Test(arguments: Compiler.installed(of: ["g++", "clang++"]))
    func headersCompileAsStrictCPlusPlus17(compiler: String) throws {
        let source = try SourceFile(Self.everyHeader, "header.cc")
        try Compiler.run(compiler, Self.strict + ["-std=c++17", source.path])
    }

    @Test func someCompilerIsInstalled() {
        #expect(!Compiler.installed(of: ["gcc", "clang"]).isEmpty)
        #expect(!Compiler.installed(of: ["g++", "clang++"]).isEmpty)
    }
}
