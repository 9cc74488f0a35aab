import CommandLine

Program.main(BookCommand.self)
