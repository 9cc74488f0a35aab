import DualPipe
import ExerciseKit
import Exercises07
import Solutions07
import TestSupport
import Testing

@Suite struct `Exercise 7.5` {
  static let exercise = Exercise<@Sendable (PipelineSchedule) throws -> Bool>(
    "7.5", yours: Exercises07.isDualPipe, solution: Solutions07.isDualPipe,
    mutants: [
      "believes the name": Mutants7_5.believesTheName,
      "forgets pairs": Mutants7_5.forgetsPairs,
      "forgets halves": Mutants7_5.forgetsHalves,
      "forgets passes": Mutants7_5.forgetsPasses,
      "looks at the first rank": Mutants7_5.looksAtTheFirst,
      "forgets the middle": Mutants7_5.forgetsTheMiddle,
    ]
  ) { answer in
    for (ranks, microBatches) in [(2, 4), (4, 8), (8, 20)] {
      let real = try PipelineSchedule.named(
        "dualpipe", ranks: ranks, microBatches: microBatches)
      try demand(
        try answer(real),
        "This is the real one. How many pairs have the two ranks in the middle?")
      let rank = ranks / 2
      try demand(
        try !answer(changed(real, rank, apart)), "Rank \(rank) of this one overlaps nothing.")
      try demand(
        try !answer(changed(real, rank, whole)),
        "Rank \(rank) of this one goes back in one piece, always.")
      try demand(
        try !answer(changed(real, rank) { $0.filter { $0 != real.plan[rank][0] } }),
        "Rank \(rank) of this one leaves a chunk out.")
    }
  }

  private static func changed(
    _ schedule: PipelineSchedule, _ rank: Int,
    _ change: ([DualPipe.Operation]) -> [DualPipe.Operation]
  ) -> PipelineSchedule {
    var plan = schedule.plan
    plan[rank] = change(plan[rank])
    return PipelineSchedule(name: schedule.name, placement: schedule.placement, plan: plan)
  }

  /// Takes pairs apart.
  private static func apart(_ plan: [DualPipe.Operation]) -> [DualPipe.Operation] {
    plan.flatMap { operation -> [DualPipe.Operation] in
      guard case .pair(let forward, let backward) = operation else { return [operation] }
      return [.forward(forward), .backward(backward)]
    }
  }

  /// Joins halves.
  private static func whole(_ plan: [DualPipe.Operation]) -> [DualPipe.Operation] {
    plan.compactMap {
      switch $0 {
      case .inputs(let chunk): .backward(chunk)
      case .weights: nil
      default: $0
      }
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
