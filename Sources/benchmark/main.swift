import CommandLine

Program.main(Benchmark.self)
