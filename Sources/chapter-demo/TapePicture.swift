import Figures

/// The tape of chapter 1's example, drawn: values go down it, gradients come back up.
enum TapePicture {
  static var figure: StepGrid {
    let rows = [
      "leaves w, v", "multiply w x", "sum s", "multiply v s", "add p", "shift e", "square L",
    ]
    let values = ["(4, −1) and ½", "(4, −2)", "2", "1", "3", "2", "4"]
    let gradients = ["(6, 12) and 8", "(6, 6)", "4 + 2 = 6", "4", "4", "4", "1"]
    let lengths = [4, 2, 3, 1, 1, 1, 1]
    var blocks: [StepGrid.Block] = []
    var time = 0
    for row in rows.indices {
      blocks.append(
        .init(row: row, start: time, duration: lengths[row], label: values[row], ink: .query))
      time += lengths[row]
    }
    for row in rows.indices.reversed() {
      blocks.append(
        .init(
          row: row, start: time, duration: lengths[row], label: gradients[row], ink: .gradient))
      time += lengths[row]
    }
    return StepGrid(
      title: "A tape of six records, forward and back",
      description:
        "Each row is a record. The forward pass writes values from top to bottom, the backward "
        + "pass reads the records from bottom to top.",
      rows: rows, blocks: blocks,
      legend: [("forward: the value", .query), ("backward: its gradient", .gradient)],
      timeLabel: "order of work")
  }
}
