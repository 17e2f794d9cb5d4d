using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>Puts events one after another as a format wants them: their own bytes, untouched.</summary>
internal sealed class Framing
{
    /// <summary>One event a line, as a file and a pipe get them.</summary>
    public static readonly Framing Lines = new(Formats.Ndjson.Format, new FormatSettings(FormatSettings.Ndjson, HecSettings.Usual));

    const int LongestTime = 40;

    static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly Format _format;
    readonly string _idPrefix;
    readonly byte[] _open;
    readonly byte[] _between;
    readonly byte[] _close;
    readonly byte[] _about;

    public Framing(Format format, FormatSettings settings)
    {
        (_format, _idPrefix) = (format, settings.IdPrefix);
        (_open, _between, _close) = (Encoding.UTF8.GetBytes(format.Open), Encoding.UTF8.GetBytes(format.Between), Encoding.UTF8.GetBytes(format.Close));
        _about = About(settings.Hec);
    }

    /// <summary>The body of a request with all events of <paramref name="batch"/>; nothing for none.</summary>
    public ReadOnlyMemory<byte> Body(Batch batch)
    {
        if (batch.Events.Count == 0)
        {
            return default;
        }

        var body = new ArrayBufferWriter<byte>(batch.Events.Sum(SizeOf) + _open.Length + _close.Length + 1);
        ReadOnlySpan<byte> before = _open;
        foreach (var each in batch.Events)
        {
            body.Write(before);
            Write(body, each);
            before = _between;
        }

        body.Write(_close);
        return body.WrittenMemory;
    }

    /// <summary>The batch in requests that the receiver takes: in order, none larger than <paramref name="mostBytes"/> but for a single event.</summary>
    public IEnumerable<Batch> Cut(Batch batch, int mostBytes) => batch.Cut(_format.MostEvents, mostBytes - _open.Length - _close.Length, SizeOf);

    int SizeOf(ActivityEvent each) => each.Bytes.Length + _between.Length + _format.Envelope switch
    {
        Envelope.Hec => _about.Length + each.Id.Length + LongestTime + 40,
        Envelope.BulkCreate => _idPrefix.Length + each.Id.Length + LongestTime + 50,
        _ => 0,
    };

    /// <summary>The id under which an event is created where the format has a place for it.</summary>
    public string IdOf(ActivityEvent each) => _idPrefix + each.Id;

    void Write(ArrayBufferWriter<byte> body, ActivityEvent each)
    {
        switch (_format.Envelope)
        {
            case Envelope.Hec:
                WriteHec(body, each);
                break;
            case Envelope.BulkCreate:
                WriteBulk(body, each);
                break;
            default:
                body.Write(each.Bytes.Span);
                break;
        }
    }

    void WriteHec(ArrayBufferWriter<byte> body, ActivityEvent each)
    {
        body.Write("{"u8);
        if (TimeOf(each) is { } time)
        {
            // Without it Splunk takes the moment of arrival.
            var seconds = (time - DateTimeOffset.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerSecond;
            Write(body, string.Create(CultureInfo.InvariantCulture, $"\"time\":{seconds:0.#######},"));
        }

        body.Write(_about);
        body.Write("\"event\":"u8);
        body.Write(each.Bytes.Span);
        Write(body, $",\"fields\":{{\"event_id\":\"{JsonEncodedText.Encode(each.Id)}\"}}}}");
    }

    void WriteBulk(ArrayBufferWriter<byte> body, ActivityEvent each)
    {
        Write(body, $"{{\"create\":{{\"_id\":\"{JsonEncodedText.Encode(IdOf(each))}\"}}}}\n");
        if (TimeOf(each) is { } time && !HasTimestamp(each.Bytes.Span))
        {
            // A data stream takes nothing without it, and no member twice.
            Write(body, string.Create(CultureInfo.InvariantCulture, $"{{\"@timestamp\":\"{time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.FFFFFFFZ}\","));
            body.Write(each.Bytes.Span[1..]);
            return;
        }

        body.Write(each.Bytes.Span);
    }

    // 1Password is younger: what is older is no time, and a receiver that was told it would keep the event where nobody looks, or nowhere.
    static DateTimeOffset? TimeOf(ActivityEvent each) => each.Time >= Earliest ? each.Time : null;

    // A member of the event itself, in any spelling: names of things may be anything.
    static bool HasTimestamp(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("@timestamp"u8) < 0 && json.IndexOf((byte)'\\') < 0)
        {
            return false;
        }

        var reader = new Utf8JsonReader(json, PageJson.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.Is("@timestamp"u8))
            {
                return true;
            }

            reader.Read();
            reader.Skip();
        }

        return false;
    }

    static byte[] About(HecSettings hec)
    {
        (string Name, string? Value)[] members = [("host", hec.Host), ("source", hec.Source), ("sourcetype", hec.Sourcetype), ("index", hec.Index)];
        return Encoding.UTF8.GetBytes(string.Concat(members.Where(member => member.Value is not null).Select(member => $"\"{member.Name}\":\"{JsonEncodedText.Encode(member.Value!)}\",")));
    }

    static void Write(ArrayBufferWriter<byte> body, string text) => Encoding.UTF8.GetBytes(text, body);
}
