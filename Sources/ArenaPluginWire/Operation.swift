/// What a call asks of the plugin in the child. Numbers are never used again.
///
/// Reserved for the interface that follows: aggregate from 70.
package enum Operation: UInt8, CaseIterable, Sendable {
    case probe = 1
    case scorerCreate = 10
    case scorerDestroy = 11
    case scorerScore = 12
    case jobValidate = 20
    case jobEstimate = 21
    case jobRun = 22
    case engineCreate = 30
    case engineDestroy = 31
    case engineStart = 32
    case engineStop = 33
    case engineHealth = 34
    case engineModels = 35
    case engineChat = 36
    case engineEmbed = 37
    case engineRerank = 38
    case exporterRun = 60
    case codecCreate = 50
    case codecDestroy = 51
    case codecEncode = 52
    case codecDecoderCreate = 53
    case codecDecoderDestroy = 54
    case codecFeed = 55
    case rubricLoad = 40
    case rubricDestroy = 41
    case rubricDescribe = 42
    case rubricPlan = 43
    case rubricCombine = 44
    case rubricCheck = 45
    /// From 80: what only `arena plugin check` asks for.
    case conformance = 80
}

/// A function of a service, as a plugin asks the host for it: the service's number in the high byte, the function's in
/// the low one. Numbers are never used again.
package enum ServiceMethod: UInt16, CaseIterable, Sendable {
    case jobPut = 0x0101
    case jobCommit = 0x0102
    case lanesSubmit = 0x0201
    case lanesNext = 0x0202
    case lanesAbort = 0x0203
    case scoringSubmit = 0x0301
    case scoringNext = 0x0302
    case scoringAbort = 0x0303
    case viewsPage = 0x0401
    case artifactsCreate = 0x0501
    case artifactsWrite = 0x0502
    case artifactsFinish = 0x0503
    case artifactsDiscard = 0x0504
    case kvGet = 0x0601
    case kvPut = 0x0602
    case kvRemove = 0x0603
    case kvKeys = 0x0604
    case clockUnixMilliseconds = 0x0701
    case exportTables = 0x0901
    case exportOpen = 0x0902
    case exportNext = 0x0903
    case exportCreate = 0x0904
    case exportFinish = 0x0905
    case httpSubmit = 0x0801
    case httpNext = 0x0802
    case httpAbort = 0x0803

    package init?(service: UInt8, method: UInt8) {
        self.init(rawValue: UInt16(service) << 8 | UInt16(method))
    }

    package var service: UInt8 { UInt8(rawValue >> 8) }
    package var method: UInt8 { UInt8(rawValue & 0xFF) }

    /// The id of the service that has this function, such as `arena.lanes/1`.
    package var serviceID: String {
        switch service {
        case 1: "arena.job/1"
        case 2: "arena.lanes/1"
        case 3: "arena.scoring/1"
        case 4: "arena.views/1"
        case 5: "arena.artifacts/1"
        case 6: "arena.kv/1"
        case 9: "arena.exporter/1"
        case 8: "arena.http/1"
        default: "arena.clock/1"
        }
    }
}
