import Checkpoints
import Foundation
import TestSupport
import Testing

/// A header with one tensor.
private func header(_ dtype: String, _ shape: String, _ offsets: String) -> String {
  #"{"w":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}}"#
}

/// A header with several byte tensors at the given places.
private func places(_ ranges: (String, Int, Int)...) -> String {
  let entries = ranges.map { name, start, end in
    #""\#(name)":{"dtype":"U8","shape":[\#(end - start)],"data_offsets":[\#(start),\#(end)]}"#
  }
  return "{" + entries.joined(separator: ",") + "}"
}

@Suite struct `A hostile safetensors file` {
  private func refusal(_ contents: Data) -> String? {
    failure { _ = try SafetensorsFile(contents, named: "evil") }?.description
  }

  @Test func `is refused when it is cut`() {
    let whole = file(header("F32", "[2]", "[0,8]"), data: 8)
    for length in 0..<whole.count {
      #expect(refusal(whole.prefix(length)) != nil, "\(length) bytes")
    }
    #expect(refusal(whole) == nil)
    #expect(
      refusal(Data([1, 2, 3]))
        == "evil: has 3 bytes, but the length of the header alone takes 8.")
    #expect(
      refusal(whole.dropLast(3))
        == "evil: tensor 'w' ends at byte 8 of the data, but there are only 5.")
  }

  @Test func `is refused when its header claims too much`() {
    #expect(
      refusal(file("{}", length: 3))
        == "evil: claims a header of 3 bytes, but only 2 follow.")
    #expect(
      refusal(file("{}", length: 100_000_001))
        == "evil: claims a header of 100000001 bytes, but at most 100000000 are allowed.")
    for length: UInt64 in [.max, 1 << 63, 1 << 63 - 8, 1 << 32] {
      #expect(
        refusal(file("{}", length: length))
          == "evil: claims a header of \(length) bytes, but at most 100000000 are allowed.")
    }
  }

  @Test func `is refused when its header is not an object of JSON`() {
    #expect(refusal(file("")) == "evil: must be a JSON object.")
    #expect(refusal(file(" {}")) == "evil: must be a JSON object.")
    #expect(refusal(file("[]")) == "evil: must be a JSON object.")
    #expect(
      refusal(file("{\"a\"}"))
        == "evil: is not valid JSON at line 1, column 5: a colon must follow the key.")
    #expect(
      refusal(file(Data([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D])))
        == "evil: is not valid JSON at line 1, column 2: the string is not valid UTF-8.")
    #expect(
      refusal(file(places(("w", 0, 2), ("w", 2, 4)), data: 4))
        == "evil: is not valid JSON at line 1, column 54: the key 'w' appears twice in one object."
    )
    // Two keys for JSON, but one name for a program that looks tensors up.
    #expect(
      refusal(file(places(("\u{e9}", 0, 2), ("e\u{301}", 2, 4)), data: 4))
        == "evil: tensor 'é' appears twice.")
  }

  @Test func `is refused when tensors overlap or leave holes`() {
    #expect(
      refusal(file(places(("b", 2, 6), ("a", 0, 4)), data: 6))
        == "evil: tensor 'b' overlaps tensor 'a'.")
    #expect(
      refusal(file(places(("a", 0, 4), ("b", 0, 4)), data: 4))?.contains("overlaps") == true)
    #expect(
      refusal(file(places(("a", 0, 4), ("empty", 2, 2)), data: 4))
        == "evil: tensor 'empty' overlaps tensor 'a'.")
    #expect(
      refusal(file(places(("b", 5, 6), ("a", 0, 4)), data: 6))
        == "evil: tensor 'b' has 1 bytes in front of it that belong to no tensor.")
    #expect(
      refusal(file(places(("a", 0, 4)), data: 6))
        == "evil: ends with 2 bytes that belong to no tensor.")
    #expect(refusal(file("{}", data: 1)) == "evil: ends with 1 bytes that belong to no tensor.")
  }

  @Test(
    arguments: [
      ("[4294967296,4294967296]", "[0,8]"), ("[9223372036854775807]", "[0,8]"),
      ("[4611686018427387904,4]", "[0,0]"), ("[1099511627776,1099511627776,0]", "[0,0]"),
    ])
  func `is refused when sizes overflow`(shape: String, offsets: String) {
    #expect(
      refusal(file(header("F32", shape, offsets), data: 8))
        == "evil: tensor 'w' does not take a whole number of bytes that 64 bits can count.")
  }

  @Test(
    arguments: [
      (#"{"w":3}"#, "it is an integer"),
      (#"{"w":{"shape":[2],"data_offsets":[0,8]}}"#, "dtype must be a string"),
      (#"{"w":{"dtype":"F32","data_offsets":[0,8]}}"#, "shape must be a list"),
      (#"{"w":{"dtype":"F32","shape":[2]}}"#, "data_offsets must be a list"),
      (header("F33", "[2]", "[0,8]"), "no dtype is called 'F33'"),
      (header("F32", "[-2]", "[0,8]"), "shape must hold integers from 0 to \(Int.max)"),
      (header("F32", "[2.0]", "[0,8]"), "shape must hold integers from 0 to \(Int.max)"),
      (header("F32", "[1e99]", "[0,8]"), "shape must hold integers from 0 to \(Int.max)"),
      (
        header("F32", "[2]", "[18446744073709551608,8]"),
        "data_offsets must hold integers from 0 to \(Int.max)"
      ),
      (
        header("F32", "[2]", "[8,0]"),
        "data_offsets must be a start and an end that is not before it"
      ),
      (
        header("F32", "[2]", "[0,8,9]"),
        "data_offsets must be a start and an end that is not before it"
      ),
    ])
  func `is refused when an entry is malformed`(header: String, problem: String) {
    #expect(
      refusal(file(header, data: 8))
        == "evil: tensor 'w' has a malformed header entry: \(problem).")
  }

  @Test func `is refused when bytes and shape disagree`() {
    #expect(
      refusal(file(header("F32", "[3]", "[0,8]"), data: 8))
        == "evil: tensor 'w' has 8 bytes, but its shape and format need 12.")
    #expect(
      refusal(file(header("F32", "[]", "[0,8]"), data: 8))
        == "evil: tensor 'w' has 8 bytes, but its shape and format need 4.")
    #expect(
      refusal(file(header("F4", "[3]", "[0,2]"), data: 2))
        == "evil: tensor 'w' does not take a whole number of bytes that 64 bits can count.")
    #expect(refusal(file(header("F6_E3M2", "[4]", "[0,3]"), data: 3)) == nil)
  }

  @Test func `is refused when its metadata is not strings`() {
    #expect(
      refusal(file(#"{"__metadata__":[]}"#))
        == "evil: key '__metadata__' must be an object of strings, but is an array.")
    #expect(
      refusal(file(#"{"__metadata__":{"step":3}}"#))
        == "evil: key '__metadata__.step' must be a string, but is an integer.")
  }

  @Test func `is refused when it does not exist`() {
    let url = fixtures.appendingPathComponent("nowhere.safetensors")
    let error = failure { _ = try SafetensorsFile(at: url) }
    guard case .file("nowhere.safetensors", .unreadable) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `is refused when it is empty`() throws {
    try withFolder { folder in
      let url = folder.appendingPathComponent("empty.safetensors")
      try Data().write(to: url)
      #expect(
        failure { _ = try SafetensorsFile(at: url) }
          == .file("empty.safetensors", .tooShort(bytes: 0)))
    }
  }
}
