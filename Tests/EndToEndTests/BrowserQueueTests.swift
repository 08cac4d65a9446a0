import ArenaCockpit
import ArenaJSON
import ArenaJobs
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Foundation
import Testing

/// The page's Jobs pane in a real browser, where there is one.
@Suite(.startsProcesses, .serialized, .enabled(if: Chromium.path != nil), .timeLimit(.minutes(1)))
struct BrowserQueueTests {
    @Test func theQueueIsPausedResumedCancelledRetriedAndScheduledFromThePage() async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            let dispatcher = house.runtime.makeDispatcher()
            let dispatching = Task { try await dispatcher.run() }
            let profile = house.home + "/browser"
            try await HouseServer.run(on: house.runtime) { server in
                let link = server.address.oneTimeLink
                try await RawConnection.onThread {
                    let browser = try Chromium(folder: profile, within: .seconds(40))
                    defer { browser.close() }
                    try browser.open(link)
                    try browser.wait(for: "document.querySelector('.live')?.dataset.s == 'live'")
                    try Self.pauseAndResume(browser)
                    try Self.cancelAndRetry(browser)
                    try Self.schedule(browser)
                    #expect(browser.complaints.isEmpty, "\(browser.complaints.joined(separator: "\n"))")
                }
            }
            dispatcher.stop()
            try await dispatching.value
        }
    }

    private static func pauseAndResume(_ browser: Chromium) throws {
        try browser.evaluate("location.hash = '/jobs?jk=sleep%2Fsleep'")
        try press(browser, "#main [data-act=pauseKind]")
        try browser.wait(for: "document.querySelector('#cf-f')")
        try browser.evaluate("document.querySelector('#cf-f').value = 'too warm'")
        try press(browser, "dialog [value=y]")
        try browser.wait(for: "document.querySelector('.looks')?.textContent.includes('too warm')")
        try browser.evaluate(
            """
            fetch('../api/jobs', {
              method: 'POST', headers: { 'Content-Type': 'application/json' },
              body: JSON.stringify({ kind: 'sleep', payload: { seconds: 60, steps: 600 } }),
            })
            """)
        try browser.wait(for: "document.querySelector('#main .jobs')?.textContent.includes('Kind paused')")
        try press(browser, ".looks [data-act=resumeKind]")
        try browser.wait(for: "/\\d s left/.test(document.querySelector('#main .jobs').textContent)")
        #expect(try browser.evaluate("document.querySelector('.looks') == null") == true)
    }

    private static func cancelAndRetry(_ browser: Chromium) throws {
        try press(browser, "#main tr[data-row] a")
        try press(browser, "#peek [data-act=cancel]")
        try press(browser, "dialog [value=y]")
        try browser.wait(for: "document.querySelector('[data-k=job-state]')?.textContent.trim() == 'Cancelled'")
        try browser.wait(for: "document.querySelector('[data-k=attempts]')?.textContent.includes('1: cancelled')")
        #expect(
            try browser.evaluate("document.querySelector('[data-k=trail] li').textContent.includes('Asked for')")
                == true)

        try browser.evaluate("location.hash = '/jobs?status=skipped'")
        try press(browser, "#main [data-act=retryAll]")
        try press(browser, "dialog [value=y]")
        try browser.wait(for: "document.querySelector('ar-toasts').textContent.includes('1 job queued again')")
        try browser.wait(for: "document.querySelector('#main').textContent.includes('Nothing was skipped')")
    }

    private static func schedule(_ browser: Chromium) throws {
        try browser.evaluate("location.hash = '/plugins?of=arena.job_kind%2F1&kind=sleep%2Fsleep'")
        try browser.wait(for: "document.querySelector('#sc-every')")
        try browser.evaluate(
            """
            document.querySelector('ar-schema-form input').value = '1';
            document.querySelector('.again').open = true;
            document.querySelector('#sc-id').value = 'nap';
            """)
        try press(browser, "[data-act=addSchedule]")
        try browser.wait(for: "document.querySelector('.refusal').textContent.includes('either times or an interval')")
        try browser.evaluate("document.querySelector('#sc-every').value = '90'")
        try press(browser, "[data-act=addSchedule]")
        try browser.wait(for: "document.querySelector('ar-toasts').textContent.includes('Schedule nap is added')")
        try browser.evaluate("location.hash = '/jobs?view=schedules'")
        try browser.wait(for: "document.querySelector('.plans')?.textContent.includes('every 90 min')")
        try press(browser, "[data-act=removeSchedule]")
        try press(browser, "dialog [value=y]")
        try browser.wait(for: "document.querySelector('#main').textContent.includes('No schedules yet')")
    }

    /// Waits for a button and presses it.
    private static func press(_ browser: Chromium, _ selector: String) throws {
        let button = "document.querySelector('\(selector)')"
        try browser.wait(for: button)
        try browser.evaluate("\(button).click()")
    }
}
