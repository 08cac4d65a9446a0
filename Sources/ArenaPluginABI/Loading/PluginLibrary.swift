import ArenaCore
import CArenaPlugin
import CLinux

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A plugin's shared library that is loaded for the life of the process.
///
/// It is never unloaded: libraries in Swift and Rust do not survive that. A new version is another file, and in a child
/// another process.
package final class PluginLibrary: Sendable {
    package static let abiMajor = UInt32(ARENA_ABI_MAJOR)
    package static let abiMinor = UInt32(ARENA_ABI_MINOR)
    package static let entrySymbol = ARENA_ENTRY_SYMBOL

    package let path: String
    /// What the library says of itself; to be compared with the manifest [ENTRY-2] [ENTRY-3].
    package let id: String
    package let version: String
    /// The minor version that it was compiled with. A newer one than the host's is fine: both use what both know.
    package let abiMinor: UInt32
    /// Whether the entry function gave the same table twice [ENTRY-1].
    package let entryIsStatic: Bool

    private let entry: ForeignTable<arena_entry>

    /// Loads a library and reads its entry. Runs the library's constructors, so it is for fenced children and for
    /// plugins that are trusted. Call it on the thread that will call ``initialize(host:in:)`` and ``shutdown()``.
    ///
    /// - Parameter bindsNow: Looks up every function that the library needs at once. Without, one that is missing ends
    ///   the process when it is called: for libraries that were loaded whole before.
    /// - Throws: ``PluginABIError``. The library then stays mapped, for what its constructors did cannot be undone.
    package init(path: String, bindsNow: Bool = true) throws(PluginABIError) {
        guard let handle = dlopen(path, (bindsNow ? RTLD_NOW : RTLD_LAZY) | RTLD_LOCAL) else {
            throw PluginABIError(.notLoaded(Self.loaderMessage()), library: path)
        }
        let function = try Self.entryFunction(of: handle, path)
        guard let foreign = function() else {
            throw PluginABIError(.badTable("entry", reason: "it is NULL"), library: path)
        }
        let entry = try Self.table(arena_entry.self, at: foreign, named: "entry", of: path)
        guard entry.abi_major == Self.abiMajor else {
            throw PluginABIError(.otherMajor(entry.abi_major), library: path)
        }
        guard let id = ForeignText.string(entry.id, limit: 256), !id.isEmpty,
            let version = ForeignText.string(entry.version, limit: 256), !version.isEmpty
        else { throw PluginABIError(.badTable("entry", reason: "its id or version is no text"), library: path) }
        self.path = path
        self.id = id
        self.version = version
        self.entry = ForeignTable(functions: entry)
        abiMinor = entry.abi_minor
        entryIsStatic = function() == foreign
    }

    /// Tells the library who its host is. Once, before any other function [ENTRY-4].
    package func initialize(host: HostTable, in call: CallContext) throws(CallFailure) {
        guard let function = entry.functions.`init` else { return }
        try call.perform("init") { function($0, host.pointer) }
    }

    /// Ends the library's work, after every object was destroyed. Once, and nothing follows.
    package func shutdown() {
        entry.functions.shutdown?()
    }

    /// Whether the library has an interface of any id for a kind, known to this host or not.
    package func offers(_ interfaceID: String, kind: String) -> Bool {
        lookUp(interfaceID, kind) != nil
    }

    /// Checks that a declared interface is there [ENTRY-6] and that its table keeps the rules.
    package func check(_ interface: PluginInterface, kind: String) throws(PluginABIError) {
        _ = try Self.table(
            interface.table, at: try pointer(to: interface, kind), named: interface.rawValue, of: path)
    }

    func table<Table: PluginTable>(_ interface: PluginInterface, kind: String) throws(PluginABIError)
        -> ForeignTable<Table>
    {
        ForeignTable(
            functions: try Self.table(
                Table.self, at: try pointer(to: interface, kind), named: interface.rawValue, of: path))
    }

    private func pointer(to interface: PluginInterface, _ kind: String) throws(PluginABIError) -> UnsafeRawPointer {
        guard let pointer = lookUp(interface.rawValue, kind) else {
            throw PluginABIError(.noInterface(interface.rawValue, kind: kind), library: path)
        }
        return pointer
    }

    func lookUp(_ interfaceID: String, _ kind: String) -> UnsafeRawPointer? {
        guard let function = entry.functions.get_interface else { return nil }
        return interfaceID.lend { interfaceID in kind.lend { kind in function(interfaceID, kind) } }
    }
}

extension PluginLibrary {
    private typealias EntryFunction = @convention(c) () -> UnsafePointer<arena_entry>?

    private static func entryFunction(
        of handle: UnsafeMutableRawPointer, _ path: String
    ) throws(PluginABIError) -> EntryFunction {
        guard let symbol = ownSymbol(entrySymbol, of: handle) else {
            let prefix = String(entrySymbol.dropLast())
            for major in UInt32(2)...9 where ownSymbol("\(prefix)\(major)", of: handle) != nil {
                throw PluginABIError(.otherMajor(major), library: path)
            }
            throw PluginABIError(.noEntry, library: path)
        }
        return unsafeBitCast(symbol, to: EntryFunction.self)
    }

    /// A symbol of the library itself: `dlsym` would also find it in one that the library links against.
    private static func ownSymbol(_ name: String, of handle: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        guard let symbol = dlsym(handle, name), arena_linux_symbol_is_in(handle, symbol) == 1 else { return nil }
        return symbol
    }

    private static func table<Table: PluginTable>(
        _ type: Table.Type, at pointer: UnsafeRawPointer, named name: String, of path: String
    ) throws(PluginABIError) -> Table {
        do {
            return try type.copy(of: pointer, named: name)
        } catch {
            throw PluginABIError(.badTable(error.name, reason: error.reason), library: path)
        }
    }

    private static func loaderMessage() -> String {
        dlerror().map { String(cString: $0) } ?? "the loader gave no reason"
    }
}
