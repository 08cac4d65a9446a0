import ArenaCommands
import Glibc

@main
enum Arena {
    static func main() async {
        exit(await CommandLineTool.run(Array(CommandLine.arguments.dropFirst())))
    }
}
