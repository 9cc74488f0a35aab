import CommandLine

Program.main(DeepSeek.self)
