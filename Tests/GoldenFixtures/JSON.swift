import Foundation

/// Reads a JSON document by path: `document["cases"]["default"]["total"].double`.
///
/// A missing key traps with its name: a golden file that lacks a number is a broken test, not a failed one.
public struct JSON {
    private let value: Any?

    init(_ value: Any?) { self.value = value }

    public subscript(key: String) -> JSON { JSON((value as? [String: Any])?[key]) }
    public subscript(index: Int) -> JSON { JSON((value as? [Any])?[index]) }

    public var exists: Bool { value != nil && !(value is NSNull) }
    public var keys: [String] { ((value as? [String: Any]) ?? [:]).keys.sorted() }
    public var array: [JSON] { (value as? [Any] ?? []).map(JSON.init) }

    public var double: Double { number.doubleValue }
    public var float: Float { number.floatValue }
    public var int: Int { number.intValue }
    public var bool: Bool { number.boolValue }
    public var doubles: [Double] { array.map(\.double) }
    public var floats: [Float] { array.map(\.float) }
    public var ints: [Int] { array.map(\.int) }
    public var strings: [String] { array.map(\.string) }
    public var string: String {
        guard let string = value as? String else { preconditionFailure("no string here: \(String(describing: value))") }
        return string
    }

    private var number: NSNumber {
        guard let number = value as? NSNumber else { preconditionFailure("no number here: \(String(describing: value))") }
        return number
    }
}
