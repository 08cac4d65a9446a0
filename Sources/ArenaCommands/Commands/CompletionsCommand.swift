import ArgumentParser

/// `arena completions`
struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print a script that completes arena's commands in a shell.",
        discussion: """
            bash: arena completions bash > ~/.local/share/bash-completion/completions/arena
            zsh:  arena completions zsh > ~/.zfunc/_arena
            fish: arena completions fish > ~/.config/fish/completions/arena.fish
            """
    )

    /// The shells that a script can be made for.
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish
    }

    @Argument(help: "The shell.")
    var shell: Shell

    func run() {
        let shell: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        Console.current.answer(text: ArenaCommand.completionScript(for: shell))
    }
}
