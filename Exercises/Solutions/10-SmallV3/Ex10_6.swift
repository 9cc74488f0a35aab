/// The disk of exercise 10.6.
public typealias Disk10 = (
  write: (_ name: String, _ bytes: [UInt8]) throws -> Void,
  sync: (_ name: String) throws -> Void,
  rename: (_ name: String, _ newName: String) throws -> Void,
  remove: (_ name: String) throws -> Void,
  read: (_ name: String) -> [UInt8]?, names: () -> [String]
)

/// The answer to exercise 10.6.
///
/// Why this way: of all calls only a rename replaces something in one stroke, so there must be one
/// rename that is the save. Before it, everything new lies on the disk under names that nobody reads, and is
/// synced. Behind it, only litter is removed. What it replaces is a small file with the number of the
/// set that counts. A number is never used again, or the litter of an earlier kill would become a part
/// of the next set.
public func save(_ files: [String: [UInt8]], on disk: Disk10) throws {
  try Saver().save(files, on: disk)
}

/// The second function of exercise 10.6.
public func load(from disk: Disk10) throws -> [String: [UInt8]]? {
  guard let number = current(disk) else { return nil }
  return files(of: number, disk)
}

private let pointer = "current"

/// The set that counts.
private func current(_ disk: Disk10) -> Int? {
  disk.read(pointer).flatMap { Int(String(decoding: $0, as: UTF8.self)) }
}

private func number(of name: String) -> Int? {
  name.split(separator: ".").first.flatMap { Int($0) }
}

private func files(of set: Int, _ disk: Disk10) -> [String: [UInt8]] {
  var files: [String: [UInt8]] = [:]
  for name in disk.names() where number(of: name) == set {
    files[String(name.drop { $0 != "." }.dropFirst())] = disk.read(name)
  }
  return files
}

private struct Saver {
  var syncsFiles = true
  var syncsPointer = true
  var pointsFirst = false
  var writesThePointer = false
  var removesFirst = false
  var removes = true
  var reusesNumbers = false

  func save(_ files: [String: [UInt8]], on disk: Disk10) throws {
    let old = current(disk)
    let last = disk.names().compactMap(number).max() ?? 0
    let set = reusesNumbers ? 1 - (old ?? 1) : max(last, old ?? 0) + 1
    if pointsFirst { try point(to: set, on: disk) }
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      try disk.write("\(set).\(name)", bytes)
      if syncsFiles { try disk.sync("\(set).\(name)") }
    }
    if removesFirst { try clean(disk, but: set) }
    if !pointsFirst { try point(to: set, on: disk) }
    if removes { try clean(disk, but: set) }
  }

  private func point(to set: Int, on disk: Disk10) throws {
    let name = writesThePointer ? pointer : "next"
    try disk.write(name, Array("\(set)".utf8))
    if syncsPointer { try disk.sync(name) }
    if !writesThePointer { try disk.rename(name, pointer) }
  }

  private func clean(_ disk: Disk10, but set: Int) throws {
    for name in disk.names().sorted() where name != pointer && number(of: name) != set {
      try disk.remove(name)
    }
  }
}

/// Wrong answers to exercise 10.6.
public enum Mutants10_6 {
  /// The first function.
  public typealias Save = @Sendable (_ files: [String: [UInt8]], _ disk: Disk10) throws -> Void
  /// The second function.
  public typealias Load = @Sendable (_ disk: Disk10) throws -> [String: [UInt8]]?
  /// What the exercise asks for.
  public typealias Answer = (save: Save, load: Load)

  private static func numbered(_ saver: Saver) -> Answer {
    ({ try saver.save($0, on: $1) }, { try load(from: $0) })
  }

  private static let all: Load = { disk in
    let names = disk.names().filter { !$0.contains(".") }
    return names.isEmpty
      ? nil : Dictionary(uniqueKeysWithValues: names.map { ($0, disk.read($0) ?? []) })
  }

  /// Overwrites the files of the old set.
  public static var writesInPlace: Answer {
    (
      { files, disk in
        for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
          try disk.write(name, bytes)
          try disk.sync(name)
        }
        for name in disk.names().sorted() where files[name] == nil { try disk.remove(name) }
      }, all
    )
  }

  /// Renames each file when it is whole: no file is ever torn, and the set is.
  public static var renamesEach: Answer {
    (
      { files, disk in
        for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
          try disk.write(name + ".new", bytes)
          try disk.sync(name + ".new")
          try disk.rename(name + ".new", name)
        }
        for name in disk.names().sorted() where files[name] == nil { try disk.remove(name) }
      }, all
    )
  }

  /// Takes the set with the highest number.
  public static var trustsTheNewest: Answer {
    (
      { try Saver().save($0, on: $1) },
      { disk in disk.names().compactMap(number).max().map { files(of: $0, disk) } }
    )
  }

  /// Says where the new set is before it is there.
  public static var pointsFirst: Answer { numbered(Saver(pointsFirst: true)) }
  /// Leaves the files to the cache.
  public static var forgetsToSync: Answer { numbered(Saver(syncsFiles: false)) }
  /// Leaves the number of the set to the cache.
  public static var renamesTooSoon: Answer { numbered(Saver(syncsPointer: false)) }
  /// Overwrites the number of the set.
  public static var writesThePointer: Answer { numbered(Saver(writesThePointer: true)) }
  /// Makes room first.
  public static var removesFirst: Answer { numbered(Saver(removesFirst: true)) }
  /// Keeps everything.
  public static var leavesLitter: Answer { numbered(Saver(removes: false)) }
  /// Has two places and uses them in turn.
  public static var reusesNumbers: Answer { numbered(Saver(reusesNumbers: true)) }
}
