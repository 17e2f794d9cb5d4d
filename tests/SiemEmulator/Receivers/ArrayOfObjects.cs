using System.Text.Json;

namespace SiemEmulator.Receivers;

/// <summary>Takes one JSON array of objects.</summary>
internal sealed class ArrayOfObjects() : PlainReceiver("application/json")
{
    protected override IReadOnlyList<SiemEvent> Parse(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.ValueKind == JsonValueKind.Array && json.RootElement.GetArrayLength() > 0
            ? [.. json.RootElement.EnumerateArray().Select(Object)]
            : throw new JsonException("the body is one array with something in it");
    }
}
