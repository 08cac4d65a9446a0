extension Timestamp {
    /// In the shape `20261121T090507Z`, which needs no quoting in a shell and sorts by time.
    package var fileName: String { description.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z" }
}
