/// What tells how long jobs wait, as step 4 adds it.
extension Schema {
    /// Since when a job could run: neither a time that it had to wait for nor a pause between attempts is in it.
    static let queueTimes = """
        ALTER TABLE jobs ADD COLUMN ready_at TEXT;

        """
}
