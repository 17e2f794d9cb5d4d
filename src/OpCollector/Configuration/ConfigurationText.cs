using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using OpCollector.Events;

namespace OpCollector.Configuration;

/// <summary>The text of a configuration file: where in it a value is, and what it says.</summary>
internal sealed class ConfigurationText
{
    readonly string _file;
    readonly byte[] _bytes;

    // Where each line begins.
    readonly List<int> _lines = [0];

    public ConfigurationText(string file, byte[] bytes)
    {
        (_file, _bytes) = (file, bytes);
        for (var at = 0; bytes.AsSpan(at).IndexOf((byte)'\n') is >= 0 and var next; at += next + 1)
        {
            _lines.Add(at + next + 1);
        }
    }

    /// <summary>What its values are put in the place of; null for what is in the file.</summary>
    public InvalidValue? Instead { get; init; }

    public ConfigurationPlace PlaceOf(in Utf8JsonReader reader)
    {
        var at = (int)reader.TokenStartIndex;
        var found = _lines.BinarySearch(at);
        var line = found >= 0 ? found : ~found - 1;
        return Instead?.Place
            ?? new ConfigurationPlace(_file, line + 1, 1 + Encoding.UTF8.GetCharCount(_bytes, _lines[line], at - _lines[line]));
    }

    /// <summary>A text or a number as it is meant; nothing for the rest.</summary>
    public string ValueOf(in Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String or JsonTokenType.PropertyName => TextOf(reader),
        JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
        _ => "",
    };

    // What a setting says must be what somebody meant.
    string TextOf(in Utf8JsonReader reader) =>
        Utf8.IsValid(reader.ValueSpan) && reader.Text() is var text && JsonText.Decode(reader.ValueSpan) == text
            ? text
            : throw new Failure(
                ExitCode.Configuration,
                $"{PlaceOf(reader)}: not valid JSON: a text here is not in UTF-8, or holds half a character; save the file as UTF-8");
}
