import Tensors
import Testing
import Text

@Suite struct `A streaming decoder` {
  @Test func `holds a character back until it is whole`() {
    var decoder = StreamingDecoder(.bytes())
    let boat = Array("🚣é!".utf8).map(Int.init)
    let shown = boat.map { decoder.append($0) }
    #expect(shown == ["", "", "", "🚣", "", "é", "!"])
    #expect(decoder.finish() == "")
  }

  @Test func `shows an unfinished character at the end as invalid`() {
    var decoder = StreamingDecoder(.bytes())
    #expect(decoder.append(0xF0) + decoder.append(0x9F) == "")
    #expect(decoder.finish() == "\u{FFFD}")
    #expect(decoder.finish() == "")
  }

  @Test func `shows a byte that no later byte can save at once`() {
    var decoder = StreamingDecoder(.bytes())
    #expect(decoder.append(0xFF) == "\u{FFFD}")
    #expect(decoder.append(0xC0) == "\u{FFFD}")
    #expect(decoder.append(0xED) == "")
    #expect(decoder.append(0xA0) == "\u{FFFD}\u{FFFD}")  // half a surrogate pair
  }

  @Test func `agrees with decoding all at once on random bytes`() {
    var generator = SplitMix64(seed: 11)
    let tokenizer = Tokenizer.bytes(special: ["<end>"])
    let telling = [
      0x41, 0x80, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xE0, 0xE1, 0xED, 0xF0, 0xF4, 0xF5, 256,
    ]
    for _ in 0..<2000 {
      let ids = (0..<generator.below(12)).map { _ in telling[generator.below(telling.count)] }
      var decoder = StreamingDecoder(tokenizer, skippingSpecial: true)
      let streamed = ids.map { decoder.append($0) }.joined() + decoder.finish()
      #expect(streamed == tokenizer.decode(ids, skippingSpecial: true), "\(ids)")
    }
  }
}
