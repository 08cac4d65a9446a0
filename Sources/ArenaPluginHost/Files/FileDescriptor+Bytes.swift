import Glibc

extension FileDescriptor {
    /// Exactly `count` bytes from `offset`; EIO when the file is shorter than that, as after a truncation meanwhile.
    static func bytes(of raw: Int32, at offset: UInt64, count: Int) throws(SystemFailure) -> [UInt8] {
        var code: Int32 = 0
        let result = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count, let base = buffer.baseAddress {
                let read = pread(raw, base + done, count - done, off_t(offset) + off_t(done))
                if read < 0, errno == EINTR { continue }
                guard read > 0 else {
                    code = read < 0 ? errno : EIO
                    return
                }
                done += read
            }
        }
        guard code == 0 else { throw SystemFailure("read", errno: code) }
        return result
    }

    /// The whole file from its beginning, handed over in pieces that are valid during the call.
    ///
    /// - Throws: `EFBIG` once more than `limit` bytes came.
    borrowing func forEachChunk(
        limit: UInt64, _ body: (UnsafeRawBufferPointer) throws(SystemFailure) -> Void
    ) throws(SystemFailure) {
        let size = 1 << 18
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        defer { buffer.deallocate() }
        var offset: UInt64 = 0
        while true {
            let count = pread(raw, buffer.baseAddress, size, off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemFailure("read", errno: errno) }
            guard count > 0 else { return }
            offset += UInt64(count)
            guard offset <= limit else { throw SystemFailure("read", errno: EFBIG) }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// The whole file; `EFBIG` when it is longer than `limit`.
    borrowing func contents(limit: UInt64) throws(SystemFailure) -> [UInt8] {
        var result: [UInt8] = []
        try forEachChunk(limit: limit) { chunk throws(SystemFailure) in result.append(contentsOf: chunk) }
        return result
    }

    borrowing func write(_ bytes: UnsafeRawBufferPointer) throws(SystemFailure) {
        var done = 0
        while done < bytes.count, let base = bytes.baseAddress {
            let count = Glibc.write(raw, base + done, bytes.count - done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemFailure("write", errno: count < 0 ? errno : EIO) }
            done += count
        }
    }

    borrowing func write(_ bytes: [UInt8]) throws(SystemFailure) {
        var failure: SystemFailure?
        bytes.withUnsafeBytes { buffer in
            do throws(SystemFailure) { try write(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    borrowing func setPermissions(_ mode: mode_t) throws(SystemFailure) {
        guard fchmod(raw, mode) == 0 else { throw SystemFailure("fchmod", errno: errno) }
    }

    /// Makes what was written, or the names in this directory, survive a loss of power.
    borrowing func sync() throws(SystemFailure) {
        guard fsync(raw) == 0 else { throw SystemFailure("fsync", errno: errno) }
    }

    borrowing func makeDirectory(_ name: String, permissions: mode_t) throws(SystemFailure) {
        guard mkdirat(raw, name, permissions) == 0 else { throw SystemFailure("mkdir \(name)", errno: errno) }
    }

    borrowing func makeLink(_ name: String, to target: String) throws(SystemFailure) {
        guard symlinkat(target, raw, name) == 0 else { throw SystemFailure("symlink \(name)", errno: errno) }
    }

    /// Renames within this directory, replacing a file or an empty directory of the new name.
    borrowing func rename(_ old: String, to new: String) throws(SystemFailure) {
        guard renameat(raw, old, raw, new) == 0 else { throw SystemFailure("rename \(old)", errno: errno) }
    }

    borrowing func remove(_ name: String, isDirectory: Bool = false) throws(SystemFailure) {
        guard unlinkat(raw, name, isDirectory ? AT_REMOVEDIR : 0) == 0 else {
            throw SystemFailure("unlink \(name)", errno: errno)
        }
    }

    /// Removes `name` and all below it; never follows a link. Read-only directories are opened up first.
    borrowing func removeTree(_ name: String) throws(SystemFailure) {
        guard try status(of: name).kind == .directory else { return try remove(name) }
        let directory = try open(name, O_RDONLY | O_DIRECTORY)
        try directory.setPermissions(0o700)
        for child in try directory.names() {
            guard let child else { throw SystemFailure("unlink", errno: EILSEQ) }
            try directory.removeTree(child)
        }
        try remove(name, isDirectory: true)
    }
}
