package import Foundation
import PrintableText
import Synchronization

/// Where the console's lines go, and what that place can show.
public struct Terminal: Sendable {
    /// Lines can be redrawn: a person is watching.
    package let isInteractive: Bool
    let usesColor: Bool
    package let output: FileHandle

    /// Standard output. Colours only on a terminal, and never when `NO_COLOR` is set (https://no-color.org) or `TERM` is `dumb`.
    public static func standardOutput() -> Terminal {
        let environment = ProcessInfo.processInfo.environment
        let isInteractive = isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
        let refusesColor = !(environment["NO_COLOR"] ?? "").isEmpty
        return Terminal(isInteractive: isInteractive, usesColor: isInteractive && !refusesColor, output: .standardOutput)
    }

    /// Where lines go that tell a person what the program does, such as those of downloads.
    ///
    /// Standard output, unless `useForText` has said otherwise.
    package static func forText() -> Terminal {
        switch textPlace.withLock({ $0 }) {
        case .standardOutput: standardOutput()
        case .standardError: Terminal(isInteractive: false, usesColor: false, output: .standardError)
        case .nowhere: Terminal(isInteractive: false, usesColor: false, output: .nullDevice)
        }
    }

    package enum TextPlace: Sendable { case standardOutput, standardError, nowhere }

    /// Chooses where such lines go, for the whole program, before there are any.
    package static func useForText(_ place: TextPlace) { textPlace.withLock { $0 = place } }

    private static let textPlace = Mutex(TextPlace.standardOutput)

    init(isInteractive: Bool, usesColor: Bool, output: FileHandle) {
        self.isInteractive = isInteractive
        self.usesColor = usesColor
        self.output = output
    }

    package func print(_ line: String = "") {
        write(line + "\n")
    }

    /// Draws `line` over the line that the cursor is in; what does not fit into the window is cut off, not wrapped.
    package func redraw(_ line: String) {
        write("\r" + line.prefix(columns - 1) + "\u{1B}[K")
    }

    func bold(_ text: String) -> String {
        usesColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text
    }

    private func write(_ text: String) {
        // A console that is gone must not end a training.
        try? output.write(contentsOf: Data(text.utf8))
    }

    private var columns: Int {
        var size = winsize()
        guard ioctl(output.fileDescriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 160 }
        return Int(size.ws_col)
    }
}

/// Lines for whoever looks for what went wrong.
public enum StandardError {
    /// A standard error that is closed or full is no reason to fail.
    public static func print(_ line: String) {
        try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
    }
}

/// Something that a user should know and that stops nothing; goes to standard error.
public enum Warning {
    /// - Parameter text: One line; it may quote a file that somebody else wrote.
    public static func print(_ text: String) { StandardError.print("warning: \(text.printable(longest: 4000))") }

    /// The same, unless the program has said it before in this way.
    package static func printOnce(_ text: String) {
        if said.withLock({ $0.insert(text).inserted }) { print(text) }
    }

    private static let said = Mutex<Set<String>>([])
}
