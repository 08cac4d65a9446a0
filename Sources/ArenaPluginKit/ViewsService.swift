package import ArenaJSON
import CArenaPlugin

/// `arena.views/1`: named read-only views on what the host holds.
package struct ViewsService {
    let call: PluginCall
    let table: UnsafePointer<arena_views_service>

    /// A page of a view.
    package struct Page: Sendable {
        package var rows: [JSONValue]
        /// The cursor of the next page; `nil`: this is the last.
        package var next: String?
    }

    /// Reads a page. `cursor`: empty for the first one. `limit`: rows, 1 to 1,000. Throws `notFound` when there is no
    /// such view or no such thing in it.
    package func page(
        _ name: String, _ parameters: JSONValue, cursor: String = "", limit: Int
    ) throws(PluginError) -> Page {
        let (status, bytes) = collecting { sink in
            withText(name) { name in
                withText(parameters.text(.compact)) { parameters in
                    withText(cursor) {
                        table.pointee.page?(table, call.pointer, name, parameters, $0, UInt32(clamping: limit), sink)
                            ?? ARENA_UNIMPLEMENTED
                    }
                }
            }
        }
        try check(status, "arena.views/1 page")
        let answer = try parsed(bytes, from: "arena.views/1")
        return Page(rows: answer["rows"]?.array ?? [], next: answer["next"]?.string)
    }
}
