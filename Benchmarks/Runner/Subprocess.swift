import Foundation

/// Runs a program to its end.
enum Subprocess {
    struct Result {
        let output: String
        /// Wall time of the whole process.
        let seconds: Double
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static func run(_ program: String, _ arguments: [String]) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        let start = ContinuousClock.now
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let elapsed = start.duration(to: .now)
        guard process.terminationStatus == 0 else {
            let command = ([program] + arguments).joined(separator: " ")
            throw Failure(description: "'\(command)' ended with \(process.terminationStatus): \(output.suffix(500))")
        }
        return Result(output: output, seconds: elapsed / .seconds(1))
    }

    /// The JSON object that a program printed last.
    static func json(in output: String) throws -> [String: Any] {
        guard let start = output.firstIndex(of: "{"),
            let object = try JSONSerialization.jsonObject(with: Data(output[start...].utf8)) as? [String: Any]
        else { throw Failure(description: "no JSON object in: \(output.suffix(500))") }
        return object
    }

    static func figures(in output: String) throws -> [String: Double] {
        try json(in: output).compactMapValues { ($0 as? NSNumber)?.doubleValue }
    }
}
