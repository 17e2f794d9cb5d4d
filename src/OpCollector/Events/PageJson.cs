using System.Buffers;
using System.Text.Json;

namespace OpCollector.Events;

/// <summary>Takes a page of JSON apart into its items without looking inside them more than is needed to find their ends.</summary>
internal static class PageJson
{
    // The depth of an event is its sender's business; the reader's own limit of 64 would make a page of one deep event unreadable.
    internal static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 100_000 };

    static readonly SearchValues<byte> QuoteOrSpace = SearchValues.Create("\" \t\r\n"u8);
    static readonly SearchValues<byte> QuoteOrEscape = SearchValues.Create("\"\\"u8);

    /// <summary>
    /// The items of a JSON array, each without white space between its tokens. <c>null</c>, <c>[]</c> and nothing at all are
    /// the same empty page (op prints each of them).
    /// </summary>
    /// <exception cref="JsonException">It is something else, or the array does not end.</exception>
    public static List<ReadOnlyMemory<byte>> Items(ReadOnlyMemory<byte> json)
    {
        var items = new List<ReadOnlyMemory<byte>>(100);
        if (json.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            return items;
        }

        var reader = new Utf8JsonReader(json.Span, ReaderOptions);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            ReadItems(ref reader, json, items);
        }
        else if (reader.TokenType != JsonTokenType.Null)
        {
            throw new JsonException("not an array");
        }

        // Reading on finds what stands after the array.
        reader.Read();
        return items;
    }

    /// <summary>The items of the array at whose beginning a reader of <paramref name="json"/> stands.</summary>
    public static void ReadItems(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, List<ReadOnlyMemory<byte>> items)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(Compact(json[start..(int)reader.BytesConsumed]));
        }
    }

    /// <summary>The same JSON without the white space between tokens; what stands inside strings is not touched.</summary>
    public static ReadOnlyMemory<byte> Compact(ReadOnlyMemory<byte> json)
    {
        var from = json.Span;
        byte[]? compacted = null;
        var (read, written, kept) = (0, 0, 0);
        while (from[read..].IndexOfAny(QuoteOrSpace) is >= 0 and var next)
        {
            read += next;
            if (from[read] == (byte)'"')
            {
                read = EndOfString(from, read);
                continue;
            }

            compacted ??= new byte[from.Length];
            from[kept..read].CopyTo(compacted.AsSpan(written));
            written += read - kept;
            kept = ++read;
        }

        if (compacted is null)
        {
            return json;
        }

        from[kept..].CopyTo(compacted.AsSpan(written));
        return compacted.AsMemory(0, written + from.Length - kept);
    }

    static int EndOfString(ReadOnlySpan<byte> json, int quote)
    {
        var at = quote + 1;
        while (json[at += json[at..].IndexOfAny(QuoteOrEscape)] == (byte)'\\')
        {
            at += 2;
        }

        return at + 1;
    }
}
