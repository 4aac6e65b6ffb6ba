import Glibc

/// Whether something has this name: a file, a folder, or a link, also one that leads nowhere.
func isTaken(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
}

/// Gives a file another name on the same disk, unless something has that name.
/// - Returns: 0, or the error number, `EEXIST` for a name that is taken.
func renameToFreeName(_ path: String, _ name: String) -> Int32 {
    // rename(2) replaces what is there; link(2) does not.
    if link(path, name) == 0 {
        unlink(path)
        return 0
    }
    // Some file systems, those of memory cards for example, know no second names.
    guard [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(errno) else { return errno }
    if isTaken(name) { return EEXIST }
    return rename(path, name) == 0 ? 0 : errno
}
