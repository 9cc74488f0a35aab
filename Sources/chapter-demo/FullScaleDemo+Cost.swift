import CommandLine
import Figures
import FullScale

extension FullScaleDemo {
  /// Hours, dollars, and the share of the cards that was used.
  mutating func addBills() {
    Console.print("Hours of a card, at two dollars")
    for (key, name, bill) in [
      ("v3", "V3", TrainingBill.v3), ("r1", "from V3 to R1", .r1), ("both", "both", .v3AndR1),
    ] {
      report(
        name,
        "\(Self.short(bill.hours / 1000)) thousand hours, $\(Self.short(bill.dollars / 1e6, 3)) million: "
          + bill.stages.map { "\($0.name) \(Self.short($0.hours / 1000))" }
          .joined(separator: ", "))
      note("bill.\(key).hours", bill.hours / 1000)
      note("bill.\(key).dollars", bill.dollars / 1e6)
    }
    note("bill.share", 100 * TrainingBill.r1.dollars / TrainingBill.v3AndR1.dollars)
    let perTrillion = HoursPerTrillion.v3 / 2048 / 24
    note("bill.trillion-days", perTrillion)
    note("bill.days", TrainingBill.v3.stages[0].hours / 2048 / 24)
    note("bill.saving", 100 * HoursPerTrillion.saving)
    report("a trillion tokens", "\(Self.digits(perTrillion, 2)) days of 2048 cards")
    report(
      "V2 against 67B", "\(Self.digits(100 * HoursPerTrillion.saving, 1)) % of hours saved")
    for step in [MeasuredStep.multiPlane, .multiRail] {
      let key = step.network.hasPrefix("multi-plane") ? "planes" : "rails"
      let (causal, square) = (100 * step.utilization(), 100 * step.utilization(.square))
      report(
        "MFU, \(key)",
        "\(Self.digits(causal, 2)) % causal, \(Self.digits(square, 2)) % of the square; printed "
          + "\(step.percent.causal) and \(step.percent.square)")
      note("mfu.\(key).causal", causal)
      note("mfu.\(key).square", square)
      note("mfu.\(key).tokens", step.recomputedTokensPerDay)
    }
    let eight = 100 * MeasuredStep.multiPlane.utilization(peak: Accelerator.h800.eightBitPeak)
    note("mfu.eight", eight)
    report("against eight bits", "\(Self.digits(eight, 1)) %")
    Console.print()
    let stages = TrainingBill.v3AndR1.stages
    draw(
      "bill",
      BarChart(
        title: "Thousands of hours of a card, by what they were for",
        description:
          "Six bars. V3's pre-training takes 2664 thousand hours of an H800, its context extension "
          + "119, its post-training 5. R1-Zero takes 101, the data for fine-tuning 5, R1 itself 41: "
          + "the last three are the $294 thousand of the newspapers.",
        valueLabel: "thousand hours", groups: stages.map(\.name),
        series: [.init("", stages.map { $0.hours / 1000 }, ink: .peer)]))
  }
}
