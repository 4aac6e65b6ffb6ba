import Foundation

/// The number with that many digits behind the point.
func decimals(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

/// The number with that many digits that count.
func significant(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)g", value) }
