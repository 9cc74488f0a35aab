import Figures
import Testing

@Suite struct `A number line` {
  @Test func `has a mark for each number, evenly spread when the numbers are`() throws {
    let figure = NumberLines(
      title: "t", description: "d", lines: [.init("a", [0, 1, 2, 3, 4], ink: .ours)])
    let marks = try elements(of: figure.svg()).filter { $0.name == "rect" }.dropFirst()
    let places = marks.compactMap { $0.number("x") }
    #expect(places.count == 5)
    for (left, right) in zip(places, places.dropFirst()) {
      #expect(abs(right - left - (places[4] - places[0]) / 4) < 0.01)
    }
  }

  @Test func `draws marks that would hide each other once`() throws {
    let crowd = (0...100_000).map { Double($0) / 100_000 }
    let figure = NumberLines(
      title: "t", description: "d", lines: [.init("a", crowd, ink: .ours)])
    let marks = try elements(of: figure.svg()).filter { $0.name == "rect" }
    #expect(marks.count < 722)
  }
}
