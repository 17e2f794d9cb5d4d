using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using OpCollector.Events;
using OpCollector.Storage;

namespace OpCollector.Configuration;

/// <summary>Finds and reads the configuration file: JSON with comments and trailing commas, every value with its line.</summary>
internal static class ConfigurationFile
{
    const int MostBytes = 4 * 1024 * 1024;
    const int MostValues = 100_000;

    static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The file named by <c>--config</c> or the environment, else the first of the usual places that exists.</summary>
    public static string Find(string? option, Func<string, string?> environment) => TryFind(option, environment)
        ?? throw new Failure(
            ExitCode.Configuration,
            $"No configuration file: looked for {string.Join(" and ", Places(environment))}; write one, or name it with --config");

    /// <summary>The same for commands that can do without; null when there is none and none is named.</summary>
    public static string? TryFind(string? option, Func<string, string?> environment) =>
        option?.Length == 0 ? throw new Failure(ExitCode.Configuration, "--config names no file")
        : (option ?? environment("OPCOLLECTOR_CONFIG")) is { Length: > 0 } named ? Path.GetFullPath(named)
        : Places(environment).FirstOrDefault(File.Exists);

    public static ConfigurationMember Read(string file)
    {
        try
        {
            var bytes = BoundedFile.Read(file, MostBytes);
            return SafeJson.Read(
                bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes,
                json => Parse(file, json.Span));
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new Failure(ExitCode.Configuration, $"{file}: cannot be read: {SystemError.Words(ex, file)}", ex);
        }
        catch (NoJsonException ex)
        {
            throw new Failure(ExitCode.Configuration, $"{file}:{ex.Line ?? 1}: is no JSON: {ex.Message}", ex);
        }
    }

    static string[] Places(Func<string, string?> environment)
    {
        var home = environment("XDG_CONFIG_HOME") is { } xdg && Path.IsPathRooted(xdg)
            ? xdg
            : Path.Combine(environment("HOME") ?? "/", ".config");
        return [Path.Combine(home, "opcollector", "opcollector.json"), "/etc/opcollector/opcollector.json"];
    }

    static ConfigurationMember Parse(string file, ReadOnlySpan<byte> bytes)
    {
        var breaks = new List<int>();
        for (var at = 0; bytes[at..].IndexOf((byte)'\n') is >= 0 and var next; at += next + 1)
        {
            breaks.Add(at + next);
        }

        RefuseTooMany(bytes);
        var reader = new Utf8JsonReader(bytes, Options);
        reader.Read();
        var root = Value(ref reader, breaks, file, path: "", name: "");
        // Reading on finds what is after the last brace.
        reader.Read();
        return root;
    }

    // Each value takes a hundred times the memory of a short one in the file.
    static void RefuseTooMany(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes, Options);
        var count = 0;
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject or JsonTokenType.PropertyName)
                && ++count > MostValues)
            {
                throw new NoJsonException(string.Create(CultureInfo.InvariantCulture, $"it holds more than {MostValues:N0} values"));
            }
        }
    }

    static ConfigurationMember Value(ref Utf8JsonReader reader, List<int> breaks, string file, string path, string name)
    {
        var line = Line(reader, breaks);
        var text = reader.TokenType switch
        {
            JsonTokenType.String => Text(reader, file, line),
            JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
            _ => "",
        };
        var value = new ConfigurationMember(file, line, path, name, reader.TokenType, text);
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var inner = Text(reader, file, Line(reader, breaks));
                reader.Read();
                var member = Value(ref reader, breaks, file, path.Length == 0 ? inner : $"{path}.{inner}", inner);
                if (!value.Members.TryAdd(inner, member))
                {
                    throw member.Wrong("stands here a second time");
                }
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                value.Items.Add(Value(ref reader, breaks, file, $"{path}[{value.Items.Count}]", name: ""));
            }
        }

        return value;
    }

    static int Line(in Utf8JsonReader reader, List<int> breaks) => 1 + ~breaks.BinarySearch((int)reader.TokenStartIndex);

    // What a setting says must be what somebody meant.
    static string Text(in Utf8JsonReader reader, string file, int line) =>
        Utf8.IsValid(reader.ValueSpan) && reader.Text() is var text && JsonText.Decode(reader.ValueSpan) == text
            ? text
            : throw new Failure(
                ExitCode.Configuration,
                $"{file}:{line}: is no JSON: a text here is not in UTF-8, or holds half a character; save the file as UTF-8");
}
