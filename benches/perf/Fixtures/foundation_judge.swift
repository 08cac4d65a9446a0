import Foundation

/// Judges with something that Foundation alone has, so that it is really loaded and used.
@c(perf_judge)
public func judge(_ output: UnsafePointer<CChar>?, _ length: UInt64) -> Double {
    guard let output else { return 0 }
    let data = Data(bytes: output, count: Int(length))
    let text = String(data: data, encoding: .utf8) ?? ""
    return text.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty ? 0 : 1
}
