/// The operating system and processor that a library is built for.
package enum Platform {
    /// As manifests name it: `linux-x86_64` or `linux-aarch64`.
    package static var current: String {
        #if arch(x86_64)
        "linux-x86_64"
        #elseif arch(arm64)
        "linux-aarch64"
        #endif
    }
}
