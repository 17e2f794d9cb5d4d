using System.CommandLine;
using System.Reflection;
using OpCollector.Delivery;

namespace OpCollector.Cli;

/// <summary><c>opcollector schema</c>: what is delivered, as JSON Schema, for people who make a table or a parser for it.</summary>
internal static class SchemaCommand
{
    const string Ending = ".schema.json";

    static readonly string[] Names = ["op", "audit", "signin", "itemusage", "finding"];

    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "What is described" };
        name.AcceptOnlyFromAmong(Names);
        var command = new Command("schema", "Print what an event or a finding holds when it is delivered, as JSON Schema") { name };
        command.SetAction((parsed, _) => Task.FromResult((int)Print(parsed.GetValue(name)!)));
        return command;
    }

    static ExitCode Print(string name)
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream(name + Ending)!;
        var schema = new byte[file.Length];
        file.ReadExactly(schema);
        StdoutSink.TryPrint(schema);
        return ExitCode.Done;
    }
}
