/// The version of Arena.
package enum ArenaVersion {
    package static let current = "0.1.0"
}
