using System.Globalization;
using System.Text;
using System.Text.Json;
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
    public static string Find(string? option, EnvironmentVariables environment) => TryFind(option, environment)
        ?? throw new Failure(
            ExitCode.Configuration,
            $"No configuration file: looked for {string.Join(" and ", Places(environment))}; write one, or name it with --config");

    /// <summary>The configuration for commands that can do without; null when there is no file and none is named.</summary>
    public static string? TryFind(string? option, EnvironmentVariables environment) =>
        option?.Length == 0 ? throw new Failure(ExitCode.Configuration, "--config names no file")
        : (option ?? environment["OPCOLLECTOR_CONFIG"]) is { Length: > 0 } named ? Path.GetFullPath(named)
        : Places(environment).FirstOrDefault(File.Exists);

    public static ConfigurationMember Read(string file)
    {
        try
        {
            var bytes = BoundedFile.Read(file, MostBytes);
            // As Notepad and PowerShell write it; without a mark at the beginning, each second byte of "{" is 0.
            if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [_, 0, ..] or [0, _, ..])
            {
                throw new NoJsonException("it is UTF-16, and UTF-8 is wanted");
            }

            return SafeJson.Read(
                bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes,
                json => Parse(file, json.Span));
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new Failure(ExitCode.Configuration, $"{file}: cannot be read: {SystemError.Describe(ex, file)}", ex);
        }
        catch (NoJsonException ex)
        {
            throw new Failure(ExitCode.Configuration, $"{file}:{ex.Line ?? 1}: is not JSON: {ex.Message}", ex);
        }
    }

    static string[] Places(EnvironmentVariables environment)
    {
        var home = environment["XDG_CONFIG_HOME"] is { } xdg && Path.IsPathRooted(xdg)
            ? xdg
            : Path.Combine(environment["HOME"] ?? "/", ".config");
        return [Path.Combine(home, "opcollector", "opcollector.json"), "/etc/opcollector/opcollector.json"];
    }

    /// <summary>A value that is put into a gap, so that the rest can be read.</summary>
    public static ConfigurationMember StandIn(string json, InvalidValue instead)
    {
        var (owner, name) = (instead.Owner, instead.Name);
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return Value(
            ref reader,
            new ConfigurationText(owner.File, []) { Instead = instead },
            owner.Path.Length == 0 ? name : $"{owner.Path}.{name}",
            name,
            owner);
    }

    static ConfigurationMember Parse(string file, ReadOnlySpan<byte> bytes)
    {
        RefuseTooMany(bytes);
        var reader = new Utf8JsonReader(bytes, Options);
        reader.Read();
        var text = new ConfigurationText(file, bytes.ToArray());
        var root = Value(ref reader, text, path: "", name: "", owner: null);
        // Reading on finds what comes after the last brace.
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

    static ConfigurationMember Value(
        ref Utf8JsonReader reader, ConfigurationText text, string path, string name, ConfigurationMember? owner)
    {
        var value = new ConfigurationMember(
            text.PlaceOf(reader), path, name, reader.TokenType, text.ValueOf(reader), owner)
        { StandsFor = text.Instead };
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var inner = text.ValueOf(reader);
                reader.Read();
                var member = Value(ref reader, text, path.Length == 0 ? inner : $"{path}.{inner}", inner, value);
                if (!value.Members.TryAdd(inner, member))
                {
                    throw member.Wrong("is there a second time");
                }
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                value.Items.Add(Value(ref reader, text, $"{path}[{value.Items.Count}]", name: "", value));
            }
        }

        return value;
    }
}
