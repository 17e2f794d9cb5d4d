using System.Text.Json;

namespace SiemEmulator.Receivers;

/// <summary>Takes lines, each one object.</summary>
internal sealed class Ndjson() : PlainReceiver("application/x-ndjson")
{
    // github.com/ndjson/ndjson-spec §3.1: every text is followed by \n; §3.2: a parser may refuse empty lines, and this one does.
    protected override IReadOnlyList<SiemEvent> Parse(ReadOnlyMemory<byte> body) => Lines.Of(body) is { Count: > 0 } lines
        ? [.. lines.Select(Line)]
        : throw new JsonException("every line ends with a line break");

    static SiemEvent Line(ReadOnlyMemory<byte> line)
    {
        using var json = JsonDocument.Parse(line);
        return line.Span.Contains((byte)'\r') ? throw new JsonException("a line ends with \\n alone") : Object(json.RootElement);
    }
}
