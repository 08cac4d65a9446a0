import ArenaPluginHost
import Glibc
import Testing

struct ScratchRootTests {
    private let folder: TestFolder
    private let parent: String

    init() throws {
        folder = try TestFolder()
        parent = try folder.folder("scratch", mode: 0o700)
    }

    private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    @Test func leavesAloneWhatALivingProcessUses() throws {
        let first = try ScratchRoot(below: parent)
        let second = try ScratchRoot(below: parent)
        #expect(first.path != second.path)
        #expect(exists(first.path) && exists(second.path))
        withExtendedLifetime((first, second)) {}
    }

    @Test func removesWhatADeadProcessLeft() throws {
        let left = parent + "/0123abcd"
        #expect(mkdir(left, 0o700) == 0 && mkdir(left + "/child", 0o700) == 0)
        let file = open(left + "/child/data", O_CREAT | O_WRONLY, 0o600)
        #expect(file >= 0)
        close(file)
        let root = try ScratchRoot(below: parent)
        #expect(!exists(left))
        #expect(exists(root.path))
    }

    @Test func removesItselfWithAllThatIsInIt() throws {
        let root = try ScratchRoot(below: parent)
        #expect(mkdir(root.path + "/child", 0o700) == 0)
        root.remove()
        #expect(!exists(root.path))
    }

    @Test func saysWhichFolderCannotBeWritten() {
        let error = #expect(throws: PluginError.self) { try ScratchRoot(below: "/nonexistent/scratch") }
        #expect(error?.message.contains("/nonexistent/scratch") == true)
    }
}
