import ExerciseKit
import Exercises10
import Solutions10
import TestSupport
import Testing

@Suite struct `Exercise 10.6` {
  typealias Files = [String: [UInt8]]

  static let exercise = Exercise<Mutants10_6.Answer>(
    "10.6", yours: ({ try Exercises10.save($0, on: $1) }, { try Exercises10.load(from: $0) }),
    solution: ({ try Solutions10.save($0, on: $1) }, { try Solutions10.load(from: $0) }),
    mutants: [
      "writes in place": Mutants10_6.writesInPlace,
      "renames each": Mutants10_6.renamesEach,
      "trusts the newest": Mutants10_6.trustsTheNewest,
      "points first": Mutants10_6.pointsFirst,
      "forgets to sync": Mutants10_6.forgetsToSync,
      "renames too soon": Mutants10_6.renamesTooSoon,
      "writes the pointer": Mutants10_6.writesThePointer,
      "removes first": Mutants10_6.removesFirst,
      "leaves litter": Mutants10_6.leavesLitter,
      "reuses numbers": Mutants10_6.reusesNumbers,
    ]
  ) { answer in
    let first: Files = ["weights": [1, 1, 1, 1], "optimizer": [2, 2, 2], "place": [10]]
    let second: Files = ["weights": [3, 3, 3, 3], "optimizer": [4, 4, 4], "config": [5, 5]]
    let third: Files = ["weights": [6, 6, 6, 6], "place": [12]]
    let disk = CrashingDisk()
    try demand(
      try answer.load(disk.disk(readsOnly: true)) == nil, "Nothing was ever saved.")
    for files in [first, second, third] {
      try answer.save(files, disk.disk())
      try demand(
        try answer.load(disk.disk(readsOnly: true)) == files,
        "A set was saved and nobody was killed. What is loaded, and what of the old files?")
      try demand(
        disk.names.count <= files.count + 1,
        "\(disk.names): which of these files does nobody need?")
    }

    // The first save of all may be killed too.
    try demandKilled(answer, CrashingDisk(), nil, first) { _, _, _ in }
    let begun = CrashingDisk()
    try answer.save(first, begun.disk())
    begun.restart(.nothing)
    try demand(
      try answer.load(begun.disk(readsOnly: true)) == first,
      "The power failed after a save that had returned. Was everything synced?")
    // Killed, and killed again.
    try demandKilled(answer, begun, first, second) { disk, found, _ in
      try demandKilled(answer, disk, found, third) { disk, _, place in
        try answer.save(second, disk.disk())
        try demand(
          try answer.load(disk.disk(readsOnly: true)) == second,
          "A save went through after two kills \(place). What is loaded?")
        try demand(
          disk.names.count <= second.count + 1,
          "\(disk.names): who removes what two killed saves have left?")
      }
    }
  }

  /// Saves `new` over `old` on copies of a disk and kills at every call, in every way.
  private static func demandKilled(
    _ answer: Mutants10_6.Answer, _ disk: CrashingDisk, _ old: Files?, _ new: Files,
    then: (_ disk: CrashingDisk, _ found: Files?, _ place: String) throws -> Void
  ) throws {
    let whole = disk.copy()
    try answer.save(new, whole.disk())
    try demand(whole.calls < 100, "\(whole.calls) calls are many for \(new.count) files.")
    for calls in 0..<whole.calls {
      for tear in CrashingDisk.Tear.allCases {
        let copy = disk.copy()
        copy.die(after: calls)
        do { try answer.save(new, copy.disk()) } catch is Killed {}
        copy.restart(tear)
        let found = try answer.load(copy.disk(readsOnly: true))
        let place =
          "after \(calls) of \(whole.calls) calls, with \(tear) of what was not synced"
        try demand(
          found == old || found == new,
          "Killed \(place): \(found?.keys.sorted() ?? []) was loaded. Of which set is each file?"
        )
        try then(copy, found, place)
      }
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
