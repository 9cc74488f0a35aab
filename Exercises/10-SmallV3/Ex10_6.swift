import ExerciseKit

/// A small disk, on which a process may be killed at any call.
///
/// - `write` makes a file or replaces it. Until it is synced, a crash may leave any beginning of it.
/// - `sync` returns when the file is safe, under this name and under any later one.
/// - `rename` and `remove` happen whole or not at all, and in their order. A new name that is taken is
///   taken over.
/// - `read` and `names` tell what is there.
public typealias Disk10 = (
  write: (_ name: String, _ bytes: [UInt8]) throws -> Void,
  sync: (_ name: String) throws -> Void,
  rename: (_ name: String, _ newName: String) throws -> Void,
  remove: (_ name: String) throws -> Void,
  read: (_ name: String) -> [UInt8]?, names: () -> [String]
)

/// Exercise 10.6 ●●● Kill it anywhere (45 minutes).
///
/// A checkpoint is several files: weights, the optimizer's state, the place in the text. Together they
/// are a run; weights of one step with the state of another are none.
///
/// `save`: put a set of files on the disk, in place of the set before, which may have had other files. A
/// call of the disk may throw, which is a kill: let the error through. Whenever it comes, `load` must
/// afterwards return the old set or the new one, whole, and another `save` must work. When `save` has
/// returned, `load` returns the new set, and there are at most as many files on the disk as the set
/// has, and one.
///
/// `load`: return the set, or nil if none was ever saved. It only reads.
///
/// The names of files are letters; you may use others with any characters.
///
/// Change only the bodies; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 10.6"`
public func save(_ files: [String: [UInt8]], on disk: Disk10) throws {
  throw Unfinished("10.6")  // TODO: replace this line
}

/// The second function of exercise 10.6.
public func load(from disk: Disk10) throws -> [String: [UInt8]]? {
  throw Unfinished("10.6")  // TODO: replace this line
}
