import CommandLine
import DualPipe
import Figures

extension DualPipeDemo {
  /// Rows that are reduced travel in sixteen bits, those that are scattered in eight.
  private static let pairCosts = PairCosts(dispatchBackward: 2, combineForward: 2)

  /// Puts the work of a pair on two lanes, and draws it below the same work without overlap.
  mutating func fillLanes() throws {
    Console.print("A layer of a pair on two lanes; a product takes 1, rows in 16 bits take 2")
    let model = PairModel(Self.pairCosts)
    let (compute, network) = (model.busy(.compute), model.busy(.communication))
    report(
      "one at a time",
      "products \(Self.short(compute)) and rows \(Self.short(network)): "
        + "\(Self.short(model.sequential)) long")
    report(
      "on two lanes",
      "\(Self.short(model.time)) long, \(Self.digits(model.ratio, 2)) of that; in DeepSeek's "
        + "profile \(Self.digits(PairTrace.ratio, 2))")
    note("lanes.compute", compute)
    note("lanes.network", network)
    note("lanes.time", model.time)
    note("lanes.sequential", model.sequential)
    note("lanes.ratio", model.ratio)
    note("lanes.trace-pair", PairTrace.pair)
    note("lanes.trace-compute", PairTrace.compute)
    note("lanes.trace-network", PairTrace.communication)
    note("lanes.trace-ratio", PairTrace.ratio)
    note("lanes.trace-unhindered", PairTrace.unhindered)
    note("lanes.trace-apart", PairTrace.unhindered + PairTrace.communication)
    note(
      "lanes.trace-gain", PairTrace.pair / (PairTrace.unhindered + PairTrace.communication))
    let schedule = try PipelineSchedule.dualPipe(ranks: 8, microBatches: 20)
    var costs = model.schedule
    let overlapped = try Timetable(schedule, costs).makespan
    costs.pair = costs.forward + costs.backward
    let apart = try Timetable(schedule, costs).makespan
    report(
      "in DualPipe",
      "F = \(Self.short(costs.forward)), B = \(Self.short(costs.backward)): a step of "
        + "\(Self.short(overlapped)) instead of \(Self.short(apart))")
    note("lanes.forward", costs.forward)
    note("lanes.backward", costs.backward)
    note("lanes.makespan", overlapped)
    note("lanes.makespan-apart", apart)
    Console.print()
    drawLanes(model)
  }

  private mutating func drawLanes(_ model: PairModel) {
    draw(
      "lanes",
      TimetableChart(
        title: "A pair on two lanes: products of one chunk while the rows of the other travel",
        description:
          "One layer forward and another backward. Above, the pieces follow each other, and one of "
          + "the two lanes is always idle, 12 units long. Below, both lanes are busy all the time, "
          + "6 units long.",
        rows: ["apart: products", "rows", "overlapped: products", "rows"],
        pieces: Self.apart(model) + model.parts.map { Self.piece($0, at: $0.start, row: 2) },
        legend: [
          ("forward", [.init(ink: .query)]), ("backward, input", [.init(ink: .inputHalf)]),
          ("backward, weights", [.init(ink: .weightHalf)]),
          ("lighter: rows on their way", [.init(ink: .query, isTinted: true)]),
        ], timeLabel: "time, in products"))
  }

  /// The parts one after the other, each when what it needs is there: first forward, then backward.
  private static func apart(_ model: PairModel) -> [TimetableChart.Piece] {
    let order = [
      "ATTN(F)", "DISPATCH(F)", "MLP(F)", "COMBINE(F)", "PP", "COMBINE(B)", "MLP(B)",
      "DISPATCH(B)", "ATTN(B)", "MLP(W)", "ATTN(W)",
    ]
    var time = 0.0
    return order.compactMap { name in model.parts.first { $0.name == name } }.map { part in
      defer { time += part.duration }
      return piece(part, at: time, row: 0)
    }
  }

  private static func piece(
    _ part: PairModel.Part, at start: Double, row: Int
  ) -> TimetableChart.Piece {
    let isCommunication = part.lane == .communication
    let ink: Ink =
      part.name.hasSuffix("(W)") ? .weightHalf : part.isBackward ? .inputHalf : .query
    return .init(
      row: row + (isCommunication ? 1 : 0), start: start, duration: part.duration,
      layers: [
        .init(String(part.name.prefix { $0 != "(" }), ink: ink, isTinted: isCommunication)
      ])
  }
}
