/// One way in which a value does not follow its schema.
package struct SchemaIssue: Hashable, Sendable, CustomStringConvertible {
    /// The JSON pointer of the offending place in the value; empty for the whole value. For a property that is not
    /// allowed it names the property, for one that is missing the object.
    package let instancePointer: String
    /// The keyword that failed, such as `required`; `false` for the schema `false`.
    package let keyword: String
    /// The JSON pointer of that keyword in the schema document, references followed.
    package let schemaPointer: String
    /// One sentence without the place and without text from the value other than property names.
    package let message: String

    package var description: String {
        instancePointer.isEmpty ? message : "\(instancePointer): \(message)"
    }
}
