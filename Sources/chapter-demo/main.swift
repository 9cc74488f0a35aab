import Foundation

var demo = TensorsDemo()
demo.run()
if CommandLine.arguments.count > 2 {
  try demo.write(to: URL(filePath: CommandLine.arguments[2]))
}
