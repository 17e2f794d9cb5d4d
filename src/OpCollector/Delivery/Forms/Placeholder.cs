using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>A place in a template that is filled for each item.</summary>
/// <param name="Name">As it is written, without braces.</param>
/// <param name="Kind">What is put there.</param>
/// <param name="IsText">Whether it is a text, also where it is the whole value.</param>
internal sealed record Placeholder(string Name, PlaceholderKind Kind, bool IsText)
{
    const string TimeOf = "time:";

    static readonly SearchValues<byte> Escaped =
        SearchValues.Create([.. "\"\\"u8, .. Enumerable.Range(0, ' ').Select(each => (byte)each)]);

    static readonly (string Unit, PlaceholderKind Kind)[] Units =
    [
        ("s", PlaceholderKind.Seconds), ("ms", PlaceholderKind.Milliseconds), ("us", PlaceholderKind.Microseconds),
        ("ns", PlaceholderKind.Nanoseconds),
    ];

    static readonly Dictionary<string, Placeholder> All = new Placeholder[]
    {
        new("event", PlaceholderKind.Event, IsText: false),
        new("event:text", PlaceholderKind.Event, IsText: true),
        new("event:base64", PlaceholderKind.Base64, IsText: true),
        new("id", PlaceholderKind.Id, IsText: true),
        new("stream", PlaceholderKind.Stream, IsText: true),
        new("kind", PlaceholderKind.Kind, IsText: true),
        new("time", PlaceholderKind.Time, IsText: true),
    }
        .Concat(Units.Select(each => new Placeholder(TimeOf + each.Unit, each.Kind, IsText: false)))
        .Concat(Units.Select(each => new Placeholder($"{TimeOf}{each.Unit}:text", each.Kind, IsText: true)))
        .ToDictionary(each => each.Name);

    /// <summary>All of them, for a complaint.</summary>
    public static string Names => string.Join(", ", All.Keys.Select(name => $"{{{name}}}"));

    /// <summary>Whether the item itself is put there.</summary>
    public bool IsItem => Kind is PlaceholderKind.Event or PlaceholderKind.Base64;

    bool IsTime => Kind >= PlaceholderKind.Time;

    /// <summary>The placeholder of that name; null where there is none.</summary>
    public static Placeholder? Called(string name) => All.GetValueOrDefault(name);

    /// <summary>Writes it where it is the whole value.</summary>
    public void WriteValue(ArrayBufferWriter<byte> to, ActivityEvent item, ReadOnlySpan<byte> bytes, string stream)
    {
        if (IsTime && item.UsableTime is null)
        {
            to.Write("null"u8);
            return;
        }

        if (Kind == PlaceholderKind.Event && !IsText)
        {
            to.Write(bytes);
            return;
        }

        to.Write(IsText ? "\""u8 : ""u8);
        WriteText(to, item, bytes, stream);
        to.Write(IsText ? "\""u8 : ""u8);
    }

    /// <summary>Writes it inside a text; nothing for a time that the item does not tell.</summary>
    /// <param name="bytes">The item as it is sent.</param>
    public void WriteText(ArrayBufferWriter<byte> to, ActivityEvent item, ReadOnlySpan<byte> bytes, string stream)
    {
        switch (Kind)
        {
            case PlaceholderKind.Event:
                Escape(to, bytes);
                break;
            case PlaceholderKind.Base64:
                Base64.EncodeToUtf8(bytes, to.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out var length);
                to.Advance(length);
                break;
            case PlaceholderKind.Id:
                to.Write(JsonEncodedText.Encode(item.Id).EncodedUtf8Bytes);
                break;
            case PlaceholderKind.Stream:
                Encoding.UTF8.GetBytes(stream, to);
                break;
            case PlaceholderKind.Kind:
                to.Write(item.IsFinding ? "finding"u8 : "event"u8);
                break;
            default:
                Encoding.UTF8.GetBytes(item.UsableTime is { } time ? Text(time.UtcDateTime) : "", to);
                break;
        }
    }

    string Text(DateTime time) => Kind switch
    {
        PlaceholderKind.Time => Rfc3339.Format(time),
        PlaceholderKind.Seconds => Since1970(time, TimeSpan.TicksPerSecond),
        PlaceholderKind.Milliseconds => Since1970(time, TimeSpan.TicksPerMillisecond),
        PlaceholderKind.Microseconds => Since1970(time, TimeSpan.TicksPerMicrosecond),
        // A year after 2262 has more nanoseconds than a long.
        _ => Since1970(time, 1) + "00",
    };

    static string Since1970(DateTime time, long ticks) =>
        ((time - DateTime.UnixEpoch).Ticks / ticks).ToString(CultureInfo.InvariantCulture);

    static void Escape(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> bytes)
    {
        if (bytes.ContainsAnyInRange((byte)0, (byte)(' ' - 1)))
        {
            EscapeAll(to, bytes);
        }
        else
        {
            to.Advance(EscapeQuotes(bytes, to.GetSpan((2 * bytes.Length) + Vector128<byte>.Count)));
        }
    }

    // Nothing else in an event has to be escaped. Quotes are so close together that a search for each takes longer than a look at
    // all of it.
    static int EscapeQuotes(ReadOnlySpan<byte> from, Span<byte> to)
    {
        var (read, written) = (0, 0);
        while (read < from.Length)
        {
            var step = 0;
            if (read <= from.Length - Vector128<byte>.Count)
            {
                var bytes = Vector128.Create(from[read..]);
                var quotes = Vector128.Equals(bytes, Vector128.Create((byte)'"'));
                var special = quotes | Vector128.Equals(bytes, Vector128.Create((byte)'\\'));
                var found = BitOperations.TrailingZeroCount(special.ExtractMostSignificantBits());
                step = Math.Min(found, Vector128<byte>.Count);
                bytes.CopyTo(to[written..]);
                (read, written) = (read + step, written + step);
                if (step == Vector128<byte>.Count)
                {
                    continue;
                }
            }

            to[written] = (byte)'\\';
            written += from[read] is (byte)'"' or (byte)'\\' ? 1 : 0;
            to[written++] = from[read++];
        }

        return written;
    }

    // An item of the quarantine may hold anything.
    static void EscapeAll(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOfAny(Escaped) is >= 0 and var next)
        {
            to.Write(bytes[..next]);
            if (bytes[next] < (byte)' ')
            {
                Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)bytes[next]:x4}"), to);
            }
            else
            {
                to.Write("\\"u8);
                to.Write(bytes.Slice(next, 1));
            }

            bytes = bytes[(next + 1)..];
        }

        to.Write(bytes);
    }
}

/// <summary>What a placeholder is replaced by; from <see cref="Time"/> on, what an item may lack.</summary>
internal enum PlaceholderKind
{
    Event,
    Base64,
    Id,
    Stream,
    Kind,
    Time,
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}
