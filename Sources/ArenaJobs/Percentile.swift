/// Percentiles of a sample, by linear interpolation between its order statistics (type 7, as R and NumPy have it).
package enum Percentile {
    /// - Parameters:
    ///   - share: 0 to 1; 0.5 is the median.
    ///   - sorted: Rising.
    /// - Returns: `nil` without any value.
    package static func value(_ share: Double, of sorted: [Double]) -> Double? {
        guard let last = sorted.indices.last else { return nil }
        let place = min(max(share, 0), 1) * Double(last)
        let below = Int(place)
        let above = min(below + 1, last)
        return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }
}
