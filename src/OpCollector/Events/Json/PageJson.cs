using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace OpCollector.Events.Json;

/// <summary>Takes a page of JSON apart into its items without looking inside them more than is needed to find their ends.</summary>
internal static class PageJson
{
    // The depth of an event is its sender's business; the reader's own limit of 64 would make a page of one deep event unreadable.
    internal static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 100_000 };

    /// <summary>The most items of a page: ten times what 1Password gives.</summary>
    public const int MostEvents = 10_000;

    /// <summary>The most users, groups or vaults in a list.</summary>
    public const int MostNames = 40_000;

    static readonly SearchValues<byte> Space = SearchValues.Create(" \t\r\n"u8);
    static readonly SearchValues<byte> Structure = SearchValues.Create("{}[],:"u8);
    static readonly SearchValues<byte> QuoteOrSpace = SearchValues.Create("\" \t\r\n"u8);
    static readonly SearchValues<byte> QuoteOrEscape = SearchValues.Create("\"\\"u8);

    /// <summary>What is made of an item: the reader is at its first token, and at its last one afterwards.</summary>
    /// <param name="json">What is read.</param>
    internal delegate T Reading<T>(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json);

    /// <summary>
    /// The items of a JSON array, each without white space between its tokens. <c>null</c>, <c>[]</c> and nothing at all are
    /// the same empty page (op prints each of them).
    /// </summary>
    /// <exception cref="NoJsonException">It is something else, or the array does not end.</exception>
    public static List<ReadOnlyMemory<byte>> Items(ReadOnlyMemory<byte> json) => Items(json, Item);

    /// <summary>The items as they are, with the white space in them.</summary>
    public static List<ReadOnlyMemory<byte>> Slices(ReadOnlyMemory<byte> json, int most) => Items(json, Slice, most);

    /// <summary>Reads a page and converts each item.</summary>
    /// <param name="most">How many there may be: a page of <c>{}</c> takes a hundred times its size.</param>
    public static List<T> Items<T>(ReadOnlyMemory<byte> json, Reading<T> read, int most = int.MaxValue)
    {
        var items = new List<T>(100);
        return json.Span.Trim(" \t\r\n"u8).IsEmpty ? items : SafeJson.Read(json, page =>
        {
            var reader = new Utf8JsonReader(page.Span, ReaderOptions);
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                ReadItems(ref reader, page, read, items, most);
            }
            else if (reader.TokenType != JsonTokenType.Null)
            {
                throw new NoJsonException("it is not an array");
            }

            // Reading on finds what is after the array.
            reader.Read();
            return items;
        });
    }

    /// <summary>The items of the array whose beginning a reader of <paramref name="json"/> is at.</summary>
    public static void ReadItems<T>(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, Reading<T> read, List<T> items, int most)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (items.Count == most)
            {
                throw new NoJsonException(string.Create(CultureInfo.InvariantCulture, $"it has more than {most:N0} items"));
            }

            items.Add(read(ref reader, json));
        }
    }

    /// <summary>The JSON without the white space between tokens; what is inside strings is not touched.</summary>
    public static ReadOnlyMemory<byte> Compact(ReadOnlyMemory<byte> json)
    {
        var from = json.Span;
        if (!MayHaveSpace(from))
        {
            return json;
        }

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

    /// <summary>Whether an object has a member of that name, in any spelling; names of things inside it may be anything.</summary>
    public static bool HasMember(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        if (json.IndexOf(name) < 0 && json.IndexOf((byte)'\\') < 0)
        {
            return false;
        }

        var reader = new Utf8JsonReader(json, ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.Is(name))
            {
                return true;
            }

            reader.Read();
            reader.Skip();
        }

        return false;
    }

    // White space between tokens touches what structures them; most of what is inside strings does not. Looked for first, because
    // most pages have none.
    static bool MayHaveSpace(ReadOnlySpan<byte> json)
    {
        for (var at = 0; json[at..].IndexOfAny(Space) is >= 0 and var next; at++)
        {
            at += next;
            if (at == 0 || at == json.Length - 1 || Structure.Contains(json[at - 1]) || Structure.Contains(json[at + 1]))
            {
                return true;
            }
        }

        return false;
    }

    static ReadOnlyMemory<byte> Item(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json) => Compact(Slice(ref reader, json));

    static ReadOnlyMemory<byte> Slice(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
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
