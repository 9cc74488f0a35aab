import Solutions10

/// The error that ends a process.
struct Killed: Error {}

/// A disk that is as good as its last sync, and dies after some calls.
final class CrashingDisk {
  /// What a crash leaves of files that were not synced.
  enum Tear: CaseIterable {
    case nothing, half, all, some
  }

  private struct File {
    var bytes: [UInt8]
    var isSafe = false
  }

  private var files: [String: File] = [:]
  /// The calls that are left before the kill.
  private var left = Int.max
  /// The calls so far that change something.
  private(set) var calls = 0

  var names: [String] { files.keys.sorted() }

  /// The disk as an answer sees it; only reading is allowed to `load`.
  func disk(readsOnly: Bool = false) -> Disk10 {
    func counted(_ change: () throws -> Void) throws {
      if readsOnly { throw Killed() }
      guard left > 0 else { throw Killed() }
      left -= 1
      calls += 1
      try change()
    }
    return (
      write: { [self] name, bytes in
        try counted { files[name] = File(bytes: bytes) }
      },
      sync: { [self] name in try counted { files[name]?.isSafe = true } },
      rename: { [self] name, newName in
        try counted {
          guard let file = files.removeValue(forKey: name) else { throw Killed() }
          files[newName] = file
        }
      },
      remove: { [self] name in try counted { files[name] = nil } },
      read: { [self] name in files[name]?.bytes }, names: { [self] in names }
    )
  }

  /// Kills the process after so many further calls.
  func die(after calls: Int) { left = calls }

  /// Comes back after a crash, with what is left.
  func restart(_ tear: Tear) {
    left = .max
    for (place, name) in names.enumerated() where files[name]?.isSafe == false {
      let bytes = files[name]?.bytes ?? []
      let kept =
        switch tear {
        case .nothing: 0
        case .half: bytes.count / 2
        case .all: bytes.count
        case .some: place % 2 == 0 ? bytes.count : 0
        }
      files[name] = File(bytes: Array(bytes.prefix(kept)), isSafe: true)
    }
  }

  /// Another disk with the same content.
  func copy() -> CrashingDisk {
    let other = CrashingDisk()
    other.files = files
    return other
  }
}
