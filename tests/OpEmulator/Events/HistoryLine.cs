using System.Buffers.Text;
using System.Text.Json;
using OpEmulator.Scenarios;

namespace OpEmulator.Events;

/// <summary>Reads a line of a history: directives before a TAB if there are any, then the item as it is.</summary>
internal static class HistoryLine
{
    public static HistoryItem Read(ReadOnlyMemory<byte> line, int number)
    {
        long? eid = null;
        var after = 0L;
        var rest = line;
        var tab = line.Span.IndexOf((byte)'\t');
        if (tab > 0 && IsDirective(line.Span))
        {
            rest = line[(tab + 1)..];
            foreach (var directive in line.Span[..tab].Split((byte)' '))
            {
                var text = line.Span[..tab][directive];
                eid = Number(text, "@eid="u8) ?? eid;
                after = Number(text, "@after="u8) ?? after;
            }
        }

        return new HistoryItem(eid ?? OwnEid(rest.Span) ?? throw NoPosition(number), after, rest);
    }

    // An item may itself begin with "@" and hold a TAB: only the two known words make a prefix.
    static bool IsDirective(ReadOnlySpan<byte> line) => line.StartsWith("@eid="u8) || line.StartsWith("@after="u8);

    static long? Number(ReadOnlySpan<byte> directive, ReadOnlySpan<byte> name) =>
        directive.StartsWith(name) && Utf8Parser.TryParse(directive[name.Length..], out long number, out _) ? number : null;

    static long? OwnEid(ReadOnlySpan<byte> item)
    {
        try
        {
            var reader = new Utf8JsonReader(item);
            while (reader.Read())
            {
                if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName } && reader.ValueTextEquals("eid"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var eid) ? eid : null;
                }
            }
        }
        catch (JsonException)
        {
        }

        return null;
    }

    static ScenarioException NoPosition(int number) =>
        new($"Line {number} of the history has no eid that can be read: give it a position with @eid=.");
}
