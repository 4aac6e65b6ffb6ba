import Foundation

/// A number of bytes for a reader, in units of 1000: "1.2 GB", "35 MB", "4 KB".
package func readable(_ byteCount: Int) -> String {
    let count = Double(byteCount)
    if count >= 1e9 { return String(format: "%.1f GB", count / 1e9) }
    return count >= 1e6 ? String(format: "%.0f MB", count / 1e6) : String(format: "%.0f KB", count / 1e3)
}

/// A number with commas between thousands.
func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    return String(digits.enumerated().flatMap { place, digit in
        place > 0 && (digits.count - place) % 3 == 0 ? [",", digit] : [digit]
    })
}
