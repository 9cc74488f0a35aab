import Foundation

var demo = TensorsDemo()
demo.run()
if CommandLine.arguments.count > 2 {
  for (name, figure) in demo.figures {
    try figure.write(to: URL(filePath: "\(CommandLine.arguments[2])/\(name).svg"))
  }
  for (key, value) in demo.results.sorted(by: { $0.key < $1.key }) { print(key, value) }
}
