/// A call from the host into the plugin of a child, with its arguments.
///
/// `instance` is a number that the host chooses for an object at its creation. Texts named `config`, `payload` and
/// `request` are JSON. Score batches are the bytes of `ScoreBatch`.
package enum CallRequest: Hashable, Sendable {
    /// `expectation`: `{"provides": [{"interface", "id"}]}`. Payload of the result: the report, as JSON.
    case probe(expectation: String)
    case scorerCreate(instance: UInt64, kind: String, config: String)
    case scorerDestroy(instance: UInt64)
    /// Payload: the bytes of `ScoreResults`.
    case scorerScore(instance: UInt64, batch: [UInt8])
    /// Payload: a JSON array of issues.
    case jobValidate(kind: String, payload: String)
    /// Payload: the plan, as JSON; empty when the kind makes none.
    case jobEstimate(kind: String, payload: String)
    /// Payload: the job's result, as JSON.
    case jobRun(JobStart)
    case engineCreate(instance: UInt64, kind: String, config: String)
    case engineDestroy(instance: UInt64)
    case engineStart(instance: UInt64)
    case engineStop(instance: UInt64)
    /// Payload: JSON.
    case engineHealth(instance: UInt64)
    /// Payload: JSON.
    case engineModels(instance: UInt64)
    /// Each `data` frame is a ``ChatDelta``; payload: a ``ChatEnd``.
    case engineChat(instance: UInt64, request: String)
    /// Payload: an ``EmbeddingRows``.
    case engineEmbed(instance: UInt64, model: String, texts: [String])
    /// Payload: little-endian f64, one a document.
    case engineRerank(instance: UInt64, model: String, query: String, documents: [String])
    /// `document`: empty for a rubric that is compiled in.
    case rubricLoad(instance: UInt64, kind: String, document: [UInt8])
    case rubricDestroy(instance: UInt64)
    /// Payload: JSON.
    case rubricDescribe(instance: UInt64)
    /// Payload: a ``TextList``, for each item its steps as JSON.
    case rubricPlan(instance: UInt64, batch: [UInt8])
    /// `results`: for each item the results of its steps as JSON. Payload: a ``TextList``, for each item its score as
    /// JSON.
    case rubricCombine(instance: UInt64, batch: [UInt8], results: [String])
    /// Payload: a JSON array of faults.
    case rubricCheck(kind: String, document: [UInt8])

    /// `params`: JSON. What the exporter reads and creates are ``ServiceRequest``s of `arena.exporter/1`; each `data`
    /// frame is an ``ExportPiece``. Payload: nothing.
    case exporterRun(kind: String, params: String)

    case codecCreate(instance: UInt64, kind: String, config: String)
    case codecDestroy(instance: UInt64)
    /// `operation`: as in `arena/lane_codec.h`. Payload: the HTTP request, as JSON.
    case codecEncode(instance: UInt64, operation: UInt32, request: String)
    /// `decoder`: a number for a new instance.
    case codecDecoderCreate(codec: UInt64, decoder: UInt64, operation: UInt32, request: String)
    case codecDecoderDestroy(decoder: UInt64)
    /// Payload: a list of ``CodecEvent``.
    case codecFeed(CodecPiece)

    /// Puts the plugin to a test, on the main thread, and ends with `shutdown` as a probe does. `arguments` is a JSON
    /// object. Payload: `{"faults": [{"rule", "message"}], "skip"}`, as JSON.
    case conformance(test: String, arguments: String)

    /// What a job attempt starts from.
    package struct JobStart: Hashable, Sendable {
        package var kind: String
        package var jobID: String
        /// From 1.
        package var attempt: UInt32
        package var payload: String
        /// Of the last sealed commit; empty: start at the beginning.
        package var checkpoint: [UInt8]
        /// The number of commits sealed so far.
        package var sequence: UInt64

        package init(
            kind: String, jobID: String, attempt: UInt32, payload: String, checkpoint: [UInt8] = [],
            sequence: UInt64 = 0
        ) {
            self.kind = kind
            self.jobID = jobID
            self.attempt = attempt
            self.payload = payload
            self.checkpoint = checkpoint
            self.sequence = sequence
        }
    }

    package var operation: Operation {
        switch self {
        case .probe: .probe
        case .scorerCreate: .scorerCreate
        case .scorerDestroy: .scorerDestroy
        case .scorerScore: .scorerScore
        case .jobValidate: .jobValidate
        case .jobEstimate: .jobEstimate
        case .jobRun: .jobRun
        case .engineCreate: .engineCreate
        case .engineDestroy: .engineDestroy
        case .engineStart: .engineStart
        case .engineStop: .engineStop
        case .engineHealth: .engineHealth
        case .engineModels: .engineModels
        case .engineChat: .engineChat
        case .engineEmbed: .engineEmbed
        case .engineRerank: .engineRerank
        case .exporterRun: .exporterRun
        case .codecCreate: .codecCreate
        case .codecDestroy: .codecDestroy
        case .codecEncode: .codecEncode
        case .codecDecoderCreate: .codecDecoderCreate
        case .codecDecoderDestroy: .codecDecoderDestroy
        case .codecFeed: .codecFeed
        case .rubricLoad: .rubricLoad
        case .rubricDestroy: .rubricDestroy
        case .rubricDescribe: .rubricDescribe
        case .rubricPlan: .rubricPlan
        case .rubricCombine: .rubricCombine
        case .rubricCheck: .rubricCheck
        case .conformance: .conformance
        }
    }
}
