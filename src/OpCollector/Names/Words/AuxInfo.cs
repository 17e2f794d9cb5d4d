using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace OpCollector.Names.Words;

/// <summary>What the text <c>auxInfo</c> means where its meaning is known: pure, and no more than can be told from it.</summary>
internal static class AuxInfo
{
    static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);

    /// <summary>The role in a group, of its letter; empty for a letter that is not known.</summary>
    public static ReadOnlySpan<byte> Role(ReadOnlySpan<byte> auxInfo) =>
        auxInfo.SequenceEqual("A"u8) ? "a manager"u8 : auxInfo.SequenceEqual("R"u8) ? "a member"u8 : default;

    /// <summary>
    /// What a patch did to a vault: <c>0,0,2,0,0</c> is <c>deleted 2 items from</c>. The first three count created, edited and deleted
    /// items.
    /// </summary>
    public static string Changes(ReadOnlySpan<byte> auxInfo)
    {
        Span<long> counts = stackalloc long[3];
        var count = 0;
        foreach (var range in auxInfo.Split((byte)','))
        {
            if (Number(auxInfo[range]) is not { } number)
            {
                return "changed items in";
            }

            if (count < counts.Length)
            {
                counts[count] = number;
            }

            count++;
        }

        return count < counts.Length ? "changed items in" : Changes(counts[0], counts[1], counts[2]);
    }

    /// <summary>How many items: <c>14</c> is <c>14 items</c>.</summary>
    public static string Count(ReadOnlySpan<byte> auxInfo) => Number(auxInfo) is { } number ? Items(number) : "items";

    static string Changes(long created, long edited, long deleted) => (created, edited, deleted) switch
    {
        (0, 0, 0) => "changed items in",
        (_, 0, 0) => $"created {Items(created)} in",
        (0, _, 0) => $"edited {Items(edited)} in",
        (0, 0, _) => $"deleted {Items(deleted)} from",
        (_, _, 0) => $"created {Text(created)} and edited {Items(edited)} in",
        (_, 0, _) => $"created {Text(created)} and deleted {Items(deleted)} in",
        (0, _, _) => $"edited {Text(edited)} and deleted {Items(deleted)} in",
        _ => $"created {Text(created)}, edited {Text(edited)} and deleted {Items(deleted)} in",
    };

    static string Items(long number) => number == 1 ? "1 item" : $"{Text(number)} items";

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    static long? Number(ReadOnlySpan<byte> text) =>
        !text.ContainsAnyExcept(Digits) && Utf8Parser.TryParse(text, out long number, out var read) && read == text.Length ? number : null;
}
