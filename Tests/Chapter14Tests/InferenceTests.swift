import Checkpoints
import FullScale
import Testing

@Suite struct `The limit of decoding` {
  /// Hardware paper §2.3.2.
  @Test func `is 14.76 milliseconds a token on InfiniBand, 0.82 behind one switch`() {
    let slow = DecodeLimit.infiniBand
    #expect(abs(slow.exchange - 120.96e-6) < 1e-12)
    #expect(abs(slow.layer - 241.92e-6) < 1e-12)
    #expect(abs(slow.timePerToken - 14.76e-3) < 0.005e-3)
    #expect(Int(slow.tokensPerSecond) == 67)
    let fast = DecodeLimit.nvl72
    #expect(abs(fast.exchange - 6.72e-6) < 1e-12)
    #expect(abs(fast.timePerToken - 0.82e-3) < 0.005e-3)
    #expect(abs(fast.tokensPerSecond - 1200) < 25, "about 1200 is printed")
  }

  @Test func `is a little lower with the true width`() {
    #expect(abs(DecodeLimit(speed: 50e9).tokensPerSecond - 66.2) < 0.05)
  }

  /// 61 layers, two micro-batches, out and back: 244 delays a token.
  @Test func `waits for the first byte 244 times a token`() {
    let delays = [PublishedDelay.infiniBand.far, PublishedDelay.ethernet.far]
    let times = delays.map { delay in
      var limit = DecodeLimit.infiniBand
      limit.delay = delay * 1e-6
      return limit.timePerToken - DecodeLimit.infiniBand.timePerToken
    }
    #expect(abs(times[0] - 244 * 3.7e-6) < 1e-12 && abs(times[1] - 244 * 5.6e-6) < 1e-12)
    #expect(PublishedDelay.infiniBand.near < PublishedDelay.inside)
  }

  @Test func `is 1.8 times as high when eight of ten predictions are accepted`() {
    let limit = DecodeLimit.infiniBand
    #expect(abs(limit.tokensPerSecond(accepting: 0.8) / limit.tokensPerSecond - 1.8) < 1e-12)
  }
}

@Suite struct `A unit that serves` {
  @Test func `has the published experts on a card`() {
    #expect(ServingUnit.all.map(\.expertsPerCard) == [9, 1, 9, 2])
    #expect(ServingUnit.all.map(\.nodes) == [4, 40, 4, 18])
    #expect(ServingUnit.all.map(\.attentionGroups) == [8, 80, 32, 144])
    #expect(ServingUnit.decodePaper.cards - ServingUnit.decodePaper.expertCards == 64)
  }

  /// When every expert is as likely, by adding up what each token leaves out.
  @Test(arguments: [(8, 1), (32, 4), (64, 32)])
  func `reads the experts that get a token`(cards: Int, tokens: Int) throws {
    let card = try #require(DecodingCard(cards: cards, tokens: tokens))
    var missed = 1.0
    for _ in 0..<cards * tokens { missed *= 248.0 / 256 }
    #expect(abs(card.busySlots / (256.0 / Double(cards) * (1 - missed)) - 1) < 1e-12)
  }

  @Test func `never beats the network's limit, nor its own reading`() throws {
    for cards in [8, 32, 144, 320] {
      for tokens in [1, 16, 64, 128] {
        let card = try #require(DecodingCard(cards: cards, tokens: tokens))
        var limit = DecodeLimit(speed: 50e9)
        limit.tokens = Double(tokens)
        #expect(card.timePerToken >= limit.timePerToken * (1 - 1e-12))
        #expect(card.timePerToken >= 2 * 61 * (card.reading + card.readingCache))
      }
    }
  }

  /// More cards: fewer experts to read on each, and with the same tokens on each, more to go round.
  @Test func `makes more of each card the more cards it has, until the network is full`() throws
  {
    func throughput(_ cards: Int, _ accelerator: Accelerator = .h800) throws -> Double {
      try #require(DecodingCard(on: accelerator, cards: cards, tokens: 32)).throughput
    }
    let rates = try [8, 16, 32, 64, 144, 320].map { try throughput($0) }
    #expect(rates == rates.sorted() && rates[3] > 2 * rates[0])
    var slow = Accelerator.h800
    slow = Accelerator(
      name: "slow", brainPeak: slow.brainPeak, eightBitPeak: slow.eightBitPeak,
      memory: slow.memory, memorySpeed: slow.memorySpeed, insideSpeed: slow.insideSpeed,
      betweenSpeed: 10e9)
    #expect(try throughput(144, slow) == throughput(320, slow), "both wait for the network")
  }

  @Test func `sells its day for what its page says`() {
    #expect(ServiceDay.cost == ServiceDay.published.cost)
    // The tokens are printed in billions.
    #expect(abs(ServiceDay.income / ServiceDay.published.income - 1) < 0.0005)
    let margin = 100 * (ServiceDay.published.income / ServiceDay.cost - 1)
    #expect(abs(margin - ServiceDay.published.margin) < 0.5)
    #expect(abs(100 * ServiceDay.found / ServiceDay.prompted - 56.3) < 0.06)
  }
}

@Suite struct `The exchange with experts` {
  /// 8 rows to 8 experts, or one to each of 4 nodes.
  @Test func `costs half when a row crosses to a node once`() {
    var each = ExchangeModel()
    each.countsNodes = false
    let row: Double = 7392 + 14_336
    #expect(each.sent == 8 * row)
    #expect(ExchangeModel().sent == each.sent / 2)
  }

  /// A switch that copies frees the sender, one that adds the receiver.
  ///
  /// The other end is as busy as before, so alone neither gains anything.
  @Test func `gains from switches that copy and add only with both`() {
    let plain = ExchangeModel()
    var copying = plain
    copying.multicasts = true
    var adding = plain
    adding.reduces = true
    var both = copying
    both.reduces = true
    #expect(copying.sent < plain.sent && copying.received == plain.received)
    #expect(adding.received < plain.received && adding.sent == plain.sent)
    #expect(copying.seconds == plain.seconds && adding.seconds == plain.seconds)
    // 7392 + 4 · 14 336 leave, against 4 · (7392 + 14 336).
    let fuller: Double = 7392 + 4 * 14_336
    #expect(both.seconds == fuller / 50e9)
    #expect(abs(both.seconds / plain.seconds - 0.745) < 0.001)
  }

  @Test func `sends again what is lost, and leaves the rest of the card to compute`() {
    var lossy = ExchangeModel()
    lossy.lost = 0.2
    #expect(abs(lossy.seconds / ExchangeModel().seconds - 1.25) < 1e-12)
    #expect(abs(ExchangeModel().computing - 112.0 / 132) < 1e-12)
  }

  /// A chunk of four layers goes forward in 49 ms.
  @Test func `would give tensor parallelism a tenth of a layer's time`() {
    let split = TensorSplit()
    // Two sums of 4096 rows in sixteen bits, 7/8 of them there and 7/8 back.
    let rows = Double(2 * 4096 * 7168)
    #expect(split.sent == 3.5 * rows)
    #expect(abs(split.seconds(speed: 160e9) / (49e-3 / 4) - 0.105) < 0.005)
    #expect(split.seconds(speed: 200e9) == 2.25 * split.seconds(speed: 450e9))
  }
}
