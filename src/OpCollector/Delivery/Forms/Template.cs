using System.Buffers;
using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>What is sent instead of an item (<c>sink.event</c>): JSON with placeholders. Pure.</summary>
/// <param name="Json">As it was written.</param>
/// <param name="IsObject">Whether it is an object, whatever fills it.</param>
internal sealed record Template(string Json, bool IsObject)
{
    /// <summary>What is written, one after another.</summary>
    public IReadOnlyList<TemplatePiece> Pieces { get; init; } = [];

    /// <summary>Whether what happened is in it.</summary>
    public bool HoldsTheEvent => Pieces.Any(piece => piece.Filled is { IsItem: true });

    public bool Equals(Template? other) => Json == other?.Json;

    public override int GetHashCode() => Json.GetHashCode(StringComparison.Ordinal);

    /// <param name="bytes">The item as it is sent without a template.</param>
    public ReadOnlyMemory<byte> Fill(ActivityEvent item, ReadOnlyMemory<byte> bytes, string stream, ArrayBufferWriter<byte> buffer)
    {
        var start = buffer.WrittenCount;
        foreach (var piece in Pieces)
        {
            buffer.Write(piece.Before);
            if (piece.IsAlone)
            {
                piece.Filled?.WriteValue(buffer, item, bytes.Span, stream);
            }
            else
            {
                piece.Filled?.WriteText(buffer, item, bytes.Span, stream);
            }
        }

        return buffer.WrittenMemory[start..];
    }
}

/// <summary>A piece of a template: what is the same for each item, and what is filled behind it.</summary>
/// <param name="Filled">Null at the end.</param>
/// <param name="IsAlone">Whether the placeholder is a value of its own, and not a part of a text.</param>
internal sealed record TemplatePiece(byte[] Before, Placeholder? Filled, bool IsAlone);
