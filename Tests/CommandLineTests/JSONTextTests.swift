import CommandLine
import Foundation
import Testing

@Suite struct `JSON text` {
  @Test func `keeps keys in the order in which they were written`() {
    let value: JSONText = [
      "loss": 2.5, "logits": [1, 2], "a": .null, "b": true,
    ]
    #expect(value.line == #"{"loss": 2.5, "logits": [1, 2], "a": null, "b": true}"#)
  }

  @Test func `writes the fewest digits that read back as the same number`() {
    #expect(JSONText.single(0.1).line == "0.1")
    #expect(JSONText.number(Double(Float(0.1))).line == "0.10000000149011612")
    #expect(JSONText.array([1e-30, 3, 1e22] as [Double]).line == "[1e-30, 3.0, 1e+22]")
  }

  @Test func `writes null for what JSON cannot say`() {
    #expect(
      JSONText.array([.nan, .infinity, -.infinity] as [Float]).line == "[null, null, null]")
  }

  @Test func `gives each key a line and keeps rows of numbers together`() {
    let value: JSONText = ["rows": [["x": 1], ["x": 2]], "shape": [3, 4], "empty": [:]]
    let text = """
      {
        "rows": [
          {
            "x": 1
          },
          {
            "x": 2
          }
        ],
        "shape": [3, 4],
        "empty": {}
      }

      """
    #expect(value.lines == text)
  }

  @Test func `reads back as the same words, whatever they contain`() throws {
    let words = ["", "\"\\/", "\u{0}\u{1f}\n\r\t", "é 漢 🙂", "\u{2028}"]
    for text in [
      JSONText.array(words.map(JSONText.string)).line,
      JSONText.array(words.map(JSONText.string)).lines,
    ] {
      #expect(try JSONDecoder().decode([String].self, from: Data(text.utf8)) == words)
    }
  }
}
