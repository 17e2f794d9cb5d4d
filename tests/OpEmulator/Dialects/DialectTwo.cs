namespace OpEmulator.Dialects;

/// <summary>op 2.x, which tells its version and knows none of the commands played here.</summary>
internal sealed class DialectTwo : DialectOne
{
    public override bool Understands(CommandLine commandLine) => commandLine.Command == "--version";

    public override Answer Usage(CommandLine commandLine) => commandLine.Command.Split(' ')[0] is { Length: > 0 } command
        ? throw Failure($"unknown command \"{command}\" for \"op\"")
        : base.Usage(commandLine);
}
