import ArenaCockpit
import ArenaJSON
import ArenaJobs
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Foundation
import Testing

/// The page in a real browser, where there is one.
@Suite(.startsProcesses, .serialized, .enabled(if: Chromium.path != nil), .timeLimit(.minutes(1)))
struct BrowserTests {
    @Test func thePageListsPluginsRunsAJobFromItsFormAndShowsItDone() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop(manifest: TestHouse.manifest(abi: "9.0"))
            let dispatcher = house.runtime.makeDispatcher()
            let dispatching = Task { try await dispatcher.run() }
            let profile = house.home + "/browser"
            try await HouseServer.run(on: house.runtime) { server in
                let link = server.address.oneTimeLink
                try await RawConnection.onThread {
                    let browser = try Chromium(folder: profile, within: .seconds(25))
                    defer { browser.close() }
                    try Self.visit(browser, link)
                }
            }
            dispatcher.stop()
            try await dispatching.value
        }
    }

    private static func visit(_ browser: Chromium, _ link: String) throws {
        try browser.open(link)
        try browser.wait(for: "document.querySelector('.bay')")
        #expect(try browser.evaluate("location.pathname") == "/arena/")
        let listed = try browser.evaluate("[...document.querySelectorAll('.bay .name')].map(a => a.textContent)")
        for plugin in ["eval_rerun", "replay", "sleep", "text", "corpus"] {
            #expect(listed.array?.contains(.string(plugin)) == true, "\(plugin) is listed")
        }
        let look = try browser.evaluate("document.querySelector('.looks').textContent").string ?? ""
        #expect(look.contains("corpus") && look.contains("plugin.abi_mismatch"), "what is in trouble says why")
        try browser.wait(for: "document.querySelector('.live').dataset.s == 'live'")
        // The operator's cookie came with the link, so no notice says that this browser may only look.
        #expect(try browser.evaluate("document.querySelector('[data-k=who]') == null") == true)

        try browser.evaluate(
            "[...document.querySelectorAll('#main a')].find(a => a.dataset.k?.endsWith('sleep/sleep')).click()")
        try browser.wait(for: "document.querySelector('ar-schema-form input')")
        try browser.evaluate("document.querySelector('[data-act=queue]').click()")
        #expect(
            try browser.evaluate("document.querySelector('.err:not([hidden])').textContent") == "Seconds is needed.")
        try browser.evaluate(
            """
            for (const [i, v] of [[0, '0.6'], [1, '3']]) {
              const field = document.querySelectorAll('ar-schema-form input')[i];
              field.value = v;
              field.dispatchEvent(new Event('input', { bubbles: true }));
            }
            window.seen = new Set();
            new MutationObserver(() => {
              const bar = document.querySelector('.peek [role=progressbar]');
              if (bar) window.seen.add(bar.getAttribute('aria-valuenow'));
            }).observe(document.body, { childList: true, subtree: true, attributes: true });
            document.querySelector('[data-act=queue]').click();
            """)
        try browser.wait(for: "document.querySelector('[data-k=job-state]')?.textContent.trim() == 'Done'")
        #expect(
            try browser.evaluate("document.querySelector('[aria-label=Result]').textContent.includes('0.6')") == true)
        #expect((try browser.evaluate("window.seen.size").int ?? 0) > 1, "its progress was shown as it came")

        // On a phone a job is told from another of its kind, and forms offer what is known.
        try browser.evaluate("location.hash = '/jobs'")
        try browser.wait(for: "document.querySelector('.jobs .sub')?.textContent.includes('0.6')")
        try browser.evaluate("location.hash = '/plugins?of=arena.job_kind%2F1&kind=eval_rerun%2Feval_rerun'")
        try browser.wait(for: "document.querySelector('datalist[id$=\"-lane_id-l\"] option[value=replay]')")
        for field in ["scorer", "rubric_id"] {
            let count = "document.querySelector('datalist[id$=\"-\(field)-l\"]').options.length"
            #expect((try browser.evaluate(count).int ?? 0) > 1, "\(field) has offers")
        }
        #expect(browser.complaints.isEmpty, "\(browser.complaints.joined(separator: "\n"))")
    }
}
