/// A folder or file in a plugin directory, as far as it can be judged without running any of its code.
package struct PluginCandidate: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        /// Safe and well-formed: it may be granted, stored and probed.
        case usable(PluginManifest, PluginContent)
        /// Well or ill, it may not be used here: unsafe files, or an id that is taken or reserved.
        case refused(PluginError)
        /// No plugin, or one with a fault.
        case broken(PluginError)
        /// Still being copied; look again after this time.
        case settling(Duration)
    }

    package var location: PluginLocation
    /// The id that the manifest claims, when that much of it could be read.
    package var id: String?
    package var outcome: Outcome

    /// What a list shows: the id, else the name of the file.
    package var name: String { id ?? location.listedName }

    package var error: PluginError? {
        switch outcome {
        case .refused(let error), .broken(let error): error
        case .usable, .settling: nil
        }
    }

    init(location: PluginLocation, id: String? = nil, outcome: Outcome) {
        self.location = location
        self.id = id ?? (location.directory.holdsRubrics ? location.idOfRubrics : nil)
        self.outcome = outcome
    }

    init(location: PluginLocation, id: String? = nil, rejecting error: PluginError) {
        let outcome: Outcome =
            switch error.reason {
            case .unsafePermissions, .unsafeLink, .unsafeFile, .tooLarge, .duplicateID, .reservedID: .refused(error)
            case .changing: .settling(Settling.quietTime)
            default: .broken(error)
            }
        self.init(location: location, id: id, outcome: outcome)
    }
}

/// What a look at all plugin directories found.
package struct PluginScan: Hashable, Sendable {
    /// In the order of the directories, then by name. Of two with one id the first counts; the second is refused.
    package var candidates: [PluginCandidate]
    /// Directories that were not read, each with the reason.
    package var problems: [PluginDirectoryProblem]

    /// When to look again because something is still being copied; `nil` when all has settled.
    package var lookAgainAfter: Duration? {
        candidates.compactMap { if case .settling(let time) = $0.outcome { time } else { nil } }.min()
    }
}

/// A plugin directory that is missing, unreadable or unsafe: nothing in it was looked at.
package struct PluginDirectoryProblem: Hashable, Sendable {
    package var directory: PluginDirectory
    package var error: PluginError
}
