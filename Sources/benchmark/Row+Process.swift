import Checkpoints
import Foundation

extension Row {
  /// Has another process of this program measure one row.
  ///
  /// A row that tells its peak of memory must not find what earlier rows have left behind.
  init(measuredByOther name: String, threads: Int) throws {
    let process = Process()
    process.executableURL =
      Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    process.arguments = ["--only", name, "--threads", "\(threads)", "--json"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard let result = try? JSONValue(parsing: [UInt8](text)),
      let row = result.object?["rows"]?.array?.first?.object
    else { throw PeerError("The process that measured \(name) printed no row.") }
    self.init(
      name: name, threads: threads,
      numbers: row.members.compactMap { key, value in
        key == "threads" ? nil : value.number.map { (key, $0) }
      })
  }
}
