import FullScale
import Testing

@Suite struct `A bill` {
  /// V3, table 1.
  @Test func `of V3 is that of its table`() {
    let bill = TrainingBill.v3
    #expect(bill.hours == 2_788_000 && bill.dollars == 5_576_000)
    #expect(bill.stages.map { $0.hours * bill.rent } == [5_328_000, 238_000, 10_000])
    #expect(180e3 * 14.8 == bill.stages[0].hours)
  }

  /// The long version of R1's paper, supplementary table 7.
  @Test func `of R1 is what newspapers printed, and leaves V3 out`() {
    let bill = TrainingBill.r1
    #expect(bill.hours == 147_000 && bill.dollars == 294_000)
    // 64 · 8 cards for 198 hours, and about 80 hours for the second run.
    #expect(abs(64 * 8 * 198 - bill.stages[0].hours) < 500)
    #expect(abs(64 * 8 * 80 - bill.stages[2].hours) < 500)
    // Who reads "64*8" as 648 gets a number that the table contradicts.
    #expect(abs(648 * 198 - bill.stages[0].hours) > 25_000)
    #expect(TrainingBill.v3AndR1.dollars == 5_870_000)
  }

  @Test func `of a trillion tokens is 3.7 days of 2048 cards`() {
    let days = HoursPerTrillion.v3 / 2048 / 24
    #expect(abs(days - 3.7) < 0.05)
    #expect(abs(TrainingBill.v3.stages[0].hours / 2048 / 24 - 54.2) < 0.05, "under two months")
  }

  @Test func `of V2 saves what its paper says`() {
    #expect(abs(HoursPerTrillion.saving - 0.425) < 0.0005)
    #expect(abs(HoursPerTrillion.v2 * 8.1 - 1.40e6) < 0.005e6)
  }

  /// What V3's hours say of how well its cards were used: 39 % of their peak in sixteen bits.
  @Test func `follows from operations and use`() throws {
    let estimate = TrainingEstimate(
      flopsPerToken: 250.45e9, tokens: 14.8e12, utilization: 0.39)
    #expect(abs(estimate.hours / 2_664_000 - 1) < 0.01)
    #expect(abs(estimate.days - 54.2) < 0.5)
  }

  @Test(arguments: [1e4, 294e3, 5.576e6])
  func `and its tokens are each other's inverse`(dollars: Double) {
    var estimate = TrainingEstimate(flopsPerToken: 250e9, tokens: 0, utilization: 0.4)
    estimate.tokens = estimate.tokens(for: dollars)
    #expect(abs(estimate.dollars / dollars - 1) < 1e-12)
  }

  @Test func `of twice the cards is the same, in half the time`() {
    let one = TrainingEstimate(flopsPerToken: 1e9, tokens: 1e9, cards: 8, utilization: 0.5)
    let two = TrainingEstimate(flopsPerToken: 1e9, tokens: 1e9, cards: 16, utilization: 0.5)
    #expect(one.dollars == two.dollars && one.days == 2 * two.days)
  }
}

@Suite struct `The measured step` {
  static let steps = [MeasuredStep.multiPlane, .multiRail]

  @Test(arguments: steps)
  func `is the sum of its parts`(_ step: MeasuredStep) {
    // Six parts with two digits each.
    #expect(abs(step.sum - step.seconds) < 0.03)
  }

  @Test(arguments: steps)
  func `gives the tokens of a day`(_ step: MeasuredStep) {
    #expect(abs(step.recomputedTokensPerDay - step.tokensPerDay) < 0.02)
  }

  @Test(arguments: steps)
  func `gives the printed use of the cards`(_ step: MeasuredStep) {
    // Within a quarter of a point: the paper does not say how it counts operations.
    #expect(abs(100 * step.utilization() - step.percent.causal) < 0.25)
    #expect(abs(100 * step.utilization(.square) - step.percent.square) < 0.25)
  }

  @Test func `uses half as much of the peak in eight bits`() {
    let eight = MeasuredStep.multiPlane.utilization(peak: Accelerator.h800.eightBitPeak)
    #expect(abs(eight - 0.195) < 0.001)
  }

  @Test func `agrees with the hours of a trillion tokens`() {
    let days = 1000 / MeasuredStep.multiPlane.tokensPerDay
    #expect(abs(days * 24 * 2048 - HoursPerTrillion.v3) < 300)
  }
}
