using System.CommandLine;
using OpCollector.Events;

namespace OpCollector.Cli.Printing;

/// <summary>The option of commands that print for a person, or JSON for a program.</summary>
internal static class JsonOutput
{
    const string Json = "json";
    const string Text = "text";

    public static Option<string> Option()
    {
        var output = new Option<string>("--output")
        {
            Description = "text for a person, json for a program",
            DefaultValueFactory = _ => Text,
        };
        output.AcceptOnlyFromAmong(Text, Json);
        return output;
    }

    public static OutputFormat Chosen(ParseResult parsed, Option<string> output) =>
        parsed.GetValue(output) == Json ? OutputFormat.Json : OutputFormat.Text;

    /// <summary>An object of members that are JSON already.</summary>
    public static string Object(params (string Name, string Json)[] members) =>
        $"{{{string.Join(',', members.Select(member => $"\"{member.Name}\":{member.Json}"))}}}";

    /// <summary>A list of values that are JSON already.</summary>
    public static string List(IEnumerable<string> values) => $"[{string.Join(',', values)}]";

    /// <summary>A text; <c>null</c> where there is none.</summary>
    public static string Quoted(string? text) => text is null ? "null" : JsonText.Quoted(text);

    public static string Flag(bool value) => value ? "true" : "false";
}

/// <summary>For whom a command prints: a person, or a program.</summary>
internal enum OutputFormat
{
    Text,
    Json,
}
