import Foundation

/// Where files lie that can be made again: `$XDG_CACHE_HOME/yolov5-swift`, or `~/.cache/yolov5-swift`.
package enum CacheFolder {
    package static var user: String {
        let environment = ProcessInfo.processInfo.environment
        // The specification of the folders says that a relative path is to be ignored.
        if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") { return folder + "/yolov5-swift" }
        return NSHomeDirectory() + "/.cache/yolov5-swift"
    }

    static var labels: String { user + "/labels" }

    /// Whether something may be put into a folder. One that nobody may write to counts as read-only for the superuser too.
    package static func mayWrite(to folder: String) -> Bool {
        var status = stat()
        return stat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            && status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH) != 0 && access(folder, W_OK) == 0
    }
}
