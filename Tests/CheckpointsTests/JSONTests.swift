import Checkpoints
import Foundation
import Testing

@Suite struct `A JSON document` {
  @Test func `is read with every kind of value`() throws {
    let text = #"""
      { "null": null, "yes": true, "no": false, "one": 1, "minus": -42, "half": 0.5,
        "big": 1E+3, "text": "a\"\\\/\b\f\n\r\té模🧮", "list": [ ], "object": {} }
      """#
    let expected: JSONValue = [
      "null": .null, "yes": true, "no": false, "one": 1, "minus": -42, "half": 0.5,
      "big": .number(1000), "text": "a\"\\/\u{8}\u{c}\n\r\té模🧮", "list": [],
      "object": [:],
    ]
    #expect(try JSONValue(parsing: text) == expected)
  }

  @Test func `reads escaped code points and surrogate pairs`() throws {
    #expect(try JSONValue(parsing: #""\u00e9\uD83E\uddee""#) == "é🧮")
  }

  @Test func `keeps integers exact and everything else as Double`() throws {
    #expect(try JSONValue(parsing: "9223372036854775807") == .integer(.max))
    #expect(try JSONValue(parsing: "9223372036854775808") == .number(0x1p63))
    #expect(try JSONValue(parsing: "1.0") == .number(1))
    #expect(try JSONValue(parsing: "-0").number?.sign == .minus)
    #expect(try JSONValue(parsing: "1").number == 1)
    #expect(try JSONValue(parsing: "1.0").integer == nil)
  }

  @Test(
    arguments: [
      ("", 1, 1, "a value is missing at the end"),
      ("[1,\n  2,]", 2, 5, "a value cannot start with this character"),
      ("{\"a\": 1,\n \"a\": 2}", 2, 2, "the key 'a' appears twice in one object"),
      ("{\"a\": 1, \"\\u0061\": 2}", 1, 10, "the key 'a' appears twice in one object"),
      ("{a: 1}", 1, 2, "a key in quotes is expected"),
      ("{\"a\" 1}", 1, 6, "a colon must follow the key"),
      ("{\"a\": 1", 1, 8, "',' or '}' is expected"),
      ("[1 2]", 1, 4, "',' or ']' is expected"),
      ("1 1", 1, 3, "nothing may follow the document"),
      ("01", 1, 1, "a number may not start with a zero"),
      ("-", 1, 2, "a digit is expected"),
      ("1.", 1, 3, "a digit must follow the point"),
      ("1e+", 1, 4, "a digit is expected in the exponent"),
      ("1e999", 1, 1, "the number is too large"),
      ("NaN", 1, 1, "a value cannot start with this character"),
      ("tru", 1, 1, "only true, false and null are words here"),
      ("\"a", 1, 1, "the string has no end"),
      ("\"a\\", 1, 3, "the string has no end"),
      ("\"\t\"", 1, 2, "a control character must be escaped"),
      ("\"\\x\"", 1, 2, "no such escape exists"),
      ("\"\\u12g4\"", 1, 6, "four hexadecimal digits are expected"),
      ("\"\\ud83e\"", 1, 2, "half of a surrogate pair is missing"),
      ("\"\\ud83e\\u0041\"", 1, 2, "half of a surrogate pair is missing"),
      ("\"\\uddee\"", 1, 2, "half of a surrogate pair is missing"),
    ])
  func `is refused with place and rule`(text: String, line: Int, column: Int, rule: String) {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    #expect(error?.description == "line \(line), column \(column): \(rule)")
  }

  @Test func `is refused when a string is not UTF-8`() {
    for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xE6, 0xA8], [0xED, 0xA0, 0x80]] {
      let error = #expect(throws: JSONError.self) {
        try JSONValue(parsing: [0x22] + bytes + [0x22])
      }
      #expect(error?.rule == "the string is not valid UTF-8")
    }
  }

  @Test func `may be 128 levels deep and no deeper`() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try JSONValue(parsing: nested(128))
    #expect(throws: JSONError.self) { try JSONValue(parsing: nested(129)) }
    let bottomless = String(repeating: "{\"a\":", count: 1_000_000)
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bottomless) }
    #expect(error?.rule == "values are nested deeper than 128 levels")
  }

  @Test func `is written in order, compactly or indented`() {
    let value: JSONValue = ["b": [1, 2.5, .null], "a": ["x": "\"\\\n\u{1}é"], "none": []]
    #expect(
      value.text(isIndented: false)
        == #"{"b":[1,2.5,null],"a":{"x":"\"\\\n\u0001é"},"none":[]}"#)
    #expect(
      value.text() == #"""
        {
          "b": [
            1,
            2.5,
            null
          ],
          "a": {
            "x": "\"\\\n\u0001é"
          },
          "none": []
        }
        """#)
  }

  @Test func `comes back equal after writing and reading`() throws {
    let numbers: [Double] = [
      0.1, 1e-6, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 500000, 1 / 3,
    ]
    let value: JSONValue = [
      "numbers": .array(numbers.map { .number($0) }),
      "limits": [.integer(.min), .integer(.max)],
      "text": "\u{0}\u{1f}\u{7f}\u{2028}🧮",
    ]
    for isIndented in [true, false] {
      let text = value.text(isIndented: isIndented)
      #expect(try JSONValue(parsing: text) == value)
    }
    #expect(
      JSONValue.array([.number(.nan), .number(.infinity)]).text(isIndented: false)
        == "[null,null]")
  }

  @Test func `writes the fewest digits that read back as the same number`() {
    #expect(JSONValue.single(0.1).text() == "0.1")
    #expect(JSONValue.number(Double(Float(0.1))).text() == "0.10000000149011612")
    #expect(JSONValue.single(.leastNonzeroMagnitude).text() == "1e-45")
    #expect(JSONValue.array([1e-30, 3.0, 1e22]).text(isIndented: false) == "[1e-30,3.0,1e+22]")
    #expect(JSONValue.single(-.infinity).text() == "null")
  }

  @Test func `reads back as the same words in another reader, whatever they contain`() throws {
    let words = ["", "\"\\/", "\u{0}\u{8}\u{c}\u{1f}\n\r\t", "é 漢 🙂", "\u{2028}"]
    for isIndented in [true, false] {
      let text = JSONValue.array(words.map { .string($0) }).text(isIndented: isIndented)
      #expect(try JSONDecoder().decode([String].self, from: Data(text.utf8)) == words)
    }
  }

  @Test func `has objects that are equal in any order`() {
    let left: JSONValue = ["a": 1, "b": 2]
    #expect(left == ["b": 2, "a": 1])
    #expect(left != ["a": 1])
    #expect(left != ["a": 1, "b": 3])
  }

  @Test func `tells keys apart that differ by Unicode normalisation only`() throws {
    let object = try JSONValue(parsing: #"{"\u00e9": 1, "e\u0301": 2}"#).object
    #expect(object?["\u{e9}"] == 1)
    #expect(object?["e\u{301}"] == 2)
    #expect(object?.keys.map { $0.utf8.count } == [2, 3])
  }

  @Test func `drops a member that is set to nil`() {
    var object = JSONObject()
    object["a"] = 1
    object["b"] = 2
    object["a"] = nil
    object["c"] = nil
    #expect(object.keys == ["b"])
    #expect(object.count == 1)
  }
}
