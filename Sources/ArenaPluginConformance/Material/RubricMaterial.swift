import ArenaJSON
import ArenaPluginHost
import Foundation

/// What a reader of rubrics is given: the plugin's own documents, a plain one, and what is no rubric.
struct RubricMaterial {
    let kind: ProvidedKind
    let subject: ExaminedPlugin

    var json: JSONValue {
        guard !kind.reads.isEmpty else { return ["reads": false] }
        let documents = subject.manifest.provides.compactMap(\.document).filter { path in
            kind.reads.contains(where: path.hasSuffix)
        }
        let own = documents.prefix(4).compactMap { path in
            try? String(contentsOfFile: "\(subject.plugin.folder)/\(path)", encoding: .utf8)
        }
        return [
            "reads": true, "documents": .array((own + [Self.plain]).map(JSONValue.string)),
            "hostile": .array(Self.hostile.map(JSONValue.string)),
        ]
    }

    /// The form of the rubrics that come with Arena.
    private static let plain = """
        id: plain
        title: Plain
        description: A rubric for a check.
        checks:
          - name: right
            scorer: includes
            weight: 3
            why: Being right is what was asked for.
          - name: short
            scorer: exact_match
            config: {ignore_case: true}
            weight: 1
            why: A word is enough.
          - name: kind
            judge: 'Is this answer kind? {{answer}}'
            weight: 0.5
            why: Manners cost nothing.

        """

    private static let hostile: [String] = [
        "", " ", "\n\n", "null", "7", "[]", "{}", "{", "\"", "\t", "id: x", "id: [x]\nchecks: 7", "checks: []",
        "id: a\nid: b\nchecks: []", "id: a\nchecks:\n  - name: b\n    weight: .nan\n    scorer: c\n",
        "id: a\nchecks:\n  - name: b\n    weight: -1\n    scorer: c\n",
        "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]\n",
        String(repeating: "[", count: 20_000), String(repeating: "a: ", count: 2_000), "--- !!binary x\n...\n",
        "id: \u{FEFF}a\nchecks: \"nul\0inside\"", String(repeating: "# long\n", count: 40_000), "<rubric/>",
    ]
}
