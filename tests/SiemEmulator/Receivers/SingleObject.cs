using System.Text.Json;

namespace SiemEmulator.Receivers;

/// <summary>Takes exactly one object.</summary>
internal sealed class SingleObject() : PlainReceiver("application/json")
{
    protected override IReadOnlyList<SiemEvent> Parse(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        return [Object(json.RootElement)];
    }
}
